"""Whether money may leave: after a restore, or when a person says so, it may not.

A restored database has forgotten files that the banks have. Until somebody has compared them and
says why it is safe, nothing is released, published or fetched for the first time.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import audit
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict


class PayoutsFrozen(Conflict):
    """Payouts are frozen; nothing is released until a person unfreezes them with a reason."""


async def standing(session: AsyncSession, county: str) -> dict[str, Any]:
    """Whether payouts are frozen, why, and since when."""
    found = await run(
        session,
        text("SELECT frozen, reason, since FROM payout_freeze WHERE county = :county"),
        {"county": county},
    )
    row = found.one_or_none()
    if row is None:
        return {"frozen": False, "reason": None, "since": None}
    return {"frozen": row.frozen, "reason": row.reason, "since": row.since.isoformat()}


async def refuse_if_frozen(session: AsyncSession, county: str) -> None:
    """Stop here when money may not leave; a freeze waits for those already past this point.

    Raises:
        PayoutsFrozen: they are frozen.
    """
    # A freeze and a release never cross: each takes this lock, the freeze alone, releases together.
    await run(
        session,
        text("SELECT pg_advisory_xact_lock_shared(hashtextextended('payouts:' || :county, 0))"),
        {"county": county},
    )
    if (await standing(session, county))["frozen"]:
        raise PayoutsFrozen("compare with the banks' receipts, then unfreeze with a reason")


async def change(
    session: AsyncSession, caller: Caller, *, frozen: bool, reason: str, now: datetime
) -> dict[str, Any]:
    """Freeze or unfreeze, with a reason."""
    await run(
        session,
        text("SELECT pg_advisory_xact_lock(hashtextextended('payouts:' || :county, 0))"),
        {"county": caller.county},
    )
    await run(
        session,
        text(
            "INSERT INTO payout_freeze (county, frozen, reason, since, changed_by)"
            " VALUES (:county, :frozen, :reason, :now, :by) ON CONFLICT (county) DO UPDATE"
            " SET frozen = :frozen, reason = :reason, since = :now, changed_by = :by"
        ),
        {
            "county": caller.county,
            "frozen": frozen,
            "reason": reason,
            "now": now,
            "by": caller.subject,
        },
    )
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="payouts-frozen" if frozen else "payouts-unfrozen",
        subject=caller.county,
        details={"reason": reason},
    )
    return await standing(session, caller.county)
