"""Another account a case names: known from when it is asked for, paid to from when it is decided.

The number comes here once, from the desk, and stays; the case goes on with an id and four digits.
Whoever asked, looked and decided are three persons of that case: their decision is the second
person's word. Money that is in a file goes where the file says. An account its bank refused
meanwhile takes the place of no account that works.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import holds, payee_answers
from services.payments.accounts import (
    INDEX,
    AccountOfAnother,
    BankUnknown,
    by_number,
    new_account,
    words_of,
)
from services.payments.banks.profiles import Profile
from services.payments.models import Account, PayeeRelation
from services.payments.states import AccountStatus
from shared import audit
from shared.callers import Caller, Kind
from shared.contracts.identification import PayeeDecided
from shared.contracts.payments import AccountHandedOn, AccountOffered, PayeeOutcome
from shared.database import run
from shared.months import Month, civil_date
from shared.outbox import once
from shared.problems import Conflict
from shared.secrets import KeyRing

CONSUMER: Final = "payments-payees"
_ACTOR: Final = "identification"
_UNUSABLE: Final[Mapping[str, PayeeOutcome]] = {
    AccountStatus.REFUSED: PayeeOutcome.ACCOUNT_REFUSED,
    AccountStatus.CLOSED: PayeeOutcome.ACCOUNT_CLOSED,
}
_NOW: Final = text("""
    SELECT account.bank, account.number_last4 AS last4, account.id AS account_id, relation,
        verified_at IS NOT NULL AND account.status = 'verified' AS works FROM payee_relation
    JOIN account ON account.id = payee_relation.account_id
    WHERE payee_relation.beneficiary_id = :beneficiary_id AND payee_relation.county = :county
        AND superseded_at IS NULL AND since <= :month AND (until IS NULL OR until >= :month)
    ORDER BY since DESC LIMIT 1
""")
_LAST: Final = text("""
    SELECT account_id FROM payee_relation WHERE beneficiary_id = :beneficiary_id
        AND county = :county AND superseded_at IS NULL ORDER BY since DESC LIMIT 1
""")
# What was decided later stands, in whichever order the two are heard.
_DECIDED_SINCE: Final = text("""
    SELECT 1 FROM payee_relation WHERE beneficiary_id = :beneficiary_id AND county = :county
        AND superseded_at IS NULL AND since <= :since AND recorded_at > :decided_at LIMIT 1
""")
_WORKS: Final = text("""
    SELECT 1 FROM payee_relation JOIN account ON account.id = payee_relation.account_id
    WHERE payee_relation.beneficiary_id = :beneficiary_id AND payee_relation.county = :county
        AND superseded_at IS NULL AND (until IS NULL OR until >= :since)
        AND verified_at IS NOT NULL AND account.status = 'verified' LIMIT 1
""")
_SUPERSEDE: Final = text("""
    UPDATE payee_relation SET superseded_at = :now WHERE beneficiary_id = :beneficiary_id
        AND county = :county AND superseded_at IS NULL AND since >= :since
        AND recorded_at <= :decided_at
