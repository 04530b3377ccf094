"""What casework is answered of a payee it decided: whether the money goes there, or what is wrong.

Said with every decision that is heard; and again when a bank refuses the account it led to, or
somebody verifies another by hand. Of payees no case ever decided nothing is said.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments.states import AccountStatus
from shared.contracts.identification import PayeeDecided
from shared.contracts.payments import PayeeAnswered, PayeeOutcome
from shared.database import run
from shared.outbox import announce

_OUTCOMES: Final = {
    AccountStatus.VERIFIED.value: PayeeOutcome.TAKEN,
    AccountStatus.REFUSED.value: PayeeOutcome.ACCOUNT_REFUSED,
    AccountStatus.CLOSED.value: PayeeOutcome.ACCOUNT_CLOSED,
}
# Payees whose newest relation leads to one of these accounts, and whom a case decided once.
_LED_TO: Final = text("""
    SELECT last.beneficiary_id, account.status, last.verified_at IS NOT NULL AS verified
    FROM (
        SELECT DISTINCT ON (beneficiary_id) beneficiary_id, account_id, until, verified_at
        FROM payee_relation
        WHERE county = :county AND superseded_at IS NULL AND beneficiary_id IN (
            SELECT beneficiary_id FROM payee_relation WHERE account_id = ANY (:accounts)
            INTERSECT
            SELECT beneficiary_id FROM payee_relation
            WHERE recorded_person LIKE 'case:%' AND county = :county
        )
        ORDER BY beneficiary_id, since DESC, recorded_at DESC
    ) AS last JOIN account ON account.id = last.account_id
    WHERE last.account_id = ANY (:accounts) AND last.until IS NULL
    ORDER BY last.beneficiary_id
""")


async def answer(
    session: AsyncSession,
    decided: PayeeDecided,
    outcome: PayeeOutcome,
    *,
    paid_meanwhile: bool,
    now: datetime,
) -> None:
    """Answer a decision with what became of it."""
    event = PayeeAnswered(
        county=decided.county,
        occurred_at=now,
        case_id=decided.case_id,
        beneficiary_id=decided.beneficiary_id,
        outcome=outcome,
        paid_meanwhile=paid_meanwhile,
    )
    await announce(session, event)


async def answer_again(
    session: AsyncSession, county: str, account_ids: Collection[UUID], now: datetime
) -> None:
    """Say how payees stand whose account a bank refused, or somebody verified by hand."""
    words = {"county": county, "accounts": list(account_ids)}
    for row in (await run(session, _LED_TO, words)).all():
        outcome = _OUTCOMES.get(row.status)
        if outcome is None or (outcome is PayeeOutcome.TAKEN and not row.verified):
            continue
        event = PayeeAnswered(
            county=county,
            occurred_at=now,
            case_id=None,
            beneficiary_id=row.beneficiary_id,
            outcome=outcome,
            paid_meanwhile=outcome is PayeeOutcome.TAKEN,
        )
        await announce(session, event)
