"""Accounts apart from people: whose account, at which bank, for whom, by which paper, and verified.

The number is sealed for its row and found again by a keyed index; pages show its last four digits.
A new account after a failure is brought in person and verified by somebody else, or by the bank;
so is the relation that leads a payee's money to it, even to an account verified long ago.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import holds
from services.payments.envelopes import person_of
from services.payments.models import Account, PayeeRelation
from services.payments.states import AccountStatus
from shared import audit
from shared.callers import Caller
from shared.contracts.payments import AccountHandedOn
from shared.database import run
from shared.ids import new_id
from shared.problems import Conflict, Malformed, NotFound
from shared.secrets import KeyRing

INDEX: Final = "account.number"
ROSTER: Final = "roster"  # Who recorded what a roster brought: no person, so a head verifies it.


class AccountUnknown(NotFound):
    """There is no such account."""


class PayeeElsewhere(NotFound):
    """There is no such payee in the caller's areas."""


class BankUnknown(Malformed):
    """No such bank pays for this county."""


class PaperMissing(Malformed):
    """Somebody else's account needs the paper that lets them receive."""


class AnotherPersonVerifies(Conflict):
    """Who brought the account in does not verify it."""


class AccountDecided(Conflict):
    """The account is not in a state that this verdict changes."""


async def bring_in(
    session: AsyncSession,
    caller: Caller,
    keys: KeyRing,
    banks: Iterable[str],
    brought: AccountHandedOn,
    now: datetime,
) -> dict[str, Any]:
    """A new account of a payee, brought in person with its paper; a second person verifies it.

    No money goes by the relation before, however long the account itself has been verified.

    Raises:
        PayeeElsewhere, BankUnknown, PaperMissing: as they say.
    """
    if not await _lie_in_areas(session, caller, [brought.beneficiary_id]):
        raise PayeeElsewhere
    if brought.bank not in banks:
        raise BankUnknown("choose one of these", banks=sorted(banks))
    if not (brought.paper or "").strip():
        raise PaperMissing("name the paper seen")
    index = keys.blind_index(brought.account_number, column=INDEX)
    await run(
        session,
        text("SELECT pg_advisory_xact_lock(hashtextextended(:payee, 0))"),
        {"payee": f"payee:{brought.beneficiary_id}"},
    )
    account = await by_number(session, caller.county, brought.bank, index)
    if account is None:
        account = new_account(caller, keys, brought, index, now)
        session.add(account)
        await session.flush()
    await run(
        session,
        text(
            "UPDATE payee_relation SET superseded_at = :now WHERE beneficiary_id = :beneficiary_id"
            " AND superseded_at IS NULL AND since >= :since"
        ),
        {"beneficiary_id": brought.beneficiary_id, "since": str(brought.since), "now": now},
    )
    session.add(
        PayeeRelation(
            county=caller.county,
            beneficiary_kind=brought.beneficiary_kind,
            beneficiary_id=brought.beneficiary_id,
            account_id=account.id,
            relation=brought.relation,
            paper=brought.paper,
            since=str(brought.since),
            recorded_by=caller.subject,
            recorded_person=person_of(caller),
            recorded_at=now,
        )
    )
    await session.flush()
    payee = str(brought.beneficiary_id)
    await _note(session, caller, "account-brought-in", account, beneficiary=payee)
    return words_of(account)


async def verify(
    session: AsyncSession,
    caller: Caller,
    account_id: UUID,
    *,
    verified: bool,
    reason: str | None,
    bank_spelling: str | None,
    now: datetime,
) -> dict[str, Any]:
    """What a second person, or the bank before pay day, says of an account.

    The relations to it that wait and that somebody else recorded are verified with it, and lines
    that were held for want of it go on.

    Raises:
        AccountUnknown, AnotherPersonVerifies, AccountDecided: as they say.
    """
    found = await session.exec(
        select(Account)
        .where(Account.id == account_id, Account.county == caller.county)
        .with_for_update()
    )
    account = found.one_or_none()
    if account is None:
        raise AccountUnknown
    payees = await session.exec(
        select(PayeeRelation.beneficiary_id).where(
            PayeeRelation.account_id == account.id, col(PayeeRelation.superseded_at).is_(None)
        )
    )
    beneficiaries = payees.all()
    if not await _lie_in_areas(session, caller, beneficiaries):
        raise AccountUnknown
    verdict = AccountStatus.VERIFIED if verified else AccountStatus.REFUSED
    pending = await _pending(session, account) if verified else []
    others = [one for one in pending if _is_another(caller, one.recorded_by, one.recorded_person)]
    changes = account.status not in (verdict, AccountStatus.CLOSED)
    if changes and not _is_another(caller, account.registered_by, account.registered_person):
        raise AnotherPersonVerifies("ask somebody else")
    if not changes and pending and not others:
        raise AnotherPersonVerifies("ask somebody else")
    if account.status == AccountStatus.CLOSED or not (changes or others):
        raise AccountDecided(f"it is {account.status}")
    if changes:
        await _refuse_while_written(session, account_id)
        account.status = verdict
        account.status_reason = reason
        if bank_spelling:
            account.bank_spelling = bank_spelling
        account.decided_by, account.decided_at = caller.subject, now
    for one in others:
        one.verified_by, one.verified_person = caller.subject, person_of(caller)
        one.verified_at = now
    await session.flush()
    await _note(session, caller, f"account-{verdict}", account, relations=len(others))
    if verified:
        await holds.settle(session, caller, beneficiaries, now)
    return words_of(account)


