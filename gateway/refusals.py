"""Refusals as pages: what was refused and what to do about it, in the reader's language."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from gateway import refilled
from gateway.pages import pages_of
from shared.problems import NotFound, Problem
from shared.tables import read_table

router = APIRouter()

SLUG: Final = re.compile(r"[a-z][a-z-]{1,60}")


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal in words: what happened, and what to do."""

    title: str
    what: str


BY_STATUS: Final = {
    401: Said("请先登录", "登录时间已过，请重新登录。"),
    403: Said("这一步不归您办", "您的岗位没有这项权限，或者表单已过期。请回到上一页重新打开。"),
    404: Said("没有这一页", "网址不对，或者这里没有您要找的内容。"),
    409: Said("现在不能这样办", "别人可能先办了，或者还差一步。请回到上一页看看现在的状态。"),
    413: Said("文件太大", "请把文件分小一些再传。"),
    422: Said("填的内容有问题", "请回到上一页，改好再提交。"),
    429: Said("太快了", "请过一会儿再试。"),
    503: Said("系统这会儿接不上", "您填的没有丢。请过一会儿，回到上一页再试一次。"),
}
OTHERWISE: Final = Said("出了点问题", "已经记下来了。请过一会儿再试，或打电话问我们。")


def _words() -> dict[str, Said]:
    found = read_table(Path(__file__).with_name("refusals.yaml"))
    return {slug: Said(title, what) for slug, (title, what) in found.items()}


BY_SLUG: Final = _words()


def said_of(problem: Problem) -> Said:
    """A refusal in words."""
    kind = str(problem.document().get("type", "")).rpartition("/")[2]
    return BY_SLUG.get(kind) or BY_STATUS.get(problem.status, OTHERWISE)


async def refusal_page(request: Request, problem: Problem) -> HTMLResponse:
    """The page for a refusal: the form that was refused as it was filled in, or else a page of its
    own with the way back."""
    document = problem.document()
    detail = f": {document['detail']}" if document.get("detail") else ""
    told = {
        "status": problem.status,
        "english": f"{document.get('title', '')}{detail}",
        "missing": document.get("missing", ()),
    }
    said = said_of(problem)
    if wrong := document.get("zh"):
        said = Said(said.title, f"{wrong}。")

    def fault() -> str:
        page = _page(
            request,
            _in_place(said),
            template="refused.html",
            mark=refilled.MARK,
            unanswered=problem.status == refilled.UNANSWERED,
            **told,
        )
        return bytes(page.body).decode()

    again = await refilled.page_again(request, problem, fault)
    if again is not None:
        page = HTMLResponse(again, problem.status)
    else:
        back = next(refilled.pages_above(request), "/")
        page = _page(request, said, back=back, **told)
    if problem.retry_after_seconds is not None:
        page.headers["Retry-After"] = str(problem.retry_after_seconds)
    return page


@router.get("/problems/{slug}")
async def explain(slug: str, request: Request) -> HTMLResponse:
    """What a problem's type stands for: the address that every problem document names."""
    if not SLUG.fullmatch(slug):
        raise NotFound()
    return _page(request, BY_SLUG.get(slug, OTHERWISE), english=slug.replace("-", " "), back="/")


def _page(
    request: Request, said: Said, *, template: str = "problem.html", **shown: Any
) -> HTMLResponse:
    return pages_of(request).render(
        request,
        template,
        title=said.title,
        what=said.what,
        at_the_desk=request.url.path.startswith("/staff"),
        **{"missing": (), **shown},
    )


def _in_place(said: Said) -> Said:
    """The same where the form is on the page: nobody has to go back to it."""
    return Said(said.title, said.what.replace("回到上一页，", "").replace("回到上一页", ""))
