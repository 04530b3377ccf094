"""Lists that are handed on, at the desk: of a year, of a round, of review forms; each number opens
the records behind it."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gateway.desk.desk import peer, together
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES, LEADERS, VISITORS
from shared.callers import Caller, needs
from shared.clock import Clock
from shared.routes import Year

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]
Leader = Annotated[Caller, needs(*LEADERS, kinds=("staff",))]
Visitor = Annotated[Caller, needs(*VISITORS, kinds=("staff",))]
Part = Annotated[str | None, Query(pattern=r"^([0-9]{6}([0-9]{3}([0-9]{3})?)?)?$")]
OPINIONS = {"grant": "拟同意", "refuse": "拟不同意"}


@router.get("/lists/years/{year}")
async def year_list(year: Year, request: Request, caller: Leader, area: Part = None) -> Response:
    """Last year's list, who came in, who left, and this year's, of all one's areas or of one."""
    found = await peer(request, "identification").get(f"/year-lists/{year}", _said(area=area))
    return pages_of(request).render(request, "desk/year_list.html", area=area or "", **found)


@router.get("/lists/years/{year}/{line}")
async def households_of_year(
    year: Year, line: str, request: Request, caller: Leader, area: Part = None, after: int = 0
) -> Response:
    """The households behind a number of the list of a year."""
    asked = _said(area=area, after=after)
    found = await peer(request, "identification").get(f"/year-lists/{year}/lines/{line}", asked)
    return pages_of(request).render(
        request,
        "desk/list_households.html",
        title=f"{year} 年名单",
        back=f"/staff/lists/years/{year}?{urlencode(_said(area=area))}",
        found=found,
        further=_further(found["next"], area=area),
        round_id="",
    )


@router.get("/lists/rounds/{round_id}/{line}")
async def households_of_round(
    round_id: UUID, line: str, request: Request, caller: Visitor, area: Part = None, after: int = 0
) -> Response:
    """The households behind a number of a round's summary."""
    service, asked = peer(request, "identification"), _said(area=area, after=after)
    found, round_ = await together(
        service.get(f"/rounds/{round_id}/lines/{line}", asked), service.get(f"/rounds/{round_id}")
    )
    return pages_of(request).render(
        request,
        "desk/list_households.html",
        title=round_["name"],
        back=f"/staff/rounds/{round_id}",
        found=found,
        further=_further(found["next"], area=area),
        round_id=round_id,
    )


@router.get("/lists/forms")
async def forms_of_now(request: Request, caller: Reader) -> Response:
    """The review forms of this year."""
    clock: Clock = request.app.state.clock
    return await forms(clock.today().year, request, caller)


@router.get("/lists/forms/{year}")
async def forms(
    year: Year,
    request: Request,
    caller: Reader,
    area: Part = None,
    category: str | None = None,
    opinion: str | None = None,
    after: int = 0,
) -> Response:
    """The review forms of an area in a year by their numbers; or those behind one of the sums."""
    where = area or next(iter(caller.divisions), caller.county)
    service, part = peer(request, "identification"), _said(category=category, opinion=opinion)
    found, paths = await together(
        service.get(f"/areas/{where}/forms/{year}", {**part, "after": after}),
        service.get("/case-paths"),
    )
    return pages_of(request).render(
        request,
        "desk/forms.html",
        found=found,
        part=part,
        categories={each["category"]: each["name"]["zh"] for each in paths["items"]},
        opinions=OPINIONS,
        further=_further(found["next"], area=where, **part),
    )


def _said(**words: str | int | None) -> dict[str, str]:
    """Those of the words that are said."""
    return {name: str(word) for name, word in words.items() if word}


def _further(after: int | None, **words: str | None) -> str:
    """The address of the next page, where there is one."""
    return f"?{urlencode({**_said(**words), 'after': after})}" if after else ""
