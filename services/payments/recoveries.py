"""Money paid back: what benefits says is owed back, and each receipt of it, in the ledger.

Recovered money goes to the treasury and pays nobody: no fund may send it out again. What is owed
back may fall after some of it has come; then only giving back brings the books to rest.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import ledger
from services.payments.models import Recovery, RecoveryReceipt
from shared import audit
from shared.callers import Caller
from shared.contracts.benefits import RecoveryDecided
from shared.database import run
from shared.months import Month, civil_date
from shared.outbox import once
from shared.problems import Conflict, Malformed, NotFound

CONSUMER: Final = "payments-recoveries"


class NothingOwedBack(NotFound):
    """Nobody has decided that anything of this is to be paid back."""


class MoreThanOwedBack(Conflict):
    """More would have come back than is owed, or been given back than came too much."""


class NothingReceived(Malformed):
    """A receipt says how much came."""


class ReceivedTooLate(Malformed):
    """Nothing can have come on a day that has not come."""


class ReceiptRecorded(Conflict):
    """A receipt of this voucher is recorded already."""

    constraint = "uq_recovery_receipt_recovery_id_voucher"


@once(CONSUMER)
async def hear(session: AsyncSession, context: Any, event: RecoveryDecided) -> None:
    """Keep what is owed back; the last decision stands, in whichever order they are heard."""
    now = context.clock.now()
    known = await session.get(Recovery, event.recovery_id, with_for_update=True)
    if known is not None and known.number >= event.number:
        return
    before_fen = known.amount_fen if known else 0
    kept = known or Recovery(
        county=event.county,
        recovery_id=event.recovery_id,
        household_id=event.household_id,
        beneficiary_id=event.beneficiary_id,
        programme=event.programme,
        month=str(event.month),
        number=event.number,
        amount_fen=0,
        heard_at=now,
    )
    kept.number, kept.amount_fen, kept.heard_at = event.number, event.amount_fen, now
    session.add(kept)
    await session.flush()
    moved = ("claimed", "owed-back", event.amount_fen - before_fen)
    await _post(session, event.county, "owed-back", kept.recovery_id, moved, now)
    await audit.record(
        session,
        event.county,
        actor="benefits",
        act="recovery-kept",
        subject=str(event.recovery_id),
        details={"number": event.number, "amount_fen": event.amount_fen},
    )


async def receive(
    session: AsyncSession,
    caller: Caller,
    recovery_id: UUID,
    *,
    amount_fen: int,
    voucher: str,
    received_on: date,
    now: datetime,
) -> dict[str, Any]:
    """Record what came back, by its voucher; below zero, what was given back of too much.

    Raises:
        NothingReceived, ReceivedTooLate, NothingOwedBack, MoreThanOwedBack, ReceiptRecorded: as
            they say.
    """
    if not amount_fen:
        raise NothingReceived
    if received_on > civil_date(now):
        raise ReceivedTooLate(received_on.isoformat())
    owed = await session.get(Recovery, recovery_id, with_for_update=True)
    if owed is None or owed.county != caller.county:
        raise NothingOwedBack
    left_fen = owed.amount_fen - await _received_fen(session, recovery_id)
    if not min(left_fen, 0) <= amount_fen <= max(left_fen, 0):
        raise MoreThanOwedBack(f"{left_fen} fen are left", left_fen=left_fen)
    receipt = RecoveryReceipt(
        county=caller.county,
        recovery_id=recovery_id,
        amount_fen=amount_fen,
        voucher=voucher,
        received_on=received_on,
        recorded_by=caller.subject,
        recorded_at=now,
    )
    session.add(receipt)
    await session.flush()
    moved = ("owed-back", "recovered", amount_fen)
    await _post(session, caller.county, "recovered", receipt.id, moved, now)
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="recovery-received",
        subject=str(recovery_id),
        details={"amount_fen": amount_fen, "voucher": voucher},
    )
    return (await listed(session, caller.county, recovery_ids=[recovery_id]))[0]


async def listed(
    session: AsyncSession,
    county: str,
    *,
    recovery_ids: Sequence[UUID] | None = None,
    received_in: str | None = None,
    after: UUID | None = None,
    limit: int = 1000,
) -> list[dict[str, Any]]:
    """What is owed back, with receipts: some, what had receipts in a month, or whatever is left."""
    found = await run(
        session,
        text(_LISTED),
        {
            "county": county,
            "ids": list(recovery_ids) if recovery_ids else None,
            "month": received_in,
            "after": after or UUID(int=0),
            "limit": limit,
        },
    )
    return [dict(row._mapping) for row in found]


async def summed(session: AsyncSession, county: str, month: str) -> dict[str, Any]:
    """What came back in a calendar month (what was given back goes off), and what is left now."""
    sums = (await run(session, text(_SUMS), {"county": county, "month": month})).one()
    return {
        "received": {"count": sums.receipts, "total_fen": int(sums.received_fen)},
        "left": {"count": sums.left, "total_fen": int(sums.left_fen)},
    }


async def _received_fen(session: AsyncSession, recovery_id: UUID) -> int:
    found = await run(
        session,
        text(
            "SELECT coalesce(sum(amount_fen), 0)::bigint FROM recovery_receipt"
            " WHERE recovery_id = :id"
        ),
        {"id": recovery_id},
    )
    return int(found.scalar_one())


async def _post(
    session: AsyncSession,
    county: str,
    act: str,
    subject: UUID,
    moved: tuple[str, str, int],
    now: datetime,
) -> None:
    """One entry: so much out of the first account and into the second."""
    out_of, into, amount_fen = moved
    month = str(Month.of(civil_date(now)))
    await ledger.post(
        session,
        county,
        act=act,
        subject=str(subject),
        pay_month=month,
        at=now,
        sides="""
            SELECT side.account, '' AS fund, CAST(:entry_month AS text) AS pay_month,
                NULL::uuid AS line_id, NULL::bigint AS transfer_id, side.amount_fen
            FROM (VALUES (CAST(:out_of AS text), - CAST(:amount_fen AS bigint)),
                (CAST(:into AS text), CAST(:amount_fen AS bigint))) AS side (account, amount_fen)
        """,
        parameters={"out_of": out_of, "into": into, "amount_fen": amount_fen},
    )


_OF_EACH: Final = """
    SELECT recovery.*, coalesce(received.fen, 0)::bigint AS received_fen, received.receipts
    FROM recovery LEFT JOIN LATERAL (
        SELECT sum(receipt.amount_fen) AS fen, jsonb_agg(jsonb_build_object(
            'amount_fen', receipt.amount_fen, 'voucher', receipt.voucher,
            'received_on', receipt.received_on, 'recorded_by', receipt.recorded_by
        ) ORDER BY receipt.received_on, receipt.id) AS receipts
        FROM recovery_receipt AS receipt WHERE receipt.recovery_id = recovery.recovery_id
    ) AS received ON true
    WHERE recovery.county = :county
