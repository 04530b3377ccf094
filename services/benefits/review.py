"""The page two people look at before they sign: sums, holds, and what changed since last month."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import entitlements, holds, recoveries, signatures
from services.benefits.models import Run, RunStatus
from shared.contracts.benefits import RunKind
from shared.database import run
from shared.months import Month

LISTED_MAX: Final = 200
WITH_A_LIST: Final = (RunStatus.CALCULATED, RunStatus.CLOSED)


def summary(of: Run) -> dict[str, Any]:
    """A run in a few words."""
    return {
        "id": str(of.id),
        "family": of.family,
        "pay_month": of.pay_month,
        "kind": of.kind,
        "sequence": of.sequence,
        "status": of.status,
        "attempt": of.attempt,
        "failure": of.failure,
        "opened_by": of.opened_by,
        "opened_at": of.opened_at.isoformat(),
        "closed_at": of.closed_at.isoformat() if of.closed_at else None,
        "lines_count": of.lines_count,
        "total_fen": of.total_fen,
        "list_sha256": of.list_sha256,
        "households_count": of.households_count,
        "zero_count": of.zero_count,
        "facts_sha256": of.facts_sha256,
        "policy_sha256": of.policy_sha256,
        "engine_version": of.engine_version,
    }


async def page(session: AsyncSession, law: policies.Law, of: Run) -> dict[str, Any]:
    """Everything on the check page of a run; sums are empty until it is calculated."""
    notice = law.place.notice
    found = summary(of) | {
        "demonstration": law.place.demonstration,
        "notice": {"zh": notice.zh, "en": notice.en} if notice else None,
        "loaded": await _loaded(session, of),
        "holds": await holds.reasons_of(session, [of.id]),
        "recoveries": await recoveries.sums(session, of),
        "signatures": [
            {
                "role": each.role,
                "subject": each.subject,
                "list_sha256": each.list_sha256,
                "signed_at": each.signed_at.isoformat(),
            }
            for each in await signatures.of_run(session, of)
        ],
    }
    for name in _SUMS:
        found[name] = await _sums(session, of, name) if of.status in WITH_A_LIST else []
    found["changes"] = await changes(session, of) if of.status in WITH_A_LIST else None
    return found


async def changes(session: AsyncSession, of: Run) -> dict[str, Any] | None:
    """How the pay month differs from the month before, by change and reason.

    None for a supplementary run: it pays a few, and everybody else would look gone.
    """
    if of.kind != RunKind.REGULAR:
        return None
    found = await run(session, text(_counted(of)), _months(of))
    return {
        "compared_with": _months(of)["last"],
        "counted": [
            {
                "change": row.change,
                "reason": row.reason,
                "count": row.beneficiaries,
                "difference_fen": int(row.difference_fen),
                "over_a_fifth": row.over_a_fifth,
            }
            for row in found
        ],
    }


async def changed(
    session: AsyncSession, of: Run, change: str | None, households: list[UUID] | None = None
) -> list[dict[str, Any]]:
    """The largest changes, singly; or every change of these households alone."""
    if of.kind != RunKind.REGULAR or of.status not in WITH_A_LIST:
        return []
    limit = LISTED_MAX if households is None else None
    words = _months(of) | {"change": change, "limit": limit, "households": households}
    rows = await run(session, text(_listed(of)), words)
    return [dict(row._mapping) for row in rows]


async def _loaded(session: AsyncSession, of: Run) -> int:
    """How many lines, recoveries and holds are loaded so far, for the progress bar."""
    counted = await run(
        session,
        text(
            "SELECT coalesce(sum(lines_count + recoveries_count + holds_count), 0)"
            " FROM run_chunk WHERE run_id = :run_id AND attempt = :attempt"
        ),
        {"run_id": of.id, "attempt": of.attempt},
    )
    return int(counted.scalar_one())


async def _sums(session: AsyncSession, of: Run, name: str) -> list[dict[str, Any]]:
    key, by = _SUMS[name]
    rows = await run(
        session,
        text(
            f"SELECT {by} AS key, count(*) AS lines, sum(amount_fen) AS total_fen"  # noqa: S608 # Words of this file only.
            f" FROM {entitlements.table_of(of)} WHERE run_id = :run_id GROUP BY 1 ORDER BY 1"
        ),
        {"run_id": of.id},
    )
    return [{key: row.key, "count": row.lines, "total_fen": int(row.total_fen)} for row in rows]


def _months(of: Run) -> dict[str, Any]:
    return {
        "run_id": of.id,
        "county": of.county,
        "family": of.family,
        "month": of.pay_month,
        "last": str(Month.parse(of.pay_month).previous()),
        "learned": of.learned_number,
        "households": None,
    }


def _counted(of: Run) -> str:
    return _CHANGES.format(table=entitlements.table_of(of)) + _COUNTED


def _listed(of: Run) -> str:
    return _CHANGES.format(table=entitlements.table_of(of)) + _LISTED


_SUMS: Final = {
    "by_programme": ("programme", "programme"),
    "by_township": ("township", "left(village, 9)"),
    "by_budget_item": ("budget_item", "budget_item"),
    "by_cause": ("cause", "cause"),
}

_CHANGES: Final = """
WITH this AS (
    SELECT beneficiary_id, programme, household_id, sum(amount_fen) AS fen,
        min(determination_id::text) AS spoken
    FROM {table} WHERE run_id = :run_id AND month = :month
        AND (cast(:households AS uuid[]) IS NULL OR household_id = ANY(:households))
    GROUP BY beneficiary_id, programme, household_id
), earlier_runs AS (
    SELECT id FROM run
    WHERE county = :county AND family = :family AND pay_month = :last AND status = 'closed'
), last AS (
    SELECT beneficiary_id, programme, household_id, sum(amount_fen) AS fen,
        min(determination_id::text) AS spoken
    FROM entitlement_line WHERE run_id IN (SELECT id FROM earlier_runs) AND month = :last
        AND (cast(:households AS uuid[]) IS NULL OR household_id = ANY(:households))
    GROUP BY beneficiary_id, programme, household_id
), died AS (
    SELECT DISTINCT membership.household_id, person_id
    FROM death JOIN membership USING (person_id)
    WHERE death.county = :county AND learned_number <= :learned
        AND to_char(died_on, 'YYYY-MM') >= :last
), changes AS (
    SELECT beneficiary_id, programme, coalesce(this.household_id, last.household_id)
            AS household_id, this.fen AS this_fen, last.fen AS last_fen,
        coalesce(this.fen, 0) - coalesce(last.fen, 0) AS difference_fen,
        CASE WHEN last.fen IS NULL THEN 'new' WHEN this.fen IS NULL THEN 'gone'
            WHEN this.fen > last.fen THEN 'up' ELSE 'down' END AS change,
        CASE
            WHEN this.fen IS NULL AND EXISTS (
                SELECT FROM hold WHERE hold.run_id = :run_id AND hold.month = :month
                    AND hold.beneficiary_id = last.beneficiary_id
                    AND hold.programme = last.programme) THEN 'held'
            WHEN last.fen IS NULL AND EXISTS (
                SELECT FROM hold WHERE hold.run_id IN (SELECT id FROM earlier_runs)
                    AND hold.month = :last AND hold.beneficiary_id = this.beneficiary_id
                    AND hold.programme = this.programme) THEN 'was-held'
            WHEN EXISTS (
                SELECT FROM died
                WHERE died.household_id = coalesce(this.household_id, last.household_id))
                THEN 'death'
            WHEN this.spoken IS DISTINCT FROM last.spoken AND EXISTS (
                SELECT FROM determination
                WHERE determination.county = :county
                    AND determination.household_id = coalesce(this.household_id, last.household_id)
                    AND determination.from_month = :month) THEN 'decision'
            WHEN last.fen IS NULL OR this.spoken = last.spoken THEN 'rates-or-age'
            ELSE 'decision'
        END AS reason
    FROM this FULL JOIN last USING (beneficiary_id, programme)
    WHERE this.fen IS DISTINCT FROM last.fen
)
"""

_COUNTED: Final = """
SELECT change, reason, count(*) AS beneficiaries, sum(difference_fen) AS difference_fen,
    count(*) FILTER (WHERE abs(difference_fen) * 5 > last_fen) AS over_a_fifth
FROM changes GROUP BY change, reason ORDER BY change, reason
"""

_LISTED: Final = """
SELECT beneficiary_id::text, programme, household_id::text, this_fen::bigint, last_fen::bigint,
    difference_fen::bigint, change, reason
FROM changes WHERE cast(:change AS text) IS NULL OR change = :change
ORDER BY abs(difference_fen) DESC, beneficiary_id, programme LIMIT :limit
"""
