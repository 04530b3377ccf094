"""The low-income database at the desk: found, entered, counted, compared with its lists, filed."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
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
async def enter(request: Request, form: FormOf, caller: Keeper) -> Response:
    """Enter somebody who applied or was found."""
    names = ("name", "id_number", "village", "registration", "group", "source", "since")
    words: dict[str, Any] = {name: form.word(name) for name in names}
    words["reason"] = form.word("reason", most=400)
    if form.word("disability_grade"):
        words["disability_grade"] = form.number("disability_grade")
    entered = await peer(request, "identification").post("/low-income", words, key=form.key)
    return see(f"/staff/low-income/{entered['low_income_id']}")


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
    """One person with every group they were in, and what may be done."""
    found = await peer(request, "identification").get(f"/low-income/{low_income_id}")
    return pages_of(request).render(
        request,
        "desk/low_income_person.html",
        person=found,
        groups=GROUPS,
        by_hand=BY_HAND,
        sources=SOURCES,
    )


@router.post("/{low_income_id}/acts/{act}")
async def keep(
    low_income_id: UUID, act: str, request: Request, form: FormOf, caller: Keeper
) -> Response:
    """Move somebody to another group, let theirs hold on, or clear them."""
    if act not in ACTS:
        raise FormUnreadable(f"{act} is no act")
    words = {"reason": form.word("reason", most=400), "stay_id": form.word("stay_id")}
    words |= {name: form.word(name) for name in ("group", "on") if form.word(name)}
    service = peer(request, "identification")
    await service.post(f"/low-income/{low_income_id}/acts/{act}", words, key=form.key)
    return see(f"/staff/low-income/{low_income_id}")
