"""Lists that are handed on – of a year, of a round, of review forms – in numbers, as PDF and
workbook, with the records behind each number."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from services.identification.api.cases import Reader, attached, desk_of
from services.identification.api.patterns import AREA
from services.identification.api.prints import pdf
from services.identification.casework.looking_again import round_sums, year_lists
from services.identification.casework.looking_again.rounds import AreaNotYours
from services.identification.casework.looking_again.year_lists import YearList
from services.identification.casework.papers import form_numbers, tables
from services.identification.casework.papers.tables import Sheet
from services.identification.desk import Desk
from services.identification.places import Place
from shared.callers import Caller, Kind, needs
from shared.routes import After, CommittedRoute, Now, Reading, Transaction, Year

router = APIRouter(route_class=CommittedRoute)

Leader = Annotated[Caller, needs("cases:review", "cases:check", kinds=(Kind.STAFF,))]
Visitor = Annotated[
    Caller, needs("cases:survey", "cases:review", "cases:check", kinds=(Kind.STAFF,))
]
Area = Annotated[str, Path(pattern=AREA)]
Part = Annotated[str | None, Query(pattern=AREA)]
Line = Annotated[str, Path(max_length=20)]
FORMS_SHOWN: Final = 200
"""On a page; all of them are in the workbook."""
EXPORT: Final = r"^(pdf|workbook)$"
Export = Annotated[str, Path(pattern=EXPORT)]


@router.get("/year-lists/{year}")
async def year_list(
    year: Year, request: Request, session: Reading, caller: Leader, now: Now, area: Part = None
) -> dict[str, Any]:
    """The list of a year from last year's, in numbers: who came in, who left, who moved."""
    desk = desk_of(request, session, caller, now)
    return year_lists.shown(await _of_year(desk, year, area))


@router.get("/year-lists/{year}/lines/{line}")
async def households_of_year(
    year: Year,
    line: Line,
    request: Request,
    session: Transaction,
    caller: Leader,
    now: Now,
    area: Part = None,
    after: After = 0,
) -> dict[str, Any]:
    """The households behind a number of the list of a year; that it was read is written down."""
    desk = desk_of(request, session, caller, now)
    found = await year_lists.behind(desk, await _of_year(desk, year, area), line, after)
    await _audited(desk, "year-list-read", str(year), area, {"line": line})
    return found


@router.get("/year-lists/{year}/{export}")
async def year_list_out(
    year: Year,
    export: Export,
    request: Request,
    session: Transaction,
    caller: Leader,
    now: Now,
    area: Part = None,
) -> Response:
    """The same as PDF, or as a workbook with every household of both years; audited."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    found = await _of_year(desk, year, area)
    lines = year_lists.MOVEMENTS if export == "pdf" else tuple(year_lists.LINES)
    listed = await year_lists.sheets(desk, found, place, lines)
    await _audited(desk, f"year-list-{export}", str(year), area, {})
    return await _handed_on(desk, place, export, f"{year}年名单", f"year-list-{year}", area, listed)


@router.get("/rounds/{round_id}/lines/{line}")
async def households_of_round(
    round_id: UUID,
    line: Line,
    request: Request,
    session: Reading,
    caller: Visitor,
    now: Now,
    area: Part = None,
    after: After = 0,
) -> dict[str, Any]:
    """The households behind a number of a round's summary."""
    desk = desk_of(request, session, caller, now)
    return await round_sums.behind(desk, round_id, line, area, after)


@router.get("/rounds/{round_id}/summary/{export}")
async def round_out(
    round_id: UUID,
    export: Export,
    request: Request,
    session: Transaction,
    caller: Visitor,
    now: Now,
    area: Part = None,
) -> Response:
    """The summary of a round as PDF, or as a workbook with every household; audited."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    name, listed = await round_sums.sheets(
        desk, round_id, place, area, households=export == "workbook"
    )
    await _audited(desk, f"round-{export}", str(round_id), area, {})
    return await _handed_on(desk, place, export, f"{name}汇总", f"round-{round_id}", area, listed)


@router.get("/areas/{area}/forms/{year}")
async def forms(
    area: Area,
    year: Year,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    category: Annotated[str | None, Query(max_length=40)] = None,
    opinion: Annotated[str | None, Query(max_length=20)] = None,
    after: After = 0,
) -> dict[str, Any]:
    """The review forms of a village, a township or the county in a year, by their numbers, with the
    sums; or those behind a sum."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    found = await form_numbers.roster(desk, place, area, year, category=category, opinion=opinion)
    rows = found["items"]
    more = after + FORMS_SHOWN
    return {
        **found,
        "number": len(rows),
        "items": rows[after:more],
        "next": more if more < len(rows) else None,
    }


@router.get("/areas/{area}/forms/{year}/{export}")
async def forms_out(
    area: Area,
    year: Year,
    export: Export,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> Response:
    """The same as PDF or workbook; audited."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    listed = await form_numbers.sheets(desk, place, area, year)
    await _audited(desk, f"forms-{export}", str(year), area, {})
    title = f"{year}年社会救助花名册"
    return await _handed_on(desk, place, export, title, f"forms-{year}", area, listed)


async def _of_year(desk: Desk, year: int, area: str | None) -> YearList:
    if area is not None and not desk.caller.may_see(area):
        raise AreaNotYours()
    return await year_lists.read(desk, year, [area] if area else list(desk.caller.divisions))


async def _handed_on(
    desk: Desk,
    place: Place,
    export: str,
    title: str,
    name: str,
    area: str | None,
    listed: list[Sheet],
) -> Response:
    if export == "workbook":
        content = await asyncio.to_thread(tables.workbook, listed)
        return attached(tables.XLSX, content, f"{name}-{area or place.county}.xlsx")
    of = "、".join(
        tables.called(place, each) for each in ([area] if area else desk.caller.divisions)
    )
    on = desk.today.isoformat()
    return pdf(await asyncio.to_thread(tables.pdf, title, of, on, listed))


async def _audited(
    desk: Desk, act: str, subject: str, area: str | None, details: dict[str, Any]
) -> None:
    await desk.note(act, subject, {**details, "area": area})
