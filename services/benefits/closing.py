"""Closing a run: what was drafted is granted for good, in one transaction with its event."""

from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import (
    applications,
    entitlements,
    last_granted,
    months_due,
    recovery_decisions,
    stages,
)
from services.benefits.models import Run, RunStatus
from services.benefits.months_due import Cause
from shared.contracts.benefits import RunClosed, RunKind
from shared.database import run
from shared.months import Month
from shared.outbox import announce
from shared.secrets import KeyRing

_COLUMNS: Final = (
    "county, run_id, snapshot_row, beneficiary_kind, beneficiary_id, household_id, village,"
    " programme, budget_item, month, difference, cause, amount_fen, determination_id"
)


async def close(
    session: AsyncSession, keys: KeyRing, law: policies.Law, of: Run, now: datetime
) -> Run:
    """Grant the run's lines; the database itself refuses to grant a difference twice.

    1. Drafts become lines and proposed recoveries, which nobody can change; what takes an earlier
       proposal back lowers what was decided on it.
    2. What now stands is counted and hashed again, and must be what was signed.
    3. The application for funds is written down by budget item, programme and township.
    4. Months that were answered are settled; those that are held stay due, and those that were
       granted by a sum that is another now are due again.
    5. The run is closed, and says so.
    """
    words = {"run_id": of.id}
    granted = await run(session, text(_GRANT), words)
    await run(session, text(_PROPOSE), words)
    await recovery_decisions.lower(session, of, now)
    of = await stages.move(session, of, RunStatus.CLOSED, closed_at=now)
    listed, total_fen = await entitlements.digest(session, of)
    signed = (of.lines_count, of.total_fen, of.list_sha256)
    assert (granted.rowcount, total_fen, listed.hexdigest()) == signed, "granted is not signed"
    await applications.write(session, law, of)
    await run(session, text(_SETTLE_MARKS), words)
    await run(session, text(_SETTLE_HOLDS), words | {"family": of.family})
    await run(
        session, text(_KEEP_DUE), words | {"family": of.family, "now": now, "cause": Cause.HOLD}
    )
    await last_granted.mark_resting(session, keys, law, of, now)
    for statement in _FORGET:
        await run(session, text(statement), words)
    await announce(
        session,
        RunClosed(
            county=of.county,
            occurred_at=now,
            run_id=of.id,
            family=of.family,
            pay_month=Month.parse(of.pay_month),
            kind=RunKind(of.kind),
            sequence=of.sequence,
            lines_count=granted.rowcount,
            total_fen=total_fen,
            list_sha256=listed.hexdigest(),
        ),
    )
    return of


_GRANT: Final = f"""
INSERT INTO entitlement_line (line_id, kind, {_COLUMNS})
SELECT line_id, kind, {_COLUMNS} FROM draft_line WHERE run_id = :run_id ORDER BY line_id
"""  # noqa: S608 # Words of this file only.

_PROPOSE: Final = f"""
INSERT INTO proposed_recovery (recovery_id, {_COLUMNS})
SELECT recovery_id, {_COLUMNS} FROM draft_recovery WHERE run_id = :run_id ORDER BY recovery_id
"""  # noqa: S608 # Words of this file only.

# A month is answered for a household unless something of it is held.
_SETTLE_MARKS: Final = """
UPDATE month_due SET settled_run_id = :run_id
WHERE taken_run_id = :run_id AND settled_run_id IS NULL AND NOT EXISTS (
    SELECT FROM hold
    WHERE hold.run_id = :run_id AND hold.household_id = month_due.household_id
        AND hold.month = month_due.month
)
"""

# An earlier hold was tried again by this run: it is paid, owed nothing, or held anew.
_SETTLE_HOLDS: Final = """
UPDATE hold AS earlier SET settled_run_id = :run_id
FROM run, month_due
WHERE run.id = earlier.run_id AND run.family = :family AND run.status = 'closed'
    AND earlier.run_id <> :run_id AND earlier.settled_run_id IS NULL
    AND month_due.taken_run_id = :run_id AND month_due.household_id = earlier.household_id
    AND month_due.month = earlier.month
"""

_KEEP_DUE: Final = f"""
{months_due.INSERT}
SELECT DISTINCT county, :family, household_id, month, :cause, run_id::text,
    cast(:now AS timestamptz)
FROM hold WHERE run_id = :run_id
{months_due.ONCE}
"""  # noqa: S608 # Words of this file and its neighbour only.

_FORGET: Final = (
    "DELETE FROM draft_line WHERE run_id = :run_id",
    "DELETE FROM draft_recovery WHERE run_id = :run_id",
)