def words_of(account: Account) -> dict[str, Any]:
    """An account as it is told: never its number, never a name."""
    return {
        "account_id": str(account.id),
        "bank": account.bank,
        "last4": account.number_last4,
        "account_kind": account.account_kind,
        "status": str(account.status),
        "status_reason": account.status_reason,
    }


async def bar(
    session: AsyncSession,
    caller: Caller,
    keys: KeyRing,
    *,
    numbers: Sequence[str],
    reason: str,
    now: datetime,
) -> int:
    """Note numbers to which nothing goes unseen, such as officers' cards; only indexes stay."""
    added = 0
    for number in numbers:
        noted = await run(
            session,
            text(
                "INSERT INTO barred_account (county, number_index, reason, recorded_by,"
                " recorded_at) VALUES (:county, :index, :reason, :by, :now) ON CONFLICT DO NOTHING"
            ),
            {
                "county": caller.county,
                "index": keys.blind_index(number, column=INDEX),
                "reason": reason,
                "by": caller.subject,
                "now": now,
            },
        )
        added += noted.rowcount
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="accounts-barred",
        subject=caller.county,
        details={"count": added, "reason": reason},
    )
    return added


async def by_number(session: AsyncSession, county: str, bank: str, index: bytes) -> Account | None:
    """The account that is known by the index of its number."""
    found = await session.exec(
        select(Account).where(
            Account.county == county,
            Account.bank == bank,
            Account.number_index == index,
        )
    )
    return found.one_or_none()


def new_account(
    caller: Caller, keys: KeyRing, item: AccountHandedOn, index: bytes, now: datetime
) -> Account:
    """An account nobody has verified yet, its number sealed for its own row."""
    account_id = new_id()
    return Account(
        id=account_id,
        county=caller.county,
        bank=item.bank,
        account_kind=item.account_kind,
        holder_kind=item.holder_kind,
        holder_id=item.holder_id,
        holder_name=item.holder_name,
        number_sealed=keys.encrypt(
            item.account_number, table="account", column="number", row=account_id
        ),
        number_index=index,
        number_last4=item.account_number[-4:],
        status=AccountStatus.UNVERIFIED,
        registered_by=caller.subject,
        registered_person=person_of(caller),
        registered_at=now,
    )


async def _lie_in_areas(
    session: AsyncSession, caller: Caller, beneficiaries: Sequence[UUID]
) -> bool:
    """Whether the caller may see each payee's village; the whole county where none is known."""
    found = await run(
        session,
        text(
            """
            SELECT DISTINCT coalesce(home.village, :county) AS division
            FROM unnest(CAST(:beneficiaries AS uuid[])) AS payee (beneficiary_id)
            LEFT JOIN LATERAL (
                SELECT village FROM payment_order
                WHERE payment_order.beneficiary_id = payee.beneficiary_id
                    AND payment_order.county = :county
                ORDER BY pay_month DESC, line_id DESC LIMIT 1
            ) AS home ON true
            """
        ),
        {"county": caller.county, "beneficiaries": [str(one) for one in beneficiaries]},
    )
    divisions = [row.division for row in found] or [caller.county]
    return all(caller.may_see(division) for division in divisions)


async def _pending(session: AsyncSession, account: Account) -> Sequence[PayeeRelation]:
    """The relations to an account that nobody has verified yet."""
    found = await session.exec(
        select(PayeeRelation)
        .where(
            PayeeRelation.account_id == account.id,
            PayeeRelation.county == account.county,
            col(PayeeRelation.superseded_at).is_(None),
            col(PayeeRelation.verified_at).is_(None),
        )
        .order_by(col(PayeeRelation.id))
        .with_for_update()
    )
    return found.all()


def _is_another(caller: Caller, subject: str, person: str) -> bool:
    """Whether the caller may be the second person; for what a roster brought, only a head is."""
    if person == ROSTER:
        return caller.has("payouts:check") or caller.has("accounts:verify")
    return not {person_of(caller), caller.subject} & {subject, person}


async def _refuse_while_written(session: AsyncSession, account_id: UUID) -> None:
    """A released file is a function of its rows; they stand still until it is published."""
    found = await run(
        session,
        text(
            "SELECT 1 FROM transfer JOIN envelope ON envelope.id = transfer.envelope_id"
            " WHERE transfer.account_id = :id AND envelope.status = 'released' LIMIT 1"
        ),
        {"id": account_id},
    )
    if found.one_or_none() is not None:
        raise AccountDecided("a file that names it is being written; try again in a minute")


async def _note(
    session: AsyncSession, caller: Caller, act: str, account: Account, **details: Any
) -> None:
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act=act,
        subject=str(account.id),
        details={"bank": account.bank, "reason": account.status_reason, **details},
    )
