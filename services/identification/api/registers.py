"""Registers: tables, lists, counts and workbooks; entries opened, shown, and moved by acts."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.identification import id_numbers
from services.identification.api.cases import attached, desk_of
from services.identification.api.comparisons import names_of
from services.identification.api.forms import done_of, field_of, form_of, said_of
from services.identification.api.patterns import AREA, MONTH
from services.identification.api.prints import pdf
from services.identification.casework.papers.tables import XLSX
from services.identification.casework.paths import all_paths
from services.identification.comparison import traces
from services.identification.low_income import notices
from services.identification.models import RegisterPaper
from services.identification.places import Place
from services.identification.registers import (
    counts,
    entering,
    entries,
    lists,
    papers,
    rounds,
    subjects,
    workbooks,
)
from services.identification.registers.lists import Filter
from services.identification.registers.needs import needs_in_words
from services.identification.registers.standing import EntryStanding, seen_by
from services.identification.registers.tables import RegisterTable, all_registers
from services.identification.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.months import Month, civil_date
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

SCOPES: Final = (
    "registers:read", "registers:write", "registers:decide", "complaints:receive",
    "complaints:handle", "complaints:reporter", "low-income:read",
)  # fmt: skip
SOURCE_LIST: Final = "source_list"
Reader = Annotated[Caller, needs(*SCOPES, kinds=(Kind.STAFF,))]


class Opening(BaseModel):
    """An entry to be opened: what it is about, and what its table asks for."""

    model_config = ConfigDict(extra="forbid")

    about_kind: str = Field(default="nothing", max_length=20)
    about: str | None = Field(default=None, min_length=1, max_length=100)
    area: str | None = Field(default=None, pattern=AREA)
    words: dict[str, Any] = Field(default_factory=dict, max_length=60)


class Entering(BaseModel):
    """Of which area whoever is missing is to be entered; without one, of all the caller's."""

    model_config = ConfigDict(extra="forbid")

    area: str | None = Field(default=None, pattern=AREA)


class Round(BaseModel):
    """The same entry, to be opened for each township or village of an area."""

    model_config = ConfigDict(extra="forbid")

    each: Literal["township", "village"]
    area: str | None = Field(default=None, pattern=AREA)
    words: dict[str, Any] = Field(default_factory=dict, max_length=60)


