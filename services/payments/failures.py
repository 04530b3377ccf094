"""Money that definitely did not arrive: for whom, why, and where the next attempt would go."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments.screening import Desk
from shared.callers import Caller
from shared.database import run


async def listed(
    session: AsyncSession,
    caller: Caller,
    desk: Desk,
    *,
    pay_month: str,
    after: UUID | None,
    limit: int,
) -> dict[str, Any]:
    """Refused and returned lines of a month in the caller's areas, in the order of their ids.

    `account` is the one the payee has now, which a new attempt would go to once it is verified; it
    is told as unverified while the relation to it is.
    """
    found = await run(
        session,
        text(
            """
            SELECT payment_order.line_id::text, payment_order.run_id::text,
                payment_order.beneficiary_kind, payment_order.beneficiary_id::text,
                payment_order.household_id::text, payment_order.village, payment_order.programme,
                payment_order.month, payment_order.pay_month, payment_order.amount_fen,
                payment_order.status AS outcome, payment_order.reason, payment_order.attempt,
                account.id::text AS account_id, account.bank, account.number_last4 AS last4,
                CASE WHEN account.status = 'verified' AND in_force.verified_at IS NULL
                    THEN 'unverified' ELSE account.status END AS status
            FROM payment_order
            LEFT JOIN LATERAL (
                SELECT account_id, verified_at FROM payee_relation
                WHERE payee_relation.beneficiary_id = payment_order.beneficiary_id
                    AND payee_relation.county = payment_order.county AND superseded_at IS NULL
                    AND since <= payment_order.pay_month
                    AND (until IS NULL OR until >= payment_order.pay_month)
                ORDER BY since DESC LIMIT 1
            ) AS in_force ON true
            LEFT JOIN account ON account.id = in_force.account_id
            WHERE payment_order.county = :county AND payment_order.pay_month = :pay_month
                AND payment_order.status IN ('refused', 'returned')
                AND (CAST(:after AS uuid) IS NULL OR payment_order.line_id > :after)
                AND EXISTS (SELECT FROM unnest(CAST(:areas AS text[])) AS area
                    WHERE starts_with(payment_order.village, area))
            ORDER BY payment_order.line_id LIMIT :limit
            """
        ),
        {
            "county": caller.county,
            "pay_month": pay_month,
            "after": after,
            "areas": list(caller.areas),
            "limit": limit,
        },
    )
    items = [_words(dict(row._mapping), desk) for row in found]
    return {"items": items, "next": items[-1]["line_id"] if len(items) == limit else None}


def _words(row: dict[str, Any], desk: Desk) -> dict[str, Any]:
    account_id, bank = row.pop("account_id"), row.pop("bank")
    last4, status = row.pop("last4"), row.pop("status")
    profile = desk.banks.get(bank or "")
    account = {
        "account_id": account_id,
        "bank": bank,
        "bank_name": profile.names.zh if profile else bank,
        "last4": last4,
        "status": status,
    }
    return {**row, "account": account if account_id else None}
