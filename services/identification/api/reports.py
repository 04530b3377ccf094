"""Reports: in numbers, as PDF and workbook, the records behind each number, and the freezing."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from services.identification.api.cases import attached, desk_of
from services.identification.api.patterns import AREA
from services.identification.casework.papers.tables import XLSX
from services.identification.place_settings import PlaceSettings
from services.identification.reports import counting, naming, opening, printouts
from services.identification.reports.definitions import REPORTS
from services.identification.reports.opening import Opened, Shelf
from shared import audit, printing
from shared.callers import Caller, Kind, needs
from shared.problems import TooLarge
from shared.routes import After, CommittedRoute, Now, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("reports:read", kinds=(Kind.STAFF,))]
Freezer = Annotated[Caller, needs("reports:freeze", kinds=(Kind.STAFF,))]
Word = Annotated[str | None, Query(max_length=60)]
Part = Annotated[str | None, Query(pattern=AREA)]

PAGE: Final = 200


class TooManyRecords(TooLarge):
    """So many records of one line do not go into one workbook: ask for one town."""


@router.get("/reports")
async def kinds(request: Request, caller: Reader) -> dict[str, Any]:
    """The reports there are."""
    del caller
    reports = _shelf(request).definitions.reports
    names = {name: reports[name].words for name in REPORTS}
    return {"items": [{"report": n, "name": w.both()} for n, w in names.items()]}


@router.get("/reports/{report}/{period}")
async def numbers(
    report: str, period: str, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """A report of the caller's areas in numbers, frozen or provisional; rows come as a stream."""
    opened = await _open(request, session, caller, now, report, period)
    settings: PlaceSettings = request.app.state.casework
    targets = settings.words["average_targets_fen"]
    return {**opening.words(_shelf(request), opened), "average_targets_fen": targets}


@router.get("/reports/{report}/{period}/lines/{line}")
async def records(
    report: str,
    period: str,
    line: str,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
    by: Word = None,
    value: Word = None,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> dict[str, Any]:
    """The records behind a number, by name where the caller may see one; that is written down."""
    desk = desk_of(request, session, caller, now)
    shelf = _shelf(request)
    opened = await shelf.open(desk, report, period)
    found, book = counting.behind(opened.report, opened.books, line, by, value)
    rows = await naming.named(desk, found.book, book.page(after, limit))
    details = {"line": line, "by": by, "value": value, "records": len(rows)}
    await _audited(session, caller, "report-list-read", opened, details)
    words = counting.row_words(shelf.definitions, shelf.place, found.book, rows)
    return {
        "line": line,
        "name": found.words.both(),
        "counts": found.book,
        "columns": counting.column_words(shelf.definitions, found.book),
        "number": len(book),
        "items": [{**row, "words": each} for row, each in zip(rows, words, strict=True)],
        "next": after + limit if after + limit < len(book) else None,
    }


@router.get("/reports/{report}/{period}/pdf")
async def pdf(
    report: str,
    period: str,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
    area: Part = None,
) -> Response:
    """A report on paper, of all one's areas or of one; that it was printed is written down."""
    desk = desk_of(request, session, caller, now)
    opened = await _shelf(request).open(desk, report, period, area)
    await _audited(session, caller, "report-printed", opened, {})
    told = opening.words(_shelf(request), opened)
    content = await asyncio.to_thread(printouts.pdf, told)
    return Response(content, media_type=printing.PDF, headers=printing.HEADERS)


@router.get("/reports/{report}/{period}/workbook")
async def workbook(
    report: str,
    period: str,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
    line: Word = None,
    by: Word = None,
    value: Word = None,
    area: Part = None,
) -> Response:
    """A report of all one's areas or of one as a workbook, with the records of all its books that
    are not too long, or of one number; audited."""
    desk = desk_of(request, session, caller, now)
    shelf = _shelf(request)
    opened = await shelf.open(desk, report, period, area)
    books = dict(opened.books)
    if line is not None:
        found, book = counting.behind(opened.report, opened.books, line, by, value)
        books = {found.book: book}
    lengths = {name: len(book) for name, book in books.items()}
    fits = printouts.fitting(lengths)
    if line is not None and not fits:
        raise TooManyRecords(records=sum(lengths.values()), records_max=printouts.RECORDS_MAX)
    lists = {
        name: await naming.all_named(desk, name, book)
        for name, book in books.items()
        if name in fits
    }
    left_out = {name: number for name, number in lengths.items() if name not in fits}
    records = sum(lengths[name] for name in fits)
    details = {"line": line, "by": by, "value": value, "records": records}
    await _audited(session, caller, "report-downloaded", opened, details)
    told = opening.words(shelf, opened)
    content = await asyncio.to_thread(
        printouts.workbook, told, shelf.definitions, shelf.place, lists, left_out
    )
    of = f"-{'-'.join(opened.areas)}" if told["is_part"] else ""
    return attached(XLSX, content, f"{report}-{opened.period.name}{of}.xlsx")


@router.post("/reports/{report}/{period}/freezing", status_code=201)
async def freeze(
    report: str, period: str, request: Request, session: Transaction, caller: Freezer, now: Now
) -> dict[str, Any]:
    """Freeze a report as it stands now, with the closed runs of its months."""
    desk = desk_of(request, session, caller, now)
    return await _shelf(request).freeze(desk, report, period)


async def _open(
    request: Request, session: Transaction, caller: Caller, now: Now, report: str, period: str
) -> Opened:
    return await _shelf(request).open(desk_of(request, session, caller, now), report, period)


async def _audited(
    session: Transaction, caller: Caller, act: str, opened: Opened, details: dict[str, Any]
) -> None:
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act=act,
        subject=f"{opened.report.name}/{opened.period.name}",
        details={**details, "areas": list(opened.areas)},
    )


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf
