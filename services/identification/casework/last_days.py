"""Whatever waited for papers before such cases had a last day has it counted from then on."""

import asyncio
from dataclasses import replace
from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.paths import all_paths
from services.identification.grammar import moving
from services.identification.models import CaseFile
from services.identification.place_settings import PlaceSettings
from services.identification.workdays import naming
from shared import audit, telemetry
from shared.database import one_of

AGAIN_SECONDS: Final = 60.0
_ACTOR: Final = "identification"


async def keep_counted(context: Any) -> None:
    """Once at the start, as soon as it can be done."""
    settings = PlaceSettings.read(context.settings.casework_file)
    while True:
        try:
            async with context.database.transaction() as session:
                await count(session, context.settings.county, settings)
            break
        except Exception as problem:
            telemetry.log.warning("last-days-wait", because=type(problem).__name__)
            await asyncio.sleep(AGAIN_SECONDS)
    await asyncio.Event().wait()


async def count(session: AsyncSession, county: str, settings: PlaceSettings) -> int:
    """Write down the last day of whatever waits without one, from the day it came there, by what
    the place sets; how many."""
    settings = replace(settings, calendar=await naming.held(session, county))
    kinds = [
        f"{path.category}.{name}"
        for path in all_paths().values()
        for name, state in path.states.items()
        if state.lapses is not None
    ]
    found = await session.exec(
        select(CaseFile)
        .where(
            col(CaseFile.county) == county,
            one_of(col(CaseFile.category) + "." + col(CaseFile.state), kinds),
            col(CaseFile.state_due_on).is_(None),
        )
        .with_for_update()
    )
    waiting = found.all()
    for case in waiting:
        until = moving.step_due_on(case, all_paths()[case.category], settings)
        assert until is not None, "a state that lapses has a last day"
        case.state_due_on = until
        session.add(case)
        await audit.record(
            session,
            county,
            actor=_ACTOR,
            act="last-day-counted",
            subject=str(case.id),
            details={"until": until.isoformat()},
        )
    return len(waiting)
