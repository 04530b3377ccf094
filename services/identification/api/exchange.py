"""The exchange with the province: files in and out, what waits for an answer, and verifications."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api import uploads
from services.identification.api.cases import attached, desk_of
from services.identification.casework import authorisations, cases
from services.identification.casework.applications import Member
from services.identification.desk import Desk
from services.identification.exchange import files, items, verification, works, writing
from services.identification.exchange.templates import IN, OUT, Template
from services.identification.models import ExchangeFile, ExchangeItem
from services.identification.roster.faults import RosterTooLarge
from services.identification.sealed_files import SealedWriter
from services.identification.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.database import new_id
from shared.routes import CommittedRoute, Now, Reading, StreamedRoute, Transaction

streamed = APIRouter(route_class=StreamedRoute)
plain = APIRouter(route_class=CommittedRoute)

FILE_BYTES_MAX: Final = 64 * 1024 * 1024
TEMPLATE: Final = r"^[a-z0-9]+(-[a-z0-9]+){0,8}$"
Bringer = Annotated[Caller, needs("exchange:bring", kinds=(Kind.STAFF,))]
Answerer = Annotated[Caller, needs("exchange:answer", kinds=(Kind.STAFF,))]
Reader = Annotated[Caller, needs("exchange:bring", "exchange:answer", kinds=(Kind.STAFF,))]
Asker = Annotated[Caller, needs("cases:survey", "cases:review", kinds=(Kind.STAFF,))]


class Making(BaseModel):
    """A file that is to go out."""

    model_config = ConfigDict(extra="forbid")

    template: str = Field(pattern=TEMPLATE, max_length=60)
    form: str | None = Field(default=None, max_length=20)


class Answering(BaseModel):
    """An answer to a row of a list: its code, in our word, and a remark."""

    model_config = ConfigDict(extra="forbid")

    outcome: str = Field(max_length=40)
    remark: str = Field(default="", max_length=400, pattern=r"^[^\x00-\x08]*$")


class Assigning(BaseModel):
    """Whose an item is from now on."""

    model_config = ConfigDict(extra="forbid")

    owner: str = Field(pattern=r"^(staff:[a-z0-9][a-z0-9.-]{1,39}|town:[0-9]{9}|county)$")


@plain.get("/exchange/templates")
async def templates(request: Request, caller: Reader) -> dict[str, Any]:
    """Every template, as pages list them."""
    del caller
    return {
        "items": [
            {
                "template": each.name,
                "name": {"zh": each.zh, "en": each.en},
                "direction": each.direction,
                "form": each.form,
                "asks": bool(each.answers),
            }
            for each in _templates(request).values()
        ]
    }


@plain.get("/exchange/templates/{template}/blank")
async def blank(template: str, request: Request, caller: Reader) -> Response:
    """A template as a workbook without rows."""
    del caller
    found = files.template_of(_templates(request), template, IN)
    return attached(writing.MEDIA_TYPES["xlsx"], writing.blank(found), f"{template}.xlsx")


@streamed.post("/exchange/files", status_code=201)
async def receive(
    request: Request,
    session: Transaction,
    caller: Bringer,
    now: Now,
    template: Annotated[str, Query(pattern=TEMPLATE, max_length=60)],
) -> dict[str, Any]:
    """Take a file in (raw body): applied whole, or refused with what is wrong in its rows."""
    desk = desk_of(request, session, caller, now)
    files.county_wide(desk)
    settings: Settings = request.app.state.settings
    found = files.template_of(_templates(request), template, IN)
    file_id = new_id()
    path = files.path_of(settings.files_dir, file_id)
    with SealedWriter(path, desk.keys, files.purpose(file_id)) as file:
        too_large = RosterTooLarge("文件太大", bytes_max=FILE_BYTES_MAX)
        upload = await uploads.pour(request, file, FILE_BYTES_MAX, too_large)
        await asyncio.to_thread(file.finish)
    try:
        taken = await files.receive(
            desk, settings.files_dir, request.app.state.place, found, file_id,
            upload.sha256, upload.size,
        )  # fmt: skip
    except Exception:
        path.unlink(missing_ok=True)
        raise
    return _file(request, taken)


@plain.post("/exchange/outgoing", status_code=201)
async def make(
    words: Making, request: Request, session: Transaction, caller: Bringer, now: Now
) -> dict[str, Any]:
    """Make a file that goes to the province."""
    desk = desk_of(request, session, caller, now)
    files.county_wide(desk)
    settings: Settings = request.app.state.settings
    template = files.template_of(_templates(request), words.template, OUT)
    return _file(request, await files.make(desk, settings.files_dir, template, words.form))


@plain.get("/exchange/files")
async def latest(request: Request, session: Reading, caller: Bringer, now: Now) -> dict[str, Any]:
    """The last files, in and out."""
    desk = desk_of(request, session, caller, now)
    files.county_wide(desk)
    return {"items": [_file(request, each) for each in await files.latest(desk)]}


@plain.get("/exchange/files/{file_id}")
async def one(
    file_id: UUID, request: Request, session: Reading, caller: Bringer, now: Now
) -> dict[str, Any]:
    """One file: its counts, and what was wrong."""
    desk = desk_of(request, session, caller, now)
    files.county_wide(desk)
    return _file(request, await files.one(desk, file_id))


@plain.get("/exchange/files/{file_id}/{part}")
async def content(
    file_id: UUID,
    part: Literal["content", "annotated", "answers"],
    request: Request,
    session: Transaction,
    caller: Bringer,
    now: Now,
) -> Response:
    """A file as it is, its bad rows, or their list with our answers on it; audited."""
    desk = desk_of(request, session, caller, now)
    files.county_wide(desk)
    folder = request.app.state.settings.files_dir
    found = await files.one(desk, file_id)
    form, name = found.form, f"{found.template}-{found.at:%Y%m%d}"
    if part == "answers":
        template = files.template_of(_templates(request), found.template, IN)
        form, whole = await files.answers(desk, folder, request.app.state.place, template, file_id)
    else:
        whole = await files.content(desk, folder, file_id, part)
        form = "xlsx" if part == "annotated" else form
    ending = "xlsx" if form == "xlsx" else "csv"
    return attached(writing.MEDIA_TYPES[form], whole, f"{name}-{part}.{ending}")


@plain.get("/exchange/items")
async def listed(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    template: Annotated[str | None, Query(pattern=TEMPLATE, max_length=60)] = None,
    state: Literal["open", "overdue", "answered"] | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, Any]:
    """What waits for an answer in the caller's areas, or was answered; the most urgent first."""
    desk = desk_of(request, session, caller, now)
    found = await items.listed(desk, template=template, state=state, after=after, limit=limit)
    return {
        "items": _shown(request, desk, found),
        "next": str(found[-1].id) if len(found) == limit else None,
    }


