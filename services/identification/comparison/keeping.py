"""Keeps lists keyed and months compared: one child process at a time, begun again when it falls."""

import asyncio
import time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.identification import children
from services.identification.comparison import comparisons, deliveries
from services.identification.models import FeedDelivery
from services.identification.settings import Settings
from shared import telemetry
from shared.database import Database

LOOK_SECONDS: Final = 0.5
TIDY_SECONDS: Final = 30.0
_WORK: Final = "services.identification.comparison.working"
_ORPHAN_SECONDS: Final = 3600


async def keep_comparing(context: Any) -> None:
    """See to it that whatever was received is keyed, and whatever was opened is compared."""
    settings: Settings = context.settings
    falls = 0
    while settings.comparison_children:
        try:
            async with context.database.transaction() as session:
                waits = await deliveries.waiting(session) or await comparisons.waiting(session)
        except Exception as problem:
            telemetry.log.warning("comparison-waits", because=type(problem).__name__)
            await asyncio.sleep(1)
            continue
        if waits is None:
            await asyncio.sleep(LOOK_SECONDS)
            continue
        ended = await children.run_child(settings, _WORK)
        if ended == 0:
            falls = 0
            continue
        falls += ended != children.BUSY
        telemetry.log.warning("comparison-cut-short", ended=ended, falls=falls)
        pause = settings.import_retry_seconds * max(falls, 1)
        await asyncio.sleep(min(pause, children.PAUSE_SECONDS_MAX))
    await asyncio.Event().wait()


async def keep_tidy(context: Any) -> None:
    """Delete what a newer attempt took the place of, and what nobody answers for."""
    while True:
        try:
            await tidy(context.database, context.settings.files_dir)
        except Exception as problem:
            telemetry.log.warning("tidying-waits", because=type(problem).__name__)
        await asyncio.sleep(TIDY_SECONDS)


async def tidy(database: Database, files: Path) -> None:
    """Take away what an attempt or a request that was cut short left behind."""
    await _tidy_attempts(database, files)
    await _tidy_orphans(database, files)


async def _tidy_attempts(database: Database, files: Path) -> None:
    """The people of an attempt are needed no longer once a newer one took its place."""
    async with database.transaction() as session:
        latest = {str(each.id): each.attempt for each in await comparisons.all_of_them(session)}
    for folder in ("population", "batches"):
        for path in (files / folder).glob("*.sealed"):
            comparison_id, _, attempt = path.stem.rpartition("-")
            if int(attempt) < latest.get(comparison_id, 0):
                path.unlink(missing_ok=True)


async def _tidy_orphans(database: Database, files: Path) -> None:
    """What was cut off while it came left a file without a delivery."""
    for path in (files / "deliveries").glob("*"):
        if time.time() - path.stat().st_mtime < _ORPHAN_SECONDS:
            continue
        async with database.transaction() as session:
            known = await session.get(FeedDelivery, UUID(path.name[:36]))
        if known is None:
            path.unlink(missing_ok=True)
