"""Whatever waited for papers, for an office since somebody objected, or after its end for an answer
to whoever did, before such cases had a last day has it counted from then on."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework import objections
from services.identification.casework.paths import all_paths
from services.identification.grammar import moving
from services.identification.models import CaseAct, CaseFile
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
        if state.lapses is not None or state.step is not None
    ]
    waiting = await _standing(session, county, kinds, col(CaseFile.state_due_on).is_(None))
    for case in waiting:
        until = moving.step_due_on(case, all_paths()[case.category], settings)
        assert until is not None, "a state that lapses, or has days of its own, has a last day"
        case.state_due_on = until
        await _record(session, case, until)
    objected = await _objected(session, county)
    for case in objected:
        days = settings.number("objection_answer_days")
        case.due_on = settings.add_workdays(case.state_since, days)
        await _record(session, case, case.due_on)
    return len(waiting) + len(objected)


async def _objected(session: AsyncSession, county: str) -> Sequence[CaseFile]:
    """Cases that have ended and no day by which whoever objected is answered, and somebody is not:
    each answer is to one objection."""
    kinds = [
        f"{path.category}.{name}"
        for path in all_paths().values()
        if objections.ANSWER in path.acts
        for name in path.acts[objections.ANSWER].sources
        if path.states[name].ends
    ]
    done = {
        act: select(func.count())
        .where(col(CaseAct.case_id) == col(CaseFile.id), col(CaseAct.act) == act)
        .scalar_subquery()
        for act in (objections.OBJECT, objections.ANSWER)
    }
    unanswered = done[objections.OBJECT] > done[objections.ANSWER]
    return await _standing(session, county, kinds, col(CaseFile.due_on).is_(None), unanswered)


async def _standing(
    session: AsyncSession, county: str, kinds: Sequence[str], *wanted: ColumnElement[bool]
) -> Sequence[CaseFile]:
    """The cases in states of categories, held until the commit."""
    kind = col(CaseFile.category) + "." + col(CaseFile.state)
    statement = select(CaseFile).where(col(CaseFile.county) == county, one_of(kind, kinds), *wanted)
    return (await session.exec(statement.with_for_update())).all()


async def _record(session: AsyncSession, case: CaseFile, until: date) -> None:
    session.add(case)
    await audit.record(
        session,
        case.county,
        actor=_ACTOR,
        act="last-day-counted",
        subject=str(case.id),
        details={"until": until.isoformat()},
    )
