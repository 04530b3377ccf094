"""The month's envelopes: each is bank × project × budget item × kind, with one list and its hash.

Making them screens a run's orders, holds the bad ones singly and groups the rest; making them again
adds nothing. After a definite failure the next attempt goes out in a supplementary envelope, made,
checked and released like any other.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import screening, transfers
from services.payments.banks.writers import layout_words
from services.payments.models import Envelope
from services.payments.screening import Desk
from services.payments.states import EnvelopeStatus, IntakeStatus
from services.payments.transfers import Sheaf
from shared import audit
from shared.callers import Caller
from shared.database import run
from shared.months import Month, civil_date
from shared.problems import NotFound

# An envelope built again from the same list has the same name, so a bank that had it refuses it.
_NAMESPACE: Final = UUID("b0f5e1c4-6f0e-4c8e-9d53-0a5b0f5d0d1e")

# Lines of which a bank said, of whatever attempt, something that does not fit our books. It may
# have paid them; nothing more is sent for them until somebody has asked.
CONTRADICTED: Final = """
    SELECT transfer_order.line_id
    FROM discrepancy JOIN result_answer answer USING (result_id, position)
    JOIN transfer ON transfer.reference = answer.reference AND transfer.status <> 'voided'
    JOIN transfer_order ON transfer_order.transfer_id = transfer.id
    WHERE discrepancy.county = :county
