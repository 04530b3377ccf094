"""Visits that came late, and checks that found otherwise: who waits for somebody to choose."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlmodel import col, select

from services.identification.casework.looking_again import checks
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseFile
from shared.database import run

_CAME_LATE: Final = text("""
SELECT DISTINCT case_id FROM case_act
WHERE case_id = ANY (CAST(:ids AS uuid[])) AND act IN ('survey-late', 'spot-check', 'home-check')
""")


async def waiting(desk: Desk, case_ids: Sequence[str]) -> set[str]:
    """Of the cases of a queue those in which a visit came late, or a check found otherwise, and
    nobody has chosen yet."""
    if not case_ids:
        return set()
    found = [row.case_id for row in await run(desk.session, _CAME_LATE, {"ids": list(case_ids)})]
    cases = await desk.session.exec(select(CaseFile).where(col(CaseFile.id).in_(found)))
    return {str(at.case.id) for at in await standings(desk, cases.all()) if waits(at)}


def waits(at: Standing) -> bool:
    """Whether somebody has to choose between visits, or between a visit and a check."""
    return at.visits_wait or checks.wait(at) is not None
