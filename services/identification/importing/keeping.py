"""Keeps imports going: one child process at a time, begun again when it was cut short."""

import asyncio
import time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.identification import children
from services.identification.importing import rosters
from services.identification.models import RosterImport
from services.identification.settings import Settings
from shared import telemetry
from shared.database import Database

LOOK_SECONDS: Final = 0.25
TIDY_SECONDS: Final = 30.0
_WORK: Final = "services.identification.importing.working"
_ORPHAN_SECONDS: Final = 3600


async def keep_importing(context: Any) -> None:
    """See to it that every received roster is imported, for as long as this process stands."""
    settings: Settings = context.settings
    falls, stood = 0, (UUID(int=0), 0, 0, 0)
    while settings.import_children:
        try:
            found = await _waiting(context.database)
        except Exception as problem:
            telemetry.log.warning("imports-wait", because=type(problem).__name__)
            await asyncio.sleep(1)
            continue
        if found is None:
            await asyncio.sleep(LOOK_SECONDS)
            continue
        # Falls are counted where it stands: one that gets on, however haltingly, is not stopped.
        stands = (found.id, found.chunks, found.chunks_loaded, found.chunks_handed)
        falls, stood = (falls if stands == stood else 0), stands
        ended = await children.run_child(settings, _WORK, str(found.id))
        if ended == 0:
            continue
        if ended == children.BUSY:  # Another import is under way in this database.
            await asyncio.sleep(settings.import_retry_seconds)
            continue
        falls += 1
        telemetry.log.warning("import-cut-short", import_id=str(found.id), ended=ended, falls=falls)
        if falls >= settings.import_falls_max and await _stopped(context.database, found.id):
            continue
        await asyncio.sleep(min(settings.import_retry_seconds * falls, children.PAUSE_SECONDS_MAX))
    await asyncio.Event().wait()


async def keep_tidy(context: Any) -> None:
    """Delete uploads nobody answers for."""
    settings: Settings = context.settings
    while True:
        try:
            await _tidy_orphans(context.database, settings.files_dir)
        except Exception as problem:
            telemetry.log.warning("tidying-waits", because=type(problem).__name__)
        await asyncio.sleep(TIDY_SECONDS)


async def _tidy_orphans(database: Database, files: Path) -> None:
    """An upload that was cut off left a file without an import."""
    for path in (files / "uploads").glob("*"):
        if time.time() - path.stat().st_mtime < _ORPHAN_SECONDS:
            continue
        async with database.transaction() as session:
            known = await session.get(RosterImport, UUID(path.name.split(".")[0]))
        if known is None:
            path.unlink(missing_ok=True)


async def _waiting(database: Database) -> RosterImport | None:
    async with database.transaction() as session:
        return await rosters.waiting(session)


async def _stopped(database: Database, import_id: UUID) -> bool:
    """Set an import aside that falls again and again, or say that this could not be written."""
    try:
        async with database.transaction() as session:
            await rosters.stop(session, import_id, rosters.FELL)
    except Exception as problem:
        telemetry.log.warning("imports-wait", because=type(problem).__name__)
        return False
    telemetry.log.error("import-stopped", import_id=str(import_id))
    return True