@plain.get("/exchange/counts")
async def counted(request: Request, session: Reading, caller: Reader, now: Now) -> dict[str, Any]:
    """Asked, answered, open and overdue: by template, and by owner."""
    return {"templates": await items.counted(desk_of(request, session, caller, now))}


@plain.post("/exchange/items/{item_id}/answer")
async def answer(
    item_id: UUID,
    words: Answering,
    request: Request,
    session: Transaction,
    caller: Answerer,
    now: Now,
) -> dict[str, Any]:
    """Answer a warning or a double; it goes back on the list it came on."""
    desk = desk_of(request, session, caller, now)
    templates = _templates(request)
    item = await items.answer(desk, templates, item_id, words.outcome, words.remark)
    return _shown(request, desk, [item])[0]


@plain.post("/exchange/items/{item_id}/owner")
async def assign(
    item_id: UUID,
    words: Assigning,
    request: Request,
    session: Transaction,
    caller: Answerer,
    now: Now,
) -> dict[str, Any]:
    """Name the officer or office whose it is."""
    desk = desk_of(request, session, caller, now)
    item = await items.assign(desk, item_id, words.owner)
    return _shown(request, desk, [item])[0]


@plain.post("/cases/{case_id}/verification", status_code=201)
async def ask(
    case_id: UUID, request: Request, session: Transaction, caller: Asker, now: Now
) -> dict[str, Any]:
    """Ask the province about every adult of a case; refused while an authorisation is missing."""
    desk = desk_of(request, session, caller, now)
    item = await verification.ask(desk, case_id)
    return _shown(request, desk, [item])[0]


@plain.get("/cases/{case_id}/verification")
async def asked(
    case_id: UUID, request: Request, session: Reading, caller: Asker, now: Now
) -> dict[str, Any]:
    """What the province was asked about a case and answered, whose letter is missing, and who need
    not sign one."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    found = await verification.of_case(desk, case_id)
    return {
        "unauthorised": [_named(each) for each in await verification.unauthorised(desk, at)],
        "excused": [_named(each) for each in authorisations.excused(at)],
        "requests": _shown(request, desk, found),
    }


def _named(member: Member) -> dict[str, str]:
    return {"key": member.key, "name": member.name}


def _file(request: Request, found: ExchangeFile) -> dict[str, Any]:
    """A file, and whether it went on as a roster, under the same id."""
    template = _templates(request).get(found.template)
    passed_on = template is not None and works.work_of(template).pass_on is not None
    as_roster = passed_on and found.state == files.APPLIED
    return {**files.shown(found), "roster_id": str(found.id) if as_roster else None}


def _shown(request: Request, desk: Desk, found: Sequence[ExchangeItem]) -> list[dict[str, Any]]:
    return items.shown(desk, request.app.state.place, _templates(request), found)


def _templates(request: Request) -> Mapping[str, Template]:
    found: Mapping[str, Template] = request.app.state.exchange
    return found
