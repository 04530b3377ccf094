"""Rosters: a file is received as a stream and answered at once; what becomes of it is asked for."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from services.identification.api import uploads
from services.identification.casework.papers.tables import XLSX
from services.identification.importing import rosters
from services.identification.roster import template
from services.identification.roster.faults import RosterTooLarge, RosterUnreadable
from services.identification.sealed_files import SealedWriter, unseal
from services.identification.settings import Settings
from shared import crash_points
from shared.callers import Caller, Kind, needs
from shared.database import new_id
from shared.look_ups import LookUp
from shared.problems import Forbidden
from shared.routes import CommittedRoute, LookedUp, Now, Reading, StreamedRoute, Transaction

streamed = APIRouter(route_class=StreamedRoute)
plain = APIRouter(route_class=CommittedRoute)

Importer = Annotated[Caller, needs("roster:import", kinds=(Kind.STAFF,))]
Acceptor = Annotated[Caller, needs("roster:accept", kinds=(Kind.STAFF,))]
Reader = Annotated[
    Caller, needs("roster:import", "roster:accept", "runs:read", kinds=(Kind.STAFF,))
]


class CountyWideOnly(Forbidden):
    """A roster speaks of the whole county; only county staff may work with it."""


class Judgement(BaseModel):
    """Whether a roster that another brought goes in."""

    model_config = ConfigDict(extra="forbid")

    accepted: bool


class Received(BaseModel):
    """A roster that was received."""

    import_id: UUID
    status: str


@streamed.post("/rosters", status_code=202)
async def receive(request: Request, session: Transaction, caller: Importer, now: Now) -> Received:
    """Take a roster workbook or CSV in; the same file again is the same import."""
    _county_wide(caller)
    settings: Settings = request.app.state.settings
    import_id = new_id()
    path = rosters.upload_path(settings.files_dir, import_id)
    with SealedWriter(path, request.app.state.keys, rosters.purpose("upload", import_id)) as file:
        bytes_max = settings.upload_bytes_max
        too_large = RosterTooLarge("文件太大", bytes_max=bytes_max)
        upload = await uploads.pour(request, file, bytes_max, too_large)
        uploads.check_whole(request, upload, RosterUnreadable)
        await asyncio.to_thread(file.finish)
    crash_points.reach("identification.roster-uploaded")
    found = await rosters.receive(session, import_id, upload.sha256, upload.size, caller, now)
    if found.id != import_id:
        path.unlink()
    return Received(import_id=found.id, status=found.status)


@plain.get("/rosters")
async def latest(session: Reading, caller: Reader) -> dict[str, Any]:
    """The last imports, the newest first."""
    _county_wide(caller)
    return {"items": [rosters.short(found) for found in await rosters.latest(session)]}


@plain.get("/rosters/template")
async def blank(request: Request, caller: Reader) -> Response:
    """The blank workbook with its columns, banks and villages explained."""
    del caller
    return _workbook(template.blank(request.app.state.place), "roster-template.xlsx")


@plain.get("/rosters/{import_id}")
async def one(import_id: UUID, session: Reading, caller: Reader) -> dict[str, Any]:
    """How far an import is, and what is wrong with its rows."""
    _county_wide(caller)
    return await rosters.words(session, await rosters.one(session, import_id))


@plain.post("/rosters/{import_id}/judgement")
async def judge(
    import_id: UUID, words: Judgement, session: Transaction, caller: Acceptor, now: Now
) -> dict[str, Any]:
    """A second person lets a roster go in, or not, having seen what it would change."""
    _county_wide(caller)
    found = await rosters.judge(session, caller, import_id, accepted=words.accepted, now=now)
    return await rosters.words(session, found)


@plain.get("/rosters/{import_id}/annotated")
async def annotated(
    import_id: UUID,
    request: Request,
    session: Reading,
    caller: Importer,
    looked_up: LookedUp,
) -> Response:
    """The rows that did not go in, each with what is wrong with it; they are whole, so audited."""
    _county_wide(caller)
    await rosters.one(session, import_id)
    path = rosters.annotated_path(request.app.state.settings.files_dir, import_id)
    if not path.exists():
        raise rosters.NothingToCorrect()
    content = unseal(path, request.app.state.keys, rosters.purpose("annotated", import_id))
    looked_up.append(LookUp(caller.subject, "roster-rows-read", str(import_id)))
    return _workbook(content, f"roster-{import_id}-annotated.xlsx")


def _county_wide(caller: Caller) -> None:
    if not caller.may_see(caller.county):
        raise CountyWideOnly()


def _workbook(content: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=XLSX, headers={"Content-Disposition": disposition})
