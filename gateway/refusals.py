"""Refusals as pages: what was refused and what to do about it, in the reader's language."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from gateway.pages import pages_of
from shared.problems import Problem, SpokenByPeer

LOST: Final = "没有这一页"


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal in words."""

    title: str
    what: str


BY_STATUS: Final = {
    401: Said("请先登录", "登录时间已过，请重新登录。"),
    403: Said("这一步不归您办", "您的岗位没有这项权限，或者表单已过期，请回到上一页重新打开。"),
    404: Said(LOST, "网址不对，或者这里没有您要找的内容。"),
    409: Said("现在不能这样办", "别人可能先办了，或者还差一步。请回到上一页看看现在的状态。"),
    413: Said("文件太大", "请把文件分小一些再传。"),
    422: Said("填的内容有问题", "请回到上一页，改好再提交。"),
    429: Said("太快了", "请过一会儿再试。"),
    503: Said("系统这会儿接不上", "您填的没有丢。请过一会儿，回到上一页再试一次。"),
}
OTHERWISE: Final = Said("出了点问题", "已经记下来了。请过一会儿再试，或打电话问我们。")


def refusal_page(request: Request, problem: Problem) -> HTMLResponse:
    """The page for a refusal, with the way back."""
    document = problem.document()
    said = BY_STATUS.get(problem.status, OTHERWISE)
    page = pages_of(request).render(
        request,
        "problem.html",
        status=problem.status,
        title=said.title,
        what=said.what,
        detail="",
        title_en=_english(problem, document),
        back=_back(request.url.path),
        at_the_desk=request.url.path.startswith("/staff"),
    )
    if problem.retry_after_seconds is not None:
        page.headers["Retry-After"] = str(problem.retry_after_seconds)
    return page


def _english(problem: Problem, document: dict[str, object]) -> str:
    words = str(document.get("title", ""))
    if isinstance(problem, SpokenByPeer) and document.get("detail"):
        words = f"{words}: {document['detail']}"
    return words


def _back(path: str) -> str:
    """The page above: a form's refusal leads back to where the form stands."""
    parent = path.rsplit("/", 1)[0]
    return parent if parent not in {"", "/static"} else "/"