"""


class RunNotOrdered(NotFound):
    """The lines of this run have not become orders."""


async def make(
    session: AsyncSession, caller: Caller, desk: Desk, *, run_id: UUID, now: datetime
) -> dict[str, Any]:
    """Screen a run's orders and put the good ones into envelopes.

    Raises:
        RunNotOrdered: its lines are no orders yet, or there is no such run.
    """
    intake = await run(
        session,
        text(
            "SELECT pay_month, status FROM intake"
            " WHERE run_id = :run_id AND county = :county FOR UPDATE"
        ),
        {"run_id": run_id, "county": caller.county},
    )
    row = intake.one_or_none()
    if row is None or row.status != IntakeStatus.ORDERED:
        raise RunNotOrdered("payments has not taken in its lines", run_id=str(run_id))
    await screening.screen(
        session,
        caller.county,
        desk,
        candidates="payment_order.run_id = :run_id AND payment_order.status = 'ordered'",
        as_of=row.pay_month,
        parameters={"run_id": run_id},
    )
    held = await screening.hold_bad(session, caller.county, desk, now)
    await _build(session, caller, desk, pay_month=row.pay_month, run_id=run_id, now=now)
    if held:
        await audit.record(
            session,
            caller.county,
            actor=caller.subject,
            act="lines-held",
            subject=str(run_id),
            details={"held": held},
        )
    return {
        "run_id": str(run_id),
        "pay_month": row.pay_month,
        "held_now": held,
        "envelopes": await listed(session, caller.county, desk, run_id=run_id),
    }


async def reissue(
    session: AsyncSession, caller: Caller, desk: Desk, *, pay_month: Month, now: datetime
) -> dict[str, Any]:
    """Make the next attempt for each definite failure whose account is in order again.

    A line of which the bank has said two things is left out: it may have been paid.
    """
    await run(
        session,
        text("SELECT pg_advisory_xact_lock(hashtextextended('reissue:' || :county, 0))"),
        {"county": caller.county},
    )
    await screening.screen(
        session,
        caller.county,
        desk,
        candidates=(
            "payment_order.county = :of_county AND payment_order.pay_month = :pay_month"
            " AND payment_order.status IN ('refused', 'returned')"
        ),
        as_of=str(max(pay_month, Month.of(civil_date(now)))),
        parameters={"of_county": caller.county, "pay_month": str(pay_month)},
    )
    await hear_banks_out(session, caller.county)
    await run(
        session,
        text(
            f"UPDATE screened SET reason = 'bank-contradicts' WHERE line_id IN ({CONTRADICTED})"  # noqa: S608 # Our own words; values are bound.
        ),
        {"county": caller.county},
    )
    not_ready = await screening.sums_by_reason(session)
    made = await _build(session, caller, desk, pay_month=str(pay_month), run_id=None, now=now)
    return {
        "pay_month": str(pay_month),
        "not_ready": not_ready,
        "envelopes": [words_of(envelope, desk) for envelope in made],
    }


async def listed(
    session: AsyncSession,
    county: str,
    desk: Desk,
    *,
    run_id: UUID | None = None,
    pay_month: str | None = None,
) -> list[dict[str, Any]]:
    """The envelopes of a run or of a month, voided ones too."""
    query = select(Envelope).where(Envelope.county == county)
    if run_id is not None:
        query = query.where(Envelope.run_id == run_id)
    if pay_month is not None:
        query = query.where(Envelope.pay_month == pay_month)
    found = await session.exec(
        query.order_by(
            col(Envelope.pay_month),
            col(Envelope.bank),
            col(Envelope.project),
            col(Envelope.budget_item),
            col(Envelope.kind),
            col(Envelope.attempt),
            col(Envelope.sequence),
        ).limit(5000)
    )
    return [words_of(envelope, desk) for envelope in found]


def words_of(envelope: Envelope, desk: Desk) -> dict[str, Any]:
    """An envelope as it is told: no account, no name, no person paid."""
    profile = desk.banks.get(envelope.bank)
    return {
        "id": str(envelope.id),
        "run_id": str(envelope.run_id) if envelope.run_id else None,
        "pay_month": envelope.pay_month,
        "bank": envelope.bank,
        "bank_name": profile.names.zh if profile else envelope.bank,
        "project": envelope.project,
        "budget_item": envelope.budget_item,
        "kind": envelope.kind,
        "fund": envelope.fund,
        "attempt": envelope.attempt,
        "sequence": envelope.sequence,
        "count": envelope.count,
        "orders_count": envelope.orders_count,
        "total_fen": envelope.total_fen,
        "list_sha256": envelope.list_sha256,
        "status": str(envelope.status),
        "made_by": envelope.made_by,
        "checked_by": envelope.checked_by,
        "released_by": envelope.released_by,
        "void_reason": envelope.void_reason,
        "format": envelope.format,
        "layout": layout_words(profile) if profile else None,
        "file": envelope.file_name,
        "file_number": envelope.file_number,
        "bytes": envelope.file_bytes,
        "sha256": envelope.file_sha256,
        **{
            name: instant.isoformat() if instant else None
            for name, instant in (
                ("made_at", envelope.made_at),
                ("checked_at", envelope.checked_at),
                ("released_at", envelope.released_at),
                ("published_at", envelope.published_at),
                ("first_fetched_at", envelope.first_fetched_at),
                ("answered_at", envelope.answered_at),
            )
        },
    }


async def hear_banks_out(session: AsyncSession, county: str) -> None:
    """Wait for an answer being applied now: it may say that what failed was paid."""
    await run(
        session,
        text("SELECT pg_advisory_xact_lock_shared(hashtextextended('answers:' || :county, 0))"),
        {"county": county},
    )


def person_of(caller: Caller) -> str:
    """The human behind an account: two accounts of one person are one person."""
    return caller.person or caller.subject


async def note(session: AsyncSession, actor: str, act: str, envelope: Envelope) -> None:
    """Write an act on an envelope into the audit."""
    await audit.record(
        session,
        envelope.county,
        actor=actor,
        act=act,
        subject=str(envelope.id),
        details={
            "bank": envelope.bank,
            "project": envelope.project,
            "attempt": envelope.attempt,
            "count": envelope.count,
            "total_fen": envelope.total_fen,
            "list_sha256": envelope.list_sha256,
        },
    )


async def _build(
    session: AsyncSession,
    caller: Caller,
    desk: Desk,
    *,
    pay_month: str,
    run_id: UUID | None,
    now: datetime,
) -> list[Envelope]:
    """Envelopes from what screening let through."""
    made = []
    for sheaf in await transfers.gather(session, desk.banks):
        sequence = await _next_sequence(session, caller.county, pay_month, sheaf)
        name = (
            f"{caller.county}|{pay_month}|{sheaf.bank}|{sheaf.project}|{sheaf.budget_item}"
            f"|{sheaf.kind}|{sheaf.attempt}|{sequence}|{sheaf.list_sha256}"
        )
        envelope = Envelope(
            id=uuid5(_NAMESPACE, name),
            county=caller.county,
            run_id=run_id,
            pay_month=pay_month,
            bank=sheaf.bank,
            project=sheaf.project,
            budget_item=sheaf.budget_item,
            kind=sheaf.kind,
            fund=sheaf.fund,
            attempt=sheaf.attempt,
            sequence=sequence,
            count=sheaf.count,
            orders_count=sheaf.orders_count,
            total_fen=sheaf.total_fen,
            list_sha256=sheaf.list_sha256,
            status=EnvelopeStatus.MADE,
            made_by=caller.subject,
            made_person=person_of(caller),
            made_at=now,
            format=desk.banks[sheaf.bank].format,
        )
        session.add(envelope)
        await session.flush()
        await transfers.write_down(session, sheaf, envelope)
        made.append(envelope)
    for envelope in made:
        await note(session, caller.subject, "envelope-made", envelope)
    return made


async def _next_sequence(session: AsyncSession, county: str, pay_month: str, sheaf: Sheaf) -> int:
    """Two runs of a month, or two files of a large list, differ by it; unique in the database."""
    found = await run(
        session,
        text(
            "SELECT coalesce(max(sequence), 0) + 1 FROM envelope WHERE county = :county"
            " AND pay_month = :pay_month AND bank = :bank AND project = :project"
            " AND budget_item = :budget_item AND kind = :kind AND attempt = :attempt"
        ),
        {
            "county": county,
            "pay_month": pay_month,
            "bank": sheaf.bank,
            "project": sheaf.project,
            "budget_item": sheaf.budget_item,
            "kind": sheaf.kind,
            "attempt": sheaf.attempt,
        },
    )
    return int(found.scalar_one())