class Doing(BaseModel):
    """An act to be done to an entry that stands at a version."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0)
    words: dict[str, Any] = Field(default_factory=dict, max_length=60)


def _filter(
    state: Annotated[str | None, Query(max_length=60)] = None,
    listing: Annotated[str | None, Query(alias="list", max_length=60)] = None,
    owner: Annotated[str | None, Query(max_length=60)] = None,
    month: Annotated[str | None, Query(pattern=MONTH)] = None,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
    about: Annotated[str | None, Query(max_length=100)] = None,
    number: Annotated[str | None, Query(max_length=40)] = None,
    found: Annotated[
        list[Annotated[str, Query(max_length=100)]] | None, Query(max_length=5)
    ] = None,
    is_open: Annotated[bool, Query(alias="open")] = False,
) -> Filter:
    of_month = Month.parse(month) if month else None
    words = tuple(found or ())
    return Filter(listing, state, owner, of_month, area, about, number, words, is_open)


Asked = Annotated[Filter, Depends(_filter)]


@router.get("/registers")
async def registers(caller: Reader) -> dict[str, Any]:
    """The registers the caller may read, as pages draw their forms from them."""
    mine = [
        table
        for table in all_registers().values()
        if any(caller.has(scope) for scope in table.read)
    ]
    return {"items": [_table(table, caller) for table in mine]}


@router.get("/registers/{kind}")
async def page(
    kind: str,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    asked: Asked,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=lists.PAGE_MAX)] = 50,
) -> dict[str, Any]:
    """Entries of a register that the caller may know of, the newest first."""
    desk = desk_of(request, session, caller, now)
    table = entries.register_of(desk, kind)
    items = await lists.page(desk, table, asked, after=after, limit=limit)
    return {"items": items, "next": items[-1]["entry_id"] if len(items) == limit else None}


@router.get("/registers/{kind}/counts")
async def count(
    kind: str, request: Request, session: Reading, caller: Reader, now: Now, asked: Asked
) -> dict[str, Any]:
    """How many entries, by list, state, owner and month; each with the query that opens them."""
    desk = desk_of(request, session, caller, now)
    return await counts.counted(desk, entries.register_of(desk, kind), asked)


@router.get("/registers/{kind}/workbook")
async def workbook(
    kind: str, request: Request, session: Reading, caller: Reader, now: Now, asked: Asked
) -> Response:
    """A list as a workbook, at most 20,000 entries."""
    desk = desk_of(request, session, caller, now)
    table = entries.register_of(desk, kind)
    rows = await lists.page(desk, table, asked, after=None, limit=workbooks.ROWS_MAX)
    return Response(
        workbooks.written(table, rows),
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{kind}.xlsx"'},
    )


@router.get("/registers/{kind}/missing")
async def missing(
    kind: str,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
) -> dict[str, Any]:
    """Who is to be on a register and is not, who is to come back, and who is there and left: how
    many, the first."""
    desk = desk_of(request, session, caller, now)
    table = entries.register_of(desk, kind)
    found = await entering.missing(desk, table, area)
    left = await entering.left(desk, table, area)
    surplus = await entering.surplus(desk, table, area)
    return {
        "count": len(found),
        "items": [
            {
                "household_id": str(each.household_id),
                "number": each.number,
                "village": each.village,
            }
            for each in found[: entering.ENTERED_MAX]
        ],
        "left_count": len(left),
        "left": [_entered(each) for each in left[: entering.ENTERED_MAX]],
        "surplus_count": len(surplus),
        "surplus": [_entered(each) for each in surplus[: entering.ENTERED_MAX]],
    }


def _entered(each: entering.Left | entering.Surplus) -> dict[str, str]:
    """A household with the entry it has."""
    return {
        "entry_id": str(each.entry_id),
        "entry": each.entry,
        "number": each.number,
        "village": each.village,
    }


@router.post("/registers/{kind}/missing")
async def enter(
    kind: str,
    words: Entering,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> dict[str, int]:
    """Enter whoever is missing, at most two hundred at a time; how many are left."""
    desk = desk_of(request, session, caller, now)
    entered, left = await entering.enter(desk, entries.register_of(desk, kind), words.area)
    return {"entered": entered, "left": left}


@router.post("/registers/{kind}", status_code=201)
async def open_entry(
    kind: str, words: Opening, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """Open an entry under the next number of its series."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    table = entries.register_of(desk, kind)
    subject = await subjects.find(desk, place, table, words.about_kind, words.about, words.area)
    entry = await entries.open_entry(desk, table, subject, words.words)
    return lists.row(desk, table, entry)


