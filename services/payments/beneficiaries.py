"""What became of a beneficiary's money, as they may read it: of a number, four digits."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments.banks.profiles import Profile
from shared.database import run


async def payments_of(
    session: AsyncSession,
    county: str,
    banks: Mapping[str, Profile],
    *,
    beneficiary_id: UUID | None = None,
    line_ids: Sequence[UUID] = (),
) -> list[dict[str, Any]]:
    """The newest three hundred payments of a beneficiary, or those of these lines, newest first."""
    found = await run(
        session,
        text(
            """
            SELECT payment_order.line_id, payment_order.run_id, payment_order.beneficiary_kind,
                payment_order.beneficiary_id, payment_order.household_id, payment_order.village,
                payment_order.programme, payment_order.month, payment_order.pay_month,
                payment_order.line_kind AS kind, payment_order.cause, payment_order.amount_fen,
                payment_order.status, payment_order.reason, payment_order.attempt,
                hold.reason AS held_for, hold.limit_on AS held_until,
                transfer.settled_on, transfer.failed_on, account.number_last4 AS account_last4,
                account.bank
            FROM payment_order
            LEFT JOIN hold ON hold.line_id = payment_order.line_id AND hold.released_at IS NULL
            LEFT JOIN transfer_order ON transfer_order.line_id = payment_order.line_id
                AND transfer_order.attempt = payment_order.attempt AND NOT transfer_order.voided
            LEFT JOIN transfer ON transfer.id = transfer_order.transfer_id
            LEFT JOIN account ON account.id = transfer.account_id
            WHERE payment_order.county = :county AND (
                payment_order.beneficiary_id = :beneficiary_id
                OR payment_order.line_id = ANY (CAST(:line_ids AS uuid[]))
            )
            ORDER BY payment_order.pay_month DESC, payment_order.month DESC,
                payment_order.programme
            LIMIT 300
            """
        ),
        {
            "county": county,
            "beneficiary_id": beneficiary_id,
            "line_ids": [str(line_id) for line_id in line_ids],
        },
    )
    items = []
    for row in found:
        words = dict(row._mapping)
        profile = banks.get(words["bank"] or "")
        words["bank_name"] = profile.names.zh if profile else None
        items.append(words)
    return items


async def result_lines(
    session: AsyncSession,
    banks: Mapping[str, Profile],
    result_id: UUID,
    *,
    after: str,
    limit: int,
) -> dict[str, Any]:
    """What a result file said of each line, for those who tell people; page by page."""
    found = await run(
        session,
        text(
            """
            SELECT payment_order.line_id, payment_order.beneficiary_kind,
                payment_order.beneficiary_id, payment_order.household_id, payment_order.programme,
                payment_order.month, payment_order.pay_month, payment_order.amount_fen,
                answer.outcome,
                CASE WHEN answer.outcome <> 'settled' THEN answer.reason END AS reason,
                account.number_last4 AS account_last4, account.bank,
                payment_order.line_id || ':' || answer.outcome AS place
            FROM result_answer answer
            JOIN transfer ON transfer.id = answer.transfer_id
            JOIN account ON account.id = transfer.account_id
            JOIN transfer_order ON transfer_order.transfer_id = transfer.id
            JOIN payment_order USING (line_id)
            WHERE answer.result_id = :result_id AND answer.verdict = 'applied'
                AND payment_order.line_id || ':' || answer.outcome > :after
            ORDER BY place LIMIT :limit
            """
        ),
        {"result_id": result_id, "after": after, "limit": limit},
    )
    items, place = [], None
    for row in found:
        words = dict(row._mapping)
        place = words.pop("place")
        profile = banks.get(words["bank"])
        words["bank_name"] = profile.names.zh if profile else words["bank"]
        del words["bank"]
        items.append(words)
    return {"items": items, "next": place if len(items) == limit else None}