"""

_LISTED: Final = f"""
SELECT recovery_id::text, household_id::text, beneficiary_id::text, programme, month, amount_fen,
    received_fen, amount_fen - received_fen AS left_fen, coalesce(receipts, '[]') AS receipts
FROM ({_OF_EACH}) AS each
WHERE recovery_id > :after AND CASE
    WHEN CAST(:ids AS uuid[]) IS NOT NULL THEN recovery_id = ANY(CAST(:ids AS uuid[]))
    WHEN CAST(:month AS text) IS NOT NULL THEN EXISTS (
        SELECT FROM recovery_receipt AS receipt WHERE receipt.recovery_id = each.recovery_id
            AND to_char(receipt.received_on, 'YYYY-MM') = :month
    )
    ELSE amount_fen <> received_fen END
ORDER BY recovery_id LIMIT :limit
"""  # noqa: S608 # Words of this file only.

_SUMS: Final = f"""
SELECT count(*) FILTER (WHERE amount_fen <> received_fen) AS left,
    coalesce(sum(amount_fen - received_fen), 0) AS left_fen,
    (SELECT count(*) FROM recovery_receipt AS receipt WHERE receipt.county = :county
        AND to_char(receipt.received_on, 'YYYY-MM') = :month) AS receipts,
    (SELECT coalesce(sum(amount_fen), 0) FROM recovery_receipt AS receipt
        WHERE receipt.county = :county
        AND to_char(receipt.received_on, 'YYYY-MM') = :month) AS received_fen
FROM ({_OF_EACH}) AS each
"""  # noqa: S608 # Words of this file only.
