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
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments.envelopes import person_of
from services.payments.models import Account, PayeeRelation
from services.payments.states import AccountStatus
from shared import audit
from shared.callers import Caller
from shared.contracts.payments import AccountHandedOn
from shared.database import run
from shared.ids import new_id
from shared.names import plain
from shared.problems import Conflict, Malformed, NotFound
from shared.secrets import KeyRing

INDEX: Final = "account.number"
ROSTER: Final = "roster"  # Who recorded what a roster brought: no person, so a head verifies it.


class PayeeElsewhere(NotFound):
    """There is no such payee in the caller's areas."""


class BankUnknown(Malformed):
    """No such bank pays for this county."""


class PaperMissing(Malformed):
    """Somebody else's account needs the paper that lets them receive."""


class AccountOfAnother(Conflict):
    """This account is known under another holder."""


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
        PayeeElsewhere, BankUnknown, PaperMissing, AccountOfAnother: as they say.
    """
    if not await lie_in_areas(session, caller, [brought.beneficiary_id]):
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
    elif plain(brought.holder_name) not in {
        plain(name) for name in (account.holder_name, account.bank_spelling) if name
    }:
        raise AccountOfAnother
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
    await note(session, caller, "account-brought-in", account, beneficiary=payee)
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


async def lie_in_areas(
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


async def note(
    session: AsyncSession, caller: Caller, act: str, account: Account, **details: Any
) -> None:
    """Write down who did what with an account."""
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act=act,
        subject=str(account.id),
        details={"bank": account.bank, "reason": account.status_reason, **details},
    )
