"""A pay month in sums: granted, proposed for recovery, held; and by which law and facts."""

from hashlib import sha256
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import review, runs
from services.benefits.models import Run, RunStatus
from shared.database import run
from shared.months import Month

STANDARDS: Final = {
    "month": "dibao_standard_fen_monthly",
    "year": "dibao_standard_fen_yearly",
}


async def month(
    session: AsyncSession, law: policies.Law, county: str, pay_month: Month
) -> dict[str, Any]:
    """What closed runs of a pay month have granted; what is run each month stays, if only at 0."""
    found = await runs.listed(session, county, pay_month)
    closed = [each for each in found if each.status == RunStatus.CLOSED]
    ids = {"runs": [each.id for each in closed]}
    monthly = sorted(name for names in law.families.values() for name in names)
    by_programme = {name: {"count": 0, "total_fen": 0} for name in monthly}
    for row in await run(session, text(_GRANTED), ids):
        by_programme[row.programme] = {"count": row.lines, "total_fen": int(row.total_fen)}
    recoveries = (await run(session, text(_RECOVERIES), ids)).one()
    reasons = {row.reason: row.households for row in await run(session, text(_HELD), ids)}
    return {
        "county": county,
        "pay_month": str(pay_month),
        "granted": {
            "count": sum(each["count"] for each in by_programme.values()),
            "total_fen": sum(each["total_fen"] for each in by_programme.values()),
        },
        "by_programme": by_programme,
        "recoveries": {
            "count": recoveries.proposals,
            "total_fen": int(recoveries.total_fen),
            "taken_back_fen": int(recoveries.taken_back_fen),
            "decided": {"count": recoveries.decided, "total_fen": int(recoveries.decided_fen)},
        },
        "held_households": {"count": sum(reasons.values()), "reasons": reasons},
        "standards": _standards(law, pay_month),
        "policy_sha256": _one_hash(closed, "policy_sha256"),
        "facts_sha256": _one_hash(closed, "facts_sha256"),
        "runs": [review.summary(each) for each in found],
    }


def _standards(law: policies.Law, month: Month) -> dict[str, dict[str, Any]]:
    """What a head is to live on, by registration, each month or each year; a place sets one."""
    found: dict[str, dict[str, Any]] = {}
    for each, name in STANDARDS.items():
        for code, named in law.numbers[name].declaration.codes.items():
            dated = law.number(name, str(month), code)
            if dated is not None:
                found.setdefault(named.name, {"fen": dated.amount, "each": each})
    return found


def _one_hash(closed: list[Run], column: str) -> str | None:
    """The hash all runs share; where they differ, the hash of their hashes in order of the runs."""
    in_order = sorted(closed, key=lambda each: (each.family, each.kind, each.sequence))
    hashes = [str(getattr(each, column)) for each in in_order]
    if len(set(hashes)) <= 1:
        return hashes[0] if hashes else None
    return sha256("\n".join(hashes).encode()).hexdigest()


_GRANTED: Final = """
SELECT programme, count(*) AS lines, sum(amount_fen) AS total_fen
FROM entitlement_line WHERE run_id = ANY(:runs) GROUP BY programme
"""

_RECOVERIES: Final = """
SELECT count(*) FILTER (WHERE amount_fen < 0) AS proposals,
    coalesce(-sum(amount_fen) FILTER (WHERE amount_fen < 0), 0) AS total_fen,
    coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0) AS taken_back_fen,
    count(decided_fen) AS decided, coalesce(sum(decided_fen), 0) AS decided_fen
FROM proposed_recovery LEFT JOIN (
    SELECT DISTINCT ON (recovery_id) recovery_id, amount_fen AS decided_fen
    FROM recovery_decision ORDER BY recovery_id, number DESC
) AS decided USING (recovery_id)
WHERE run_id = ANY(:runs)
"""

# A household is counted once, under the first of its reasons; what only a later month's run has
# tried again was held in this month all the same.
_HELD: Final = """
SELECT reason, count(*) AS households
FROM (
    SELECT household_id, min(reason) AS reason FROM hold
    WHERE run_id = ANY(:runs) AND NOT coalesce(settled_run_id = ANY(:runs), false)
    GROUP BY household_id
) AS held
GROUP BY reason ORDER BY reason
"""
