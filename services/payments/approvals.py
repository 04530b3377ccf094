"""Checked by a second person, released by a third: the hash approved is the hash released.

Releasing commits a fund's money to the envelope in one transaction: three persons, the same list to
the fen and the account, the fund's balance under its lock, payouts not frozen. The file is written
after that is committed (payout_files), from rows nobody can change.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import deaths, envelopes, freeze, funds, ledger, transfers
from services.payments.envelopes import person_of
from services.payments.models import Envelope
from services.payments.states import EnvelopeStatus
from shared import crash_points
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict, NotFound


class EnvelopeUnknown(NotFound):
    """There is no such envelope."""


class AnotherPersonNeeded(Conflict):
    """The maker, the checker and the releaser of an envelope are three different persons."""


class ListDiffers(Conflict):
    """The list is not the one that was approved; nothing was done."""


class EnvelopeMoved(Conflict):
    """The envelope is not in the state this needs."""


class AccountChanged(Conflict):
    """An account in the envelope is no longer verified; void the envelope and make it again."""


class BankContradicts(Conflict):
    """The bank may have paid an earlier attempt; void the envelope and ask the bank."""


async def check(
    session: AsyncSession, caller: Caller, envelope_id: UUID, *, list_sha256: str, now: datetime
) -> Envelope:
    """Say that a second person has looked at the list.

    Raises:
        AnotherPersonNeeded, ListDiffers, EnvelopeMoved, EnvelopeUnknown: as they say.
    """
    envelope = await _locked(session, caller.county, envelope_id, EnvelopeStatus.MADE)
    _refuse_the_same_person(caller, {envelope.made_person, envelope.made_by})
    await _refuse_if_list_differs(session, envelope, list_sha256)
    await move(
        session,
        envelope,
        EnvelopeStatus.CHECKED,
        checked_by=caller.subject,
        checked_person=person_of(caller),
        checked_at=now,
    )
    await envelopes.note(session, caller.subject, "envelope-checked", envelope)
    return envelope


async def release(
    session: AsyncSession, caller: Caller, envelope_id: UUID, *, list_sha256: str, now: datetime
) -> Envelope:
    """Commit a fund's money to an envelope.

    Raises:
        PayoutsFrozen, NoAppropriation, AppropriationSpent, AccountChanged, BankContradicts,
            BeneficiaryDied: nothing may leave.
        AnotherPersonNeeded, ListDiffers, EnvelopeMoved, EnvelopeUnknown: as they say.
    """
    envelope = await _locked(session, caller.county, envelope_id, EnvelopeStatus.CHECKED)
    _refuse_the_same_person(
        caller,
        {
            envelope.made_person,
            envelope.made_by,
            envelope.checked_person,
            envelope.checked_by,
        },
    )
    await freeze.refuse_if_frozen(session, caller.county)
    await _refuse_if_list_differs(session, envelope, list_sha256)
    await _refuse_if_account_changed(session, envelope)
    await deaths.refuse_if_died(session, envelope)
    await _refuse_if_bank_contradicts(session, envelope)
    returned_fen = await _from_returned_fen(session, envelope)
    await funds.refuse_if_uncovered(
        session,
        caller.county,
        fund=envelope.fund,
        project=envelope.project,
        pay_month=envelope.pay_month,
        drawn_fen=envelope.total_fen - returned_fen,
    )
    await move(
        session,
        envelope,
        EnvelopeStatus.RELEASED,
        released_by=caller.subject,
        released_person=person_of(caller),
        released_at=now,
        file_number=await _next_file_number(session, envelope),
    )
    await transfers.send_off(
        session, envelope.id, count=envelope.count, orders_count=envelope.orders_count
    )
    await _post_released(session, envelope, returned_fen, now)
    await envelopes.note(session, caller.subject, "envelope-released", envelope)
    crash_points.reach("payments.release-before-commit")
    return envelope


async def void(
    session: AsyncSession, caller: Caller, envelope_id: UUID, *, reason: str
) -> Envelope:
    """Take an envelope apart before its release; its orders wait to be made up again.

    Raises:
        EnvelopeMoved, EnvelopeUnknown: as they say.
    """
    envelope = await _locked(
        session, caller.county, envelope_id, EnvelopeStatus.MADE, EnvelopeStatus.CHECKED
    )
    await move(
        session,
        envelope,
        EnvelopeStatus.VOIDED,
        voided_by=caller.subject,
        void_reason=reason,
    )
    await transfers.void(session, envelope.id)
    await envelopes.note(session, caller.subject, "envelope-voided", envelope)
    return envelope


async def found(session: AsyncSession, county: str, envelope_id: UUID) -> Envelope:
    """An envelope to look at.

    Raises:
        EnvelopeUnknown: there is none.
    """
    known = await session.exec(
        select(Envelope).where(Envelope.id == envelope_id, Envelope.county == county)
    )
    envelope = known.one_or_none()
    if envelope is None:
        raise EnvelopeUnknown
    return envelope


async def move(
    session: AsyncSession, envelope: Envelope, status: EnvelopeStatus, **words: Any
) -> None:
    """Move an envelope from the state it was read in, or not at all.

    Raises:
        EnvelopeMoved: somebody else was first.
    """
    moved = await run(
        session,
        update(Envelope)
        .where(col(Envelope.id) == envelope.id, col(Envelope.status) == envelope.status)
        .values(status=status.value, **words),
    )
    if moved.rowcount != 1:
        raise EnvelopeMoved(f"it was {envelope.status}", status_now="changed meanwhile")
    await session.refresh(envelope)


async def _locked(
    session: AsyncSession, county: str, envelope_id: UUID, *expected: EnvelopeStatus
) -> Envelope:
    found = await session.exec(
        select(Envelope)
        .where(Envelope.id == envelope_id, Envelope.county == county)
        .with_for_update()
    )
    envelope = found.one_or_none()
    if envelope is None:
        raise EnvelopeUnknown
    if envelope.status not in expected:
        raise EnvelopeMoved(
            f"it is {envelope.status}; this needs {' or '.join(expected)}",
            envelope_status=str(envelope.status),
        )
    return envelope


def _refuse_the_same_person(caller: Caller, earlier: set[str | None]) -> None:
    if person_of(caller) in earlier or caller.subject in earlier:
        raise AnotherPersonNeeded("this person has acted on it before")


async def _refuse_if_list_differs(
    session: AsyncSession, envelope: Envelope, approved_sha256: str
) -> None:
    """The list approved, the list made and the list in the database now are one list."""
    found = await transfers.list_digest(session, envelope.id)
    if {approved_sha256, found.list_sha256} != {envelope.list_sha256} or (
        found.count,
        found.total_fen,
        found.ordered_fen,
    ) != (envelope.count, envelope.total_fen, envelope.total_fen):
        raise ListDiffers("look at the list again", list_sha256=envelope.list_sha256)


async def _refuse_if_account_changed(session: AsyncSession, envelope: Envelope) -> None:
    found = await run(
        session,
        text(
            "SELECT count(*) FROM transfer JOIN account ON account.id = transfer.account_id"
            " WHERE transfer.envelope_id = :id AND (account.status <> 'verified'"
            " OR account.number_index <> transfer.account_index)"
        ),
        {"id": envelope.id},
    )
    if changed := int(found.scalar_one()):
        raise AccountChanged(f"{changed} of {envelope.count} transfers", changed=changed)


async def _refuse_if_bank_contradicts(session: AsyncSession, envelope: Envelope) -> None:
    """A next attempt needs a definite failure; a bank that said two things said none."""
    if envelope.attempt == 1:
        return
    await envelopes.hear_banks_out(session, envelope.county)
    found = await run(
        session,
        text(
            f"""
            SELECT count(*) FROM transfer
            JOIN transfer_order ON transfer_order.transfer_id = transfer.id
            WHERE transfer.envelope_id = :id
                AND transfer_order.line_id IN ({envelopes.CONTRADICTED})
            """  # noqa: S608 # Our own words; values are bound.
        ),
        {"id": envelope.id, "county": envelope.county},
    )
    if contradicted := int(found.scalar_one()):
        raise BankContradicts(
            f"{contradicted} of {envelope.orders_count} lines", contradicted=contradicted
        )


async def _from_returned_fen(session: AsyncSession, envelope: Envelope) -> int:
    """How much of it is paid from money that came back, and so draws on no appropriation again."""
    if envelope.attempt == 1:
        return 0
    found = await run(
        session,
        text(
            """
            SELECT coalesce(sum(payment_order.amount_fen), 0)::bigint
            FROM transfer JOIN transfer_order ON transfer_order.transfer_id = transfer.id
            JOIN payment_order USING (line_id)
            JOIN transfer_order earlier ON earlier.line_id = transfer_order.line_id
                AND earlier.attempt = transfer_order.attempt - 1 AND NOT earlier.voided
            JOIN transfer before ON before.id = earlier.transfer_id
            WHERE transfer.envelope_id = :id AND before.status = 'returned'
            """
        ),
        {"id": envelope.id},
    )
    return int(found.scalar_one())


async def _next_file_number(session: AsyncSession, envelope: Envelope) -> int:
    """The running number of files to this bank; it stands in the bytes, so it is fixed here."""
    found = await run(
        session,
        text(
            "INSERT INTO bank_files (county, bank, last_number) VALUES (:county, :bank, 1)"
            " ON CONFLICT (county, bank) DO UPDATE SET last_number = bank_files.last_number + 1"
            " RETURNING last_number"
        ),
        {"county": envelope.county, "bank": envelope.bank},
    )
    return int(found.scalar_one())


async def _post_released(
    session: AsyncSession, envelope: Envelope, returned_fen: int, now: datetime
) -> None:
    await ledger.post(
        session,
        envelope.county,
        act="released",
        subject=str(envelope.id),
        pay_month=envelope.pay_month,
        at=now,
        sides="""
            SELECT 'in-flight' AS account, CAST(:fund AS text) AS fund,
                CAST(:pay_month AS text) AS pay_month, NULL::uuid AS line_id,
                transfer.id AS transfer_id, transfer.amount_fen
            FROM transfer WHERE envelope_id = :envelope_id
            UNION ALL
            SELECT drawn.account, :fund, :pay_month, NULL, NULL, drawn.amount_fen
            FROM (VALUES ('fund', - CAST(:fund_fen AS bigint)),
                ('returned', - CAST(:returned_fen AS bigint))) AS drawn (account, amount_fen)
        """,
        parameters={
            "envelope_id": envelope.id,
            "fund": envelope.fund,
            "pay_month": envelope.pay_month,
            "fund_fen": envelope.total_fen - returned_fen,
            "returned_fen": returned_fen,
        },
    )
