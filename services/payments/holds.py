"""Lines kept back by screening: each has a reason, an owner and a day; a person lets them go on.

A released line is ordered again and screened again; it goes out in the month's supplementary
envelope, not a month later. What was held for want of an account is released by whoever verifies
the account: whether money may move is decided where all envelopes are signed, and not here.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import payee_accounts
from services.payments.models import Hold, PaymentOrder
from services.payments.screening import OVERRULABLE, Desk
from shared import audit
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict, Forbidden, NotFound

WANTING_AN_ACCOUNT: Final = (
    "no-payee", "relation-without-paper", "account-unverified", "account-refused", "account-closed",
)  # fmt: skip
"""Reasons that are gone once the payee's account and the relation to it are verified."""
VERIFIED: Final = "account-verified"
_SETTLE: Final = text("""
    UPDATE hold SET released_at = :now, released_by = :by, release_reason = :because
    FROM payment_order
    WHERE hold.line_id = payment_order.line_id AND hold.released_at IS NULL
        AND hold.county = :county AND hold.reason = ANY(:reasons)
        AND payment_order.status = 'held' AND payment_order.beneficiary_id = ANY(:beneficiaries)
        AND (
            SELECT payee_relation.verified_at IS NOT NULL AND account.status = 'verified'
            FROM payee_relation JOIN account ON account.id = payee_relation.account_id
            WHERE payee_relation.beneficiary_id = payment_order.beneficiary_id
                AND payee_relation.county = payment_order.county
                AND payee_relation.superseded_at IS NULL
                AND payee_relation.since <= payment_order.pay_month
                AND (payee_relation.until IS NULL
                    OR payee_relation.until >= payment_order.pay_month)
            ORDER BY payee_relation.since DESC LIMIT 1
        )
    RETURNING hold.line_id
""")


class HoldUnknown(NotFound):
    """There is no such hold."""


class HoldReleased(Conflict):
    """This hold was released before."""


class HeadOverrules(Forbidden):
    """What screening found may be overruled by the head alone; who makes payouts does not."""


async def listed(
    session: AsyncSession,
    caller: Caller,
    desk: Desk,
    *,
    pay_month: str | None,
    after: int,
    limit: int,
) -> dict[str, Any]:
    """Open holds in the caller's areas, in the order of their opening, page by page."""
    found = await run(
        session,
        text(
            f"""
            SELECT hold.id, hold.line_id, hold.reason, hold.owner, hold.limit_on, hold.opened_at,
                payment_order.run_id, payment_order.beneficiary_id, payment_order.beneficiary_kind,
                payment_order.household_id, payment_order.village, payment_order.programme,
                payment_order.month, payment_order.pay_month, payment_order.amount_fen,
                {payee_accounts.COLUMNS}
            FROM hold JOIN payment_order USING (line_id) {payee_accounts.JOIN}
            WHERE hold.county = :county AND hold.released_at IS NULL AND hold.id > :after
                AND (CAST(:pay_month AS text) IS NULL OR payment_order.pay_month = :pay_month)
                AND EXISTS (SELECT FROM unnest(CAST(:areas AS text[])) AS area
                    WHERE starts_with(payment_order.village, area))
            ORDER BY hold.id LIMIT :limit
            """  # noqa: S608 # Our own columns; values are bound.
        ),
        {
            "county": caller.county,
            "after": after,
            "pay_month": pay_month,
            "areas": list(caller.areas),
            "limit": limit,
        },
    )
    items = [
        {
            **{name: value for name, value in told.items() if name != "id"},
            "hold_id": told["id"],
        }
        for told in (payee_accounts.told(row._asdict(), desk.banks) for row in found)
    ]
    full = len(items) == limit
    return {"items": items, "next": str(items[-1]["hold_id"]) if full else None}


async def release(
    session: AsyncSession, caller: Caller, hold_id: int, *, reason: str, now: datetime
) -> dict[str, Any]:
    """Let a held line be screened again, with the reason.

    Raises:
        HoldUnknown, HoldReleased, HeadOverrules: as they say.
    """
    found = await session.exec(
        select(Hold).where(Hold.id == hold_id, Hold.county == caller.county).with_for_update()
    )
    hold = found.one_or_none()
    if hold is None:
        raise HoldUnknown
    order = await session.get_one(PaymentOrder, hold.line_id)
    if not caller.may_see(order.village):
        raise HoldUnknown
    if hold.released_at is not None:
        raise HoldReleased
    if hold.reason in OVERRULABLE and not caller.has("payouts:check"):
        raise HeadOverrules("ask the head", reason=hold.reason)
    hold.released_at, hold.released_by, hold.release_reason = now, caller.subject, reason
    await session.flush()
    moved = await run(
        session,
        text(
            "UPDATE payment_order SET status = 'ordered'"
            " WHERE line_id = :line_id AND status = 'held' RETURNING run_id"
        ),
        {"line_id": hold.line_id},
    )
    run_id = moved.scalar_one()
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="hold-released",
        subject=str(hold.line_id),
        details={"hold": hold_id, "was": hold.reason, "reason": reason},
    )
    return {"hold_id": hold_id, "line_id": str(hold.line_id), "run_id": str(run_id)}


async def settle(
    session: AsyncSession, caller: Caller, beneficiaries: Collection[UUID], now: datetime
) -> int:
    """Let go whatever was held for want of an account these payees have now; how many lines.

    A line of an earlier month goes on if the account was theirs in the month it is paid for.
    """
    words = {
        "now": now,
        "by": caller.subject,
        "because": VERIFIED,
        "county": caller.county,
        "reasons": list(WANTING_AN_ACCOUNT),
        "beneficiaries": list(beneficiaries),
    }
    lines = [row.line_id for row in await run(session, _SETTLE, words)]
    if lines:
        await run(
            session,
            text("UPDATE payment_order SET status = 'ordered' WHERE line_id = ANY(:lines)"),
            {"lines": lines},
        )
    for line_id in lines:
        await audit.record(
            session,
            caller.county,
            actor=caller.subject,
            act="hold-released",
            subject=str(line_id),
            details={"reason": VERIFIED},
        )
    return len(lines)
