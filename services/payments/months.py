"""A pay month as it stands now: every line once, by the state of its order; and its proof."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import envelopes, recoveries
from services.payments.models import Proof
from services.payments.screening import Desk
from services.payments.states import WAITING, OrderStatus
from shared import audit
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict

UNPAID_LONG: Final = timedelta(days=30)
STATES: Final = {"held_lines": (OrderStatus.HELD,), "waiting": WAITING}
"""The words of the month for more than one status, or for one by another name."""
_CHECKED: Final = {
    "waiting": WAITING,
    **{str(status): (status,) for status in OrderStatus if status not in WAITING},
}
"""The groups by which the checker tells every order of the month."""
_NOWHERE: Final = {"count": 0, "total_fen": 0}


class ProofOfAnother(Conflict):
    """What was checked is not what stands here now; check the month again."""


async def summed(
    session: AsyncSession, county: str, desk: Desk, pay_month: str, now: datetime
) -> dict[str, Any]:
    """The month: held, envelopes, settled, returned, refused, unconfirmed, waiting; how much
    arrived at once, how much of what came back was paid since, what has long lain; and what was
    paid back in that calendar month.
    """
    by_status = await _by_status(session, county, pay_month)
    waiting = [by_status.get(status, _NOWHERE) for status in WAITING]
    listed = await envelopes.listed(session, county, desk, pay_month=pay_month)
    return {
        "county": county,
        "pay_month": pay_month,
        "ordered": _added(list(by_status.values())),
        "held_lines": {
            **by_status.get(OrderStatus.HELD, _NOWHERE),
            "reasons": await _held_reasons(session, county, pay_month),
        },
        "settled": by_status.get(OrderStatus.SETTLED, _NOWHERE),
        "returned": by_status.get(OrderStatus.RETURNED, _NOWHERE),
        "refused": by_status.get(OrderStatus.REFUSED, _NOWHERE),
        "unconfirmed": by_status.get(OrderStatus.UNCONFIRMED, _NOWHERE),
        "waiting": _added(waiting),
        **await _arrivals(session, county, pay_month, now),
        "owed_back": await recoveries.summed(session, county, pay_month),
        "envelopes": [words for words in listed if words["status"] != "voided"],
        "discrepancies": await _discrepancies(session, county),
        "proof": await _latest_proof(session, county, pay_month),
    }


async def behind(
    session: AsyncSession,
    county: str,
    pay_month: str,
    state: str,
    *,
    after: UUID | None,
    limit: int,
) -> dict[str, Any]:
    """The orders a state of the month counts, with what they come to."""
    statuses = STATES.get(state, (state,))
    asked = {"county": county, "pay_month": pay_month, "statuses": [str(s) for s in statuses]}
    sums = (await run(session, text(f"SELECT {_SUMS} {_IN_STATE}"), asked)).one()
    page = {"after": after or UUID(int=0), "limit": limit}
    rows = await run(session, text(f"SELECT {_ORDERS} {_IN_STATE} {_ONE_PAGE}"), asked | page)
    return {
        "count": sums.orders,
        "total_fen": int(sums.total_fen),
        "items": [dict(row._mapping) for row in rows],
    }


async def keep_proof(
    session: AsyncSession,
    caller: Caller,
    pay_month: str,
    *,
    ok: bool,
    findings: list[dict[str, Any]],
    totals: dict[str, Any],
    checked_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    """Keep what the independent checker found, so that the month's page shows it.

    Raises:
        ProofOfAnother: its totals are not those of the month's orders, or do not add up.
    """
    by_status = await _by_status(session, caller.county, pay_month)
    stand = {
        group: _added([by_status.get(status, _NOWHERE) for status in statuses])
        for group, statuses in _CHECKED.items()
    }
    granted = _added(list(stand.values()))
    if {**totals, "granted": granted} != {**stand, "granted": granted}:
        raise ProofOfAnother("it counts other orders than stand here now")
    if ok and totals.get("granted") != granted:
        raise ProofOfAnother("what was granted is not what was ordered")
    proof = Proof(
        county=caller.county,
        pay_month=pay_month,
        ok=ok,
        findings=findings,
        totals=totals,
        checked_at=checked_at,
        recorded_by=caller.subject,
        recorded_at=now,
    )
    session.add(proof)
    await session.flush()
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="month-proved" if ok else "month-not-proved",
        subject=pay_month,
        details={"findings": len(findings)},
    )
    return _proof_words(proof)


async def _by_status(
    session: AsyncSession, county: str, pay_month: str
) -> dict[str, dict[str, int]]:
    found = await run(
        session,
        text(
            "SELECT status, count(*) AS lines, sum(amount_fen)::bigint AS total_fen"
            " FROM payment_order WHERE county = :county AND pay_month = :pay_month GROUP BY status"
        ),
        {"county": county, "pay_month": pay_month},
    )
    return {row.status: {"count": row.lines, "total_fen": row.total_fen} for row in found}


async def _arrivals(
    session: AsyncSession, county: str, pay_month: str, now: datetime
) -> dict[str, Any]:
    words = {"county": county, "pay_month": pay_month, "long_ago": now - UNPAID_LONG}
    found = (await run(session, text(_ARRIVALS), words)).one()
    return {
        "success": {
            "answered": found.at_once + found.came_back,
            "at_once": found.at_once,
            "came_back": found.came_back,
            "paid_since": found.paid_since,
        },
        "unpaid_long": {"count": found.unpaid_long, "total_fen": int(found.unpaid_fen)},
    }


def _added(sums: list[dict[str, int]]) -> dict[str, int]:
    return {
        "count": sum(part["count"] for part in sums),
        "total_fen": sum(part["total_fen"] for part in sums),
    }


async def _held_reasons(session: AsyncSession, county: str, pay_month: str) -> dict[str, int]:
    found = await run(
        session,
        text(
            "SELECT hold.reason, count(*) AS lines FROM hold JOIN payment_order USING (line_id)"
            " WHERE hold.county = :county AND pay_month = :pay_month AND released_at IS NULL"
            " AND payment_order.status = 'held' GROUP BY hold.reason ORDER BY hold.reason"
        ),
        {"county": county, "pay_month": pay_month},
    )
    return {row.reason: row.lines for row in found}


async def _discrepancies(session: AsyncSession, county: str) -> dict[str, int]:
    found = await run(
        session,
        text(
            "SELECT kind, count(*) AS lines FROM discrepancy WHERE county = :county"
            " GROUP BY kind ORDER BY kind"
        ),
        {"county": county},
    )
    return {row.kind: row.lines for row in found}


async def _latest_proof(
    session: AsyncSession, county: str, pay_month: str
) -> dict[str, Any] | None:
    found = await session.exec(
        select(Proof)
        .where(Proof.county == county, Proof.pay_month == pay_month)
        .order_by(col(Proof.recorded_at).desc(), col(Proof.id).desc())
        .limit(1)
    )
    proof = found.one_or_none()
    return _proof_words(proof) if proof else None


def _proof_words(proof: Proof) -> dict[str, Any]:
    return {
        "ok": proof.ok,
        "findings": proof.findings,
        "totals": proof.totals,
        "checked_at": proof.checked_at.isoformat(),
        "recorded_by": proof.recorded_by,
        "recorded_at": proof.recorded_at.isoformat(),
    }


_SUMS: Final = "count(*) AS orders, coalesce(sum(amount_fen), 0) AS total_fen"
_ORDERS: Final = (
    "line_id::text, beneficiary_id::text, village, programme, month, pay_month, cause, amount_fen"
)
_IN_STATE: Final = (
    "FROM payment_order WHERE county = :county AND pay_month = :pay_month"
    " AND status = ANY (:statuses)"
)
_ONE_PAGE: Final = "AND line_id > :after ORDER BY line_id LIMIT :limit"

# An order is at its second attempt only after the first has definitely failed.
_ARRIVALS: Final = """
SELECT count(*) FILTER (WHERE status = 'settled' AND attempt = 1) AS at_once,
    count(*) FILTER (WHERE status IN ('refused', 'returned') OR attempt > 1) AS came_back,
    count(*) FILTER (WHERE status = 'settled' AND attempt > 1) AS paid_since,
    count(*) FILTER (WHERE status <> 'settled' AND finished_at <= :long_ago) AS unpaid_long,
    coalesce(sum(amount_fen) FILTER (
        WHERE status <> 'settled' AND finished_at <= :long_ago
    ), 0) AS unpaid_fen
FROM (
    SELECT payment_order.status, payment_order.attempt, payment_order.amount_fen,
        intake.finished_at
    FROM payment_order JOIN intake USING (run_id)
    WHERE payment_order.county = :county AND payment_order.pay_month = :pay_month
) AS ordered
"""
