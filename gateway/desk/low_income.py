"""The low-income database at the desk: found, counted, compared with its lists, filed; what is
asked of it by hand goes into its register, where another person agrees."""

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer, said_of, together
from gateway.forms import FormOf, FormUnreadable, signed_in
from gateway.pages import pages_of, see
from shared import searching
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/low-income", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("low-income:read", kinds=("staff",))]
Keeper = Annotated[Caller, needs("low-income:keep", kinds=("staff",))]
Filer = Annotated[Caller, needs("low-income:file", kinds=("staff",))]

GROUPS: Final[Mapping[str, str]] = {
    "tekun": "特困人员",
    "dibao": "低保对象",
    "edge": "低保边缘家庭成员",
    "expenditure": "支出型困难家庭成员",
    "monitored": "易返贫致贫监测对象",
    "other": "其他低收入人口",
}
BY_HAND: Final = ("monitored", "other")
"""The groups a township may put somebody in; into the others leads a decision."""
TRAITS: Final[Mapping[str, str]] = {
    "urban": "城镇",
    "rural": "农村",
    "elderly": "老年人",
    "minor": "未成年人",
    "disabled": "残疾人",
    "women": "女性",
}
SOURCES: Final[Mapping[str, str]] = {
    "application": "申请",
    "discovery": "主动发现",
    "list": "省平台名单",
    "roster": "花名册",
    "decision": "认定决定",
    "officer": "调整",
    "extended": "延期",
    "cleared": "清退",
}
ACTS: Final = ("move", "extend", "clear")
FILTERS: Final = ("group", "area", "trait", "expired", "offset")
PAGE: Final = 100
REQUESTS: Final = "/registers/low-income-request"
"""Where what is asked for by hand waits until another person agrees."""


@router.get("")
async def people(request: Request, caller: Reader) -> Response:
    """Who is in the database as it is asked for, with counts that open the people behind them."""
    return await _listed(request)


@router.post("/searches")
async def find(request: Request, form: FormOf, caller: Reader) -> Response:
    """Whoever is found by ID number or name; what was searched for stands in no address."""
    return await _listed(request, form.word("query", most=searching.LONGEST))


async def _listed(request: Request, query: str = "") -> Response:
    said = said_of(request, FILTERS)
    service = peer(request, "identification")
    found, counts = await together(
        service.get("/low-income", {**said, "limit": str(PAGE)}, search=query),
        service.get("/low-income/statistics", {"area": said.get("area")}),
    )
    offset = said.pop("offset", "0")
    shown = (int(offset) if offset.isdecimal() else 0) + len(found["items"])
    more = not query and shown < found["total"]
    return pages_of(request).render(
        request,
        "desk/low_income.html",
        people=found["items"],
        total=found["total"],
        counts=counts,
        query=query,
        asked=said,
        onward=urlencode({**said, "offset": str(shown)}) if more else None,
        opens=lambda **more: urlencode({**said, **more}),
        groups=GROUPS,
        by_hand=BY_HAND,
        traits=TRAITS,
        sources=SOURCES,
    )


@router.post("")
async def ask_to_enter(request: Request, form: FormOf, caller: Keeper) -> Response:
    """Ask that somebody who applied or was found be entered; another person agrees."""
    names = (
        "name", "id_number", "registration", "group", "source", "since", "disability_grade",
        "signing", "unsigned_because", "reason",
    )  # fmt: skip
    asked = {"request": "enter"} | {name: form.word(name, most=400) for name in names}
    return await _asked(request, form, asked, area=form.word("village"))


@router.get("/lists")
async def lists(request: Request, caller: Reader) -> Response:
    """The province's lists, united, and where they do not agree."""
    offset = request.query_params.get("offset") or "0"
    found = await peer(request, "identification").get("/low-income/lists", {"offset": offset})
    shown = int(offset) + max(len(found["conflicts"]), len(found["gone"]))
    more = shown < max(found["conflicts_total"], found["gone_total"])
    return pages_of(request).render(
        request, "desk/low_income_lists.html", found=found, groups=GROUPS, next=more and shown
    )


@router.get("/filings")
async def filings(request: Request, caller: Reader) -> Response:
    """What townships filed this year, and who waits."""
    found = await peer(request, "identification").get(
        "/low-income/filings", {"year": request.query_params.get("year") or None}
    )
    return pages_of(request).render(request, "desk/low_income_filings.html", found=found)


@router.post("/filings")
async def file(request: Request, form: FormOf, caller: Filer) -> Response:
    """File a township's table."""
    words = {"town": form.word("town")}
    await peer(request, "identification").post("/low-income/filings", words, key=form.key)
    return see("/staff/low-income/filings")


@router.get("/{low_income_id}")
async def person(low_income_id: UUID, request: Request, caller: Reader) -> Response:
    """One person with every group they were in, what was asked of them, and what may be."""
    service = peer(request, "identification")
    found, asked = await together(
        service.get(f"/low-income/{low_income_id}"),
        service.get(REQUESTS, {"about": str(low_income_id)}),
    )
    return pages_of(request).render(
        request,
        "desk/low_income_person.html",
        person=found,
        requests=asked["items"],
        groups=GROUPS,
        by_hand=BY_HAND,
        sources=SOURCES,
    )


@router.post("/{low_income_id}/requests/{act}")
async def ask(
    low_income_id: UUID, act: str, request: Request, form: FormOf, caller: Keeper
) -> Response:
    """Ask that somebody be moved to another group, held on, or cleared; another person agrees."""
    if act not in ACTS:
        raise FormUnreadable(f"{act} is no act")
    asked = {"request": act} | {
        name: form.word(name, most=400) for name in ("stay_id", "group", "since", "reason")
    }
    about = {"about_kind": "low-income", "about": str(low_income_id)}
    return await _asked(request, form, asked, **about)


async def _asked(request: Request, form: FormOf, words: dict[str, str], **about: str) -> Response:
    """Put a request into its register, and show it: the paper comes next, or another's word."""
    said = {**about, "words": {name: word for name, word in words.items() if word}}
    opened = await peer(request, "identification").post(REQUESTS, said, key=form.key)
    return see(f"/staff/entries/{opened['entry_id']}")