@router.post("/registers/{kind}/each", status_code=201)
async def open_each(
    kind: str, words: Round, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """Open the same entry for each township or village that has none yet."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    table = entries.register_of(desk, kind)
    return await rounds.open_each(desk, place, table, words.each, words.area, words.words)


@router.get("/entries/{entry_id}")
async def show(
    entry_id: UUID, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """An entry whole, with ID numbers masked: what it says, what was done, and what the caller may
    do next."""
    desk = desk_of(request, session, caller, now)
    at = await entries.stand(desk, entry_id)
    return {
        **(await lists.rows(desk, at.table, [at.entry]))[0],
        **_whole(at, _lists_in_words(request)),
        "alerts": await traces.leading_to(desk, at.entry.id),
    }


@router.post("/entries/{entry_id}/acts/{act}")
async def do(
    entry_id: UUID,
    act: str,
    words: Doing,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> dict[str, Any]:
    """Do one act of the table; the entry as it stands then."""
    desk = desk_of(request, session, caller, now)
    at = await entries.do(desk, entry_id, act, words.version, words.words)
    return {
        **(await lists.rows(desk, at.table, [at.entry]))[0],
        **_whole(at, _lists_in_words(request)),
    }


@router.post("/entries/{entry_id}/papers", status_code=201)
async def add_paper(
    entry_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """Put a paper on an entry (raw body); what it is is told from its content."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    paper = await papers.add(desk, settings.files_dir, entry_id, await request.body())
    return _paper(paper)


@router.get("/entries/{entry_id}/papers/{paper_id}")
async def read_paper(
    entry_id: UUID,
    paper_id: UUID,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> Response:
    """A paper's content; that it was read is written down."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    media_type, content = await papers.read(desk, settings.files_dir, entry_id, paper_id)
    return attached(media_type, content)


@router.get("/entries/{entry_id}/notice")
async def notice(
    entry_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """What is put in the hands of whoever was entered, moved or cleared, as PDF; that it was
    printed is written down."""
    desk = desk_of(request, session, caller, now)
    at = await entries.stand(desk, entry_id)
    return pdf(await notices.printed(desk, request.app.state.place, at))


def _paper(paper: RegisterPaper) -> dict[str, Any]:
    return {
        "paper_id": str(paper.id),
        "sha256": paper.sha256,
        "media_type": paper.media_type,
        "size_bytes": paper.size_bytes,
        "added_by": paper.added_by,
        "added_on": civil_date(paper.added_at).isoformat(),
    }


def _lists_in_words(request: Request) -> dict[str, str]:
    """What the lists are called on which somebody comes to us, by code: the province's, and what
    other departments' raise."""
    templates = request.app.state.exchange.values()
    raised = {name: each.zh for name, each in names_of(request).items()}
    return raised | {each.name: each.zh for each in templates}


def _says(
    at: EntryStanding, words: Mapping[str, Any], listed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the caller may read, the list somebody came on by its name."""
    found = said_of(at.table.fields, at.shown(words))
    for each in found:
        if each["field"] == SOURCE_LIST:
            each["said"] = listed.get(each["said"], each["said"])
    return found


def _whole(at: EntryStanding, listed: Mapping[str, str]) -> dict[str, Any]:
    """What an entry says and what was done, as far as the caller may read it, masked."""
    whole: dict[str, Any] = id_numbers.masked_within(_said(at, listed))
    return whole


def _said(at: EntryStanding, listed: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": at.table.words.both(),
        "says": _says(at, at.content, listed),
        "leads_to": at.led_to
        and {
            "case_id": str(at.led_to.id),
            "receipt": at.led_to.receipt,
            "state_words": all_paths()[at.led_to.category].states[at.led_to.state].words.both(),
        },
        "hidden": sorted(at.content.keys() - at.readable(at.content).keys()),
        "history": [
            {
                **done_of(each, at.table.all_acts[each.act].words, at.shown(each.words)),
                "says": _says(at, each.words, listed),
            }
            for each in at.acts
        ],
        "notice": notices.is_due(at),
        "papers": [_paper(each) for each in at.papers if papers.may_read(at, each)],
        "acts": [form_of(act, missing, needs_in_words()) for act, missing in entries.lawful(at)],
    }


def _table(table: RegisterTable, caller: Caller) -> dict[str, Any]:
    """A register as its readers see it: states, lists, columns, and the form of a new entry."""
    opens = any(caller.has(scope) for scope in table.opens.scopes)
    return {
        "kind": table.kind,
        "name": table.words.both(),
        "about": table.about,
        "states": {name: each.words.both() for name, each in table.states.items()},
        "lists": {name: each.words.both() for name, each in table.lists.items()},
        "columns": [
            {"field": name, **field_of(field)}
            for name, field in table.fields.items()
            if name in table.shown
        ],
        "opens": form_of(table.opens, [], {}) if opens else None,
        "found_by": [
            {"field": name, **field_of(table.fields[name])}
            for name in seen_by(caller, table, dict.fromkeys(table.found_by))
        ],
        "enters": table.enters,
    }
