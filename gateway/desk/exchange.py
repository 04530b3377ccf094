"""The exchange with the province at the desk: files in and out, answers, and verifications."""

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer, said_of, together, with_accounts
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import ASKERS, EXCHANGERS, LISTS
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs
from shared.problems import NotFound

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*EXCHANGERS, kinds=("staff",))]
Bringer = Annotated[Caller, needs("exchange:bring", kinds=("staff",))]
Answerer = Annotated[Caller, needs("exchange:answer", kinds=("staff",))]
Asker = Annotated[Caller, needs(*ASKERS, kinds=("staff",))]

FILE_STATES: Final[Mapping[str, str]] = {
    "applied": "已办入",
    "refused": "有问题，全部退回",
    "made": "已生成",
}
FORMS: Final = {"xlsx": "Excel", "csv-utf-8": "CSV（UTF-8）", "csv-gb18030": "CSV（GB18030）"}
WORDS: Final[Mapping[str, str]] = {
    "death": "死亡",
    "imprisoned": "服刑",
    "public-payroll": "财政供养",
    "farm-machinery": "大型农机具",
    "fiscal-subsidies": "财政补贴",
    "registered-poor-income": "建档立卡收入",
    "vehicle": "机动车",
    "vehicles": "机动车",
    "property": "不动产",
    "business": "市场主体",
    "businesses": "市场主体",
    "deposits": "存款",
    "paid-twice": "重复享受",
    "new-hardship": "新发困难",
    "large-expense": "大额支出",
    "other": "其他",
    "doubles": "跨县区重复",
    "verification": "经济状况核对",
    "still-qualifies": "仍符合条件",
    "sum-changed": "已调整金额",
    "left": "已退出",
    "help-opened": "已启动救助",
    "not-eligible": "不符合条件",
    "declined": "本人不申请",
    "not-the-person": "非本人或信息有误",
    "kept-here": "由本县继续救助",
    "left-here": "本县停止",
    "not-double": "不重复",
    "hit": "有异常",
    "clear": "无异常",
    "none": "无",
    "not-needed": "不再需要",
}
"""What the templates' words say, for the desk."""
STATES: Final[Mapping[str, str]] = {"open": "待答复", "overdue": "超期", "answered": "已答复"}


class NoSuchTemplate(NotFound):
    """The exchange knows no such template."""


@router.get("/exchange")
async def files(request: Request, caller: Reader) -> Response:
    """What came in and went out, what waits, and the forms to bring and make files."""
    service = peer(request, "identification")
    templates, counts = await together(
        service.get("/exchange/templates"), service.get("/exchange/counts")
    )
    found = await service.get("/exchange/files") if caller.has("exchange:bring") else {"items": []}
    return pages_of(request).render(
        request,
        "desk/exchange.html",
        templates=templates["items"],
        names={each["template"]: each["name"]["zh"] for each in templates["items"]},
        counts=counts["templates"],
        files=found["items"],
        states=FILE_STATES,
    )


@router.post("/exchange/files/{template}")
async def bring(
    template: str,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Bringer,
) -> Response:
    """Pass a file on as it comes; nothing of it is kept at the door."""
    known = await peer(request, "identification").get("/exchange/templates")
    if template not in {each["template"] for each in known["items"]}:
        raise NoSuchTemplate()
    taken = await pass_on(request, f"/exchange/files?template={template}", file, LISTS)
    return see(f"/staff/exchange/files/{taken['file_id']}")


@router.post("/exchange/outgoing")
async def make(request: Request, form: FormOf, caller: Bringer) -> Response:
    """Make a file that goes out."""
    words = {"template": form.word("template"), "form": form.word("form") or None}
    made = await peer(request, "identification").post("/exchange/outgoing", words, key=form.key)
    return see(f"/staff/exchange/files/{made['file_id']}")


@router.get("/exchange/files/{file_id}")
async def file(file_id: UUID, request: Request, caller: Bringer) -> Response:
    """One file: what became of it, and what was wrong."""
    service = peer(request, "identification")
    found, templates = await together(
        service.get(f"/exchange/files/{file_id}"), service.get("/exchange/templates")
    )
    own = {each["template"]: each for each in templates["items"]}.get(found["template"])
    return pages_of(request).render(
        request,
        "desk/exchange_file.html",
        file=found,
        name=own["name"]["zh"] if own else found["template"],
        asks=bool(own and own["asks"]),
        states=FILE_STATES,
        forms=FORMS,
    )


@router.get("/exchange/items")
async def items(request: Request, caller: Reader) -> Response:
    """What waits for an answer in the reader's areas, or was answered."""
    said = said_of(request, ("template", "state"))
    service = peer(request, "identification")
    found, templates = await together(
        service.get(
            "/exchange/items", {**said, "after": request.query_params.get("after") or None}
        ),
        service.get("/exchange/templates"),
    )
    return pages_of(request).render(
        request,
        "desk/exchange_items.html",
        items=found["items"],
        onward=found["next"] and urlencode({**said, "after": found["next"]}),
        asked=said,
        names={each["template"]: each["name"]["zh"] for each in templates["items"]},
        words=WORDS,
        states=STATES,
    )


@router.post("/exchange/items/{item_id}/answer")
async def answer(item_id: UUID, request: Request, form: FormOf, caller: Answerer) -> Response:
    """Answer one row of a list."""
    words = {"outcome": form.word("outcome"), "remark": form.word("remark", most=400)}
    service = peer(request, "identification")
    done = await service.post(f"/exchange/items/{item_id}/answer", words, key=form.key)
    return see(f"/staff/exchange/items?template={done['template']}&state=open")


@router.post("/exchange/items/{item_id}/owner")
async def assign(item_id: UUID, request: Request, form: FormOf, caller: Answerer) -> Response:
    """Name the officer whose it is."""
    fields = {"owner": {"type": "account"}}
    words = await with_accounts(request, fields, {"owner": form.word("owner")})
    service = peer(request, "identification")
    done = await service.post(f"/exchange/items/{item_id}/owner", words, key=form.key)
    return see(f"/staff/exchange/items?template={done['template']}&state=open")


@router.get("/cases/{case_id}/verification")
async def asked(case_id: UUID, request: Request, caller: Asker) -> Response:
    """What the province was asked about a case, what it said, and whose letter is missing."""
    found = await peer(request, "identification").get(f"/cases/{case_id}/verification")
    return pages_of(request).render(
        request, "desk/verification.html", case_id=case_id, found=found, words=WORDS
    )


@router.post("/cases/{case_id}/verification")
async def ask(case_id: UUID, request: Request, form: FormOf, caller: Asker) -> Response:
    """Ask the province about every adult of a case."""
    await peer(request, "identification").post(f"/cases/{case_id}/verification", {}, key=form.key)
    return see(f"/staff/cases/{case_id}/verification")
