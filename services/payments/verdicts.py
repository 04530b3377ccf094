"""A second person's word on an account, and on everybody whose money is led to it.

Whoever gives it was shown the holder and each payee that waits, and names them by their relations:
a payee who was led to the account since is nobody they have seen, and the word is not taken.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import holds, payee_answers
from services.payments.accounts import ROSTER, lie_in_areas, note, words_of
from services.payments.envelopes import person_of
from services.payments.models import Account, PayeeRelation
from services.payments.states import AccountStatus
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict, NotFound

RELATIONS_MOST: Final = 2000
"""How many payees one account is ever shown with: a home with all who live in it."""


class AccountUnknown(NotFound):
    """There is no such account."""


class AnotherPersonVerifies(Conflict):
    """Who brought the account in does not verify it."""


class AccountDecided(Conflict):
    """The account is not in a state that this verdict changes."""


class PayeesChanged(Conflict):
    """Other payees wait at this account than those who were seen; look at it again."""


async def shown(session: AsyncSession, caller: Caller, account_id: UUID) -> dict[str, Any]:
    """An account as whoever verifies it sees it: the holder, and each payee it is paid for.

    Raises:
        AccountUnknown: there is none, or one of its payees lives outside the caller's areas.
    """
    account = await _account(session, caller, account_id)
    relations = await _relations(session, account)
    if not await lie_in_areas(session, caller, [each.beneficiary_id for each in relations]):
        raise AccountUnknown
    await note(session, caller, "account-looked-at", account)
    return {
        **words_of(account),
        "holder_kind": account.holder_kind,
        "holder_name": account.holder_name,
        "bank_spelling": account.bank_spelling,
        "payees": [
            {
                "relation_id": str(each.id),
                "beneficiary_kind": each.beneficiary_kind,
                "beneficiary_id": str(each.beneficiary_id),
                "relation": each.relation,
                "paper": each.paper,
                "since": each.since,
                "verified": each.verified_at is not None,
            }
            for each in relations
        ],
    }


async def verify(
    session: AsyncSession,
    caller: Caller,
    account_id: UUID,
    *,
    verified: bool,
    seen: Collection[UUID],
    reason: str | None,
    bank_spelling: str | None,
    now: datetime,
) -> dict[str, Any]:
    """What a second person, or the bank before pay day, says of an account.

    The relations that were seen and that somebody else recorded are verified with it, and lines
    that were held for want of it go on.

    Args:
        seen: every relation to it that waits, as the caller was shown them.

    Raises:
        AccountUnknown, AnotherPersonVerifies, AccountDecided, PayeesChanged: as they say.
    """
    account = await _account(session, caller, account_id, with_for_update=True)
    relations = await _relations(session, account, with_for_update=True)
    beneficiaries = [each.beneficiary_id for each in relations]
    if not await lie_in_areas(session, caller, beneficiaries):
        raise AccountUnknown
    verdict = AccountStatus.VERIFIED if verified else AccountStatus.REFUSED
    pending = [each for each in relations if verified and each.verified_at is None]
    others = [
        each for each in pending if _is_another(caller, each.recorded_by, each.recorded_person)
    ]
    changes = account.status not in (verdict, AccountStatus.CLOSED)
    if changes and not _is_another(caller, account.registered_by, account.registered_person):
        raise AnotherPersonVerifies("ask somebody else")
    if not changes and pending and not others:
        raise AnotherPersonVerifies("ask somebody else")
    if account.status == AccountStatus.CLOSED or not (changes or others):
        raise AccountDecided(f"it is {account.status}")
    if verified and {each.id for each in pending} != set(seen):
        raise PayeesChanged("look at it again", waiting=len(pending))
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
    await note(session, caller, f"account-{verdict}", account, relations=len(others))
    await payee_answers.answer_again(session, caller.county, [account.id], now)
    if verified:
        await holds.settle(session, caller, beneficiaries, now)
    return words_of(account)


async def _account(
    session: AsyncSession, caller: Caller, account_id: UUID, *, with_for_update: bool = False
) -> Account:
    account = await session.get(Account, account_id, with_for_update=with_for_update or None)
    if account is None or account.county != caller.county:
        raise AccountUnknown
    return account


async def _relations(
    session: AsyncSession, account: Account, *, with_for_update: bool = False
) -> Sequence[PayeeRelation]:
    """Every relation to an account that stands, verified or not."""
    wanted = (
        select(PayeeRelation)
        .where(
            PayeeRelation.account_id == account.id,
            PayeeRelation.county == account.county,
            col(PayeeRelation.superseded_at).is_(None),
        )
        .order_by(col(PayeeRelation.id))
    )
    found = await session.exec(wanted.with_for_update() if with_for_update else wanted)
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
