"""Visits that came late, and checks that found otherwise: who waits for somebody to choose."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from services.identification.casework.looking_again import checks
from services.identification.casework.reading import acts_of
from services.identification.casework.visits import CHECKS, CHOICES, READ, VISITS, WEIGHED, Visits
from services.identification.desk import Desk
from shared.database import run

# Whose acts leave room for it: several visits and none chosen since, or a check nobody has weighed.
_MAY_WAIT: Final = text("""
SELECT case_id FROM case_act
WHERE case_id = ANY (CAST(:ids AS uuid[])) AND act = ANY (:asked)
GROUP BY case_id
HAVING count(*) FILTER (WHERE act = ANY (:visits)) > 1
       AND max(number) FILTER (WHERE act = ANY (:visits))
           > coalesce(max(number) FILTER (WHERE act = ANY (:choices)), 0)
    OR max(number) FILTER (WHERE act = ANY (:checks))
       > coalesce(max(number) FILTER (WHERE act = ANY (:weighed)), 0)
""")
_ACTS: Final = {
    "visits": sorted(VISITS),
    "choices": sorted(CHOICES),
    "checks": sorted(CHECKS),
    "weighed": sorted(WEIGHED),
    "asked": sorted(VISITS | CHOICES | CHECKS | WEIGHED),
}


async def waiting(desk: Desk, case_ids: Sequence[str]) -> set[str]:
    """Of the cases of a queue those in which a visit came late, or a check found otherwise, and
    nobody has chosen yet."""
    if not case_ids:
        return set()
    words = {"ids": list(case_ids), **_ACTS}
    found = [row.case_id for row in await run(desk.session, _MAY_WAIT, words)]
    if not found:
        return set()
    acts = await acts_of(desk, found, READ)
    return {
        str(case_id)
        for case_id, done in acts.items()
        if waits(Visits(desk.settings, done, desk.caller, desk.today, {}))
    }


def waits(at: Visits) -> bool:
    """Whether somebody has to choose between visits, or between a visit and a check."""
    return at.visits_wait or checks.wait(at) is not None
