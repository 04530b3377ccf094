"""Money that definitely did not arrive: for whom, why, and where the next attempt would go."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import payee_accounts
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

    `account` is the one the payee has now.
    """
    found = await run(
        session,
        text(
            f"""
            SELECT payment_order.line_id::text, payment_order.run_id::text,
                payment_order.beneficiary_kind, payment_order.beneficiary_id::text,
                payment_order.household_id::text, payment_order.village, payment_order.programme,
                payment_order.month, payment_order.pay_month, payment_order.amount_fen,
                payment_order.status AS outcome, payment_order.reason, payment_order.attempt,
                {payee_accounts.COLUMNS}
            FROM payment_order {payee_accounts.JOIN}
            WHERE payment_order.county = :county AND payment_order.pay_month = :pay_month
                AND payment_order.status IN ('refused', 'returned')
                AND (CAST(:after AS uuid) IS NULL OR payment_order.line_id > :after)
                AND EXISTS (SELECT FROM unnest(CAST(:areas AS text[])) AS area
                    WHERE starts_with(payment_order.village, area))
            ORDER BY payment_order.line_id LIMIT :limit
            """  # noqa: S608 # Our own columns; values are bound.
        ),
        {
            "county": caller.county,
            "pay_month": pay_month,
            "after": after,
            "areas": list(caller.areas),
            "limit": limit,
        },
    )
    items = [payee_accounts.told(row._asdict(), desk.banks) for row in found]
    return {"items": items, "next": items[-1]["line_id"] if len(items) == limit else None}