""")


class AccountUnusable(Conflict):
    """The bank refused or closed this account; another one is wanted."""


async def take(
    session: AsyncSession,
    caller: Caller,
    keys: KeyRing,
    banks: Mapping[str, Profile],
    beneficiary_id: UUID,
    offered: AccountOffered,
    now: datetime,
) -> dict[str, Any]:
    """Know an account by its number; what it is called, and where the payee's money goes now.

    Raises:
        BankUnknown, AccountOfAnother, AccountUnusable: as they say.
    """
    named = [code for code, each in banks.items() if offered.bank in (code, each.names.zh)]
    if not named:
        known = sorted(each.names.zh for each in banks.values())
        raise BankUnknown(f"name one of {', '.join(known)}", banks=known)
    index = keys.blind_index(offered.account_number, column=INDEX)
    await run(
        session,
        text("SELECT pg_advisory_xact_lock(hashtextextended(:account, 0))"),
        {"account": f"account:{named[0]}:{index.hex()}"},
    )
    account = await by_number(session, caller.county, named[0], index)
    if account is None:
        words = offered.model_dump(exclude={"bank"})
        item = AccountHandedOn(
            **words,
            beneficiary_id=beneficiary_id,
            bank=named[0],
            relation="self",
            since=Month.of(civil_date(now)),
        )
        account = new_account(caller, keys, item, index, now)
        session.add(account)
        await session.flush()
        await _note(session, caller.county, "account-offered", account, beneficiary_id)
    elif account.holder_id != offered.holder_id:
        raise AccountOfAnother
    elif account.status in _UNUSABLE:
        raise AccountUnusable(f"it is {account.status}")
    return {
        **words_of(account),
        "bank_name": banks[account.bank].names.zh,
        "now": await _paid_to_now(session, caller.county, banks, beneficiary_id, now),
    }


@once(CONSUMER)
async def hear(session: AsyncSession, context: Any, event: PayeeDecided) -> None:
    """Let a payee's money go to the account that was decided, from its month on; or to none.

    Whatever became of it is answered. What is not taken is on record as not taken: its bank refused
    it and another works, or it was to stand again in the place of an account that is not paid to
    any more.
    """
    now = context.clock.now()
    await run(
        session,
        text("SELECT pg_advisory_xact_lock(hashtextextended(:payee, 0))"),
        {"payee": f"payee:{event.beneficiary_id}"},
    )
    account_id = event.account_id or event.instead_of
    account = await session.get_one(Account, account_id, with_for_update=True)
    by = f"case:{event.case_id}"
    if event.account_id is not None and account.status == AccountStatus.UNVERIFIED:
        account.status, account.decided_by, account.decided_at = (
            AccountStatus.VERIFIED, by, now,
        )  # fmt: skip
    outcome, works, taken = await _relate(session, event, account, by, now)
    act = "payee-ended" if event.account_id is None else "payee-decided"
    act = act if taken else "payee-not-taken"
    if outcome is not None:
        await payee_answers.answer(session, event, outcome, paid_meanwhile=works, now=now)
    await _note(
        session, event.county, act, account, event.beneficiary_id, status=str(account.status),
        case=str(event.case_id), from_month=str(event.from_month),
    )  # fmt: skip
    own = Caller(_ACTOR, Kind.SERVICE, event.county)
    await holds.settle(session, own, [event.beneficiary_id], now)


async def _relate(
    session: AsyncSession, event: PayeeDecided, account: Account, by: str, now: datetime
) -> tuple[PayeeOutcome | None, bool, bool]:
    """Write down where the money goes; where it goes nowhere, that is over before its first month.

    Returns:
        What became of it, none where something was decided since; whether an account that works is
        paid to; and whether it was taken, or the account that works is kept.
    """
    words = {
        "beneficiary_id": event.beneficiary_id,
        "county": event.county,
        "since": str(event.from_month),
        "decided_at": event.occurred_at,
        "now": now,
    }
    overtaken = (await run(session, _DECIDED_SINCE, words)).first() is not None
    refused = _UNUSABLE.get(account.status) if event.account_id is not None else None
    works = (await run(session, _WORKS, words)).first() is not None
    outcome, taken = refused or PayeeOutcome.TAKEN, refused is None or not works
    if event.account_id is None:
        outcome, works = PayeeOutcome.NOWHERE, False
    if event.instead_of is not None:
        last = (await run(session, _LAST, words)).scalar()
        if last not in {None, event.instead_of, event.account_id}:
            outcome, taken = PayeeOutcome.ANOTHER_SINCE, False
    if taken:
        await run(session, _SUPERSEDE, words)
    session.add(
        PayeeRelation(
            county=event.county,
            beneficiary_kind=event.beneficiary_kind,
            beneficiary_id=event.beneficiary_id,
            account_id=account.id,
            relation=event.relation,
            paper=event.receipt,
            since=str(event.from_month),
            until=str(event.from_month.previous()) if event.account_id is None else None,
            superseded_at=now if overtaken or not taken else None,
            recorded_by=_ACTOR,
            recorded_person=by,
            recorded_at=event.occurred_at,
            verified_by=_ACTOR,
            verified_person=by,
            verified_at=now,
        )
    )
    await session.flush()
    works = works or outcome is PayeeOutcome.TAKEN
    return (None if overtaken else outcome), works, taken


async def _paid_to_now(
    session: AsyncSession,
    county: str,
    banks: Mapping[str, Profile],
    beneficiary_id: UUID,
    now: datetime,
) -> dict[str, str] | None:
    """The account a payee's money goes to this month, by bank and four digits; and by its id and
    relation where it works, for it may have to stand again."""
    month = str(Month.of(civil_date(now)))
    words = {"county": county, "beneficiary_id": beneficiary_id, "month": month}
    row = (await run(session, _NOW, words)).first()
    if row is None:
        return None
    profile = banks.get(row.bank)
    known = {"bank_name": profile.names.zh if profile else row.bank, "last4": row.last4}
    return known | (
        {"account_id": str(row.account_id), "relation": row.relation} if row.works else {}
    )


async def _note(
    session: AsyncSession,
    county: str,
    act: str,
    account: Account,
    beneficiary_id: UUID,
    **details: str,
) -> None:
    await audit.record(
        session,
        county,
        actor=_ACTOR,
        act=act,
        subject=str(account.id),
        details={"bank": account.bank, "beneficiary": str(beneficiary_id), **details},
    )
