"""Recoveries proposed (追缴): what was granted and is not owed, until a person decides."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits.models import Run, RunStatus
from shared.database import run


async def page(
    session: AsyncSession, of: Run, *, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """A run's proposals in the order of their ids, each with what was decided last (none yet).

    A positive sum takes an earlier one back.
    """
    statement = _CLOSED if of.status == RunStatus.CLOSED else _DRAFTED
    rows = await run(
        session,
        text(statement),
        {"run_id": of.id, "after": after or UUID(int=0), "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


async def sums(session: AsyncSession, of: Run) -> dict[str, int]:
    """How many a run proposes and how much, and how much of earlier proposals it takes back."""
    found = await run(
        session,
        text(_CLOSED_SUMS if of.status == RunStatus.CLOSED else _DRAFTED_SUMS),
        {"run_id": of.id},
    )
    row = found.one()
    return {
        "count": row.proposals,
        "total_fen": int(row.total_fen),
        "taken_back_fen": int(row.taken_back_fen),
    }


_COLUMNS: Final = (
    "recovery_id::text, run_id::text, beneficiary_kind, beneficiary_id::text,"
    " household_id::text, village, programme, budget_item, month, difference, cause, amount_fen"
)
_ONE_PAGE: Final = (
    " WHERE run_id = :run_id AND recovery_id > :after ORDER BY recovery_id LIMIT :limit"
)
_LAST: Final = (
    "(SELECT decision.amount_fen FROM recovery_decision AS decision"
    " WHERE decision.recovery_id = proposed_recovery.recovery_id ORDER BY number DESC LIMIT 1)"
)
_DRAFTED: Final = f"SELECT {_COLUMNS}, NULL::bigint AS decided_fen FROM draft_recovery {_ONE_PAGE}"  # noqa: S608 # Words of this file only.
_CLOSED: Final = f"SELECT {_COLUMNS}, {_LAST} AS decided_fen FROM proposed_recovery {_ONE_PAGE}"  # noqa: S608 # Words of this file only.

_SUMS: Final = (
    "SELECT count(*) FILTER (WHERE amount_fen < 0) AS proposals,"
    " coalesce(-sum(amount_fen) FILTER (WHERE amount_fen < 0), 0) AS total_fen,"
    " coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0) AS taken_back_fen"
)
_DRAFTED_SUMS: Final = f"{_SUMS} FROM draft_recovery WHERE run_id = :run_id"
_CLOSED_SUMS: Final = f"{_SUMS} FROM proposed_recovery WHERE run_id = :run_id"
