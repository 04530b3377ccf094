"""How far each message got on its way to a telephone: every move here, each from a named state.

A delivery is `sending` from before the carrier hears of it until its answer is written down, under
the token of the one sender there is. Whoever wakes up with an older token can move nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.channels import Answer, Receipt, Standing
from shared import audit
from shared.contracts.notifications import MessageUndeliverable
from shared.database import run
from shared.outbox import announce

RETRY_SECONDS_MAX: Final = 3600
RECEIPTS_KEPT: Final = timedelta(days=7)
_SWEEP_ROWS: Final = 1000


class State(StrEnum):
    """How far a delivery got."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    NO_PHONE = "no-phone"


class Lane(StrEnum):
    """Who goes first: a person who waits at a screen never stands behind a payment's notices."""

    CODE = "code"
    NOTICE = "notice"


MAY_BECOME: Final = {
    State.WAITING: {State.SENDING, State.FAILED},
    State.SENDING: {State.SENT, State.FAILED, State.WAITING},
    State.SENT: {State.DELIVERED, State.FAILED},
    State.DELIVERED: set(),
    State.FAILED: set(),
    State.NO_PHONE: set(),
}

_NEXT: Final = {
    Standing.TAKEN: State.SENT,
    Standing.NEVER: State.FAILED,
    Standing.NOT_NOW: State.WAITING,
    Standing.NOT_OFFERED: State.WAITING,
    Standing.UNANSWERED: State.WAITING,
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a carrier said of one delivery."""

    message_id: UUID
    attempts: int
    answer: Answer


async def claim(
    session: AsyncSession, county: str, token: int, lane: Lane, *, limit: int, now: datetime
) -> Sequence[Any]:
    """Write down that these are about to be sent: the oldest that are due, with their words."""
    claimed = await run(
        session,
        _CLAIM,
        {"county": county, "token": token, "lane": lane.value, "limit": limit, "now": now},
    )
    return claimed.all()


async def give_back(session: AsyncSession, county: str, token: int) -> int:
    """Let wait again what an earlier sender left `sending`: it may be told twice, or never was."""
    moved = await run(session, _GIVE_BACK, {"county": county, "token": token})
    if moved.rowcount:
        await _note(session, county, "texts-given-back", token, {"count": moved.rowcount})
    return moved.rowcount


async def record_answers(
    session: AsyncSession,
    county: str,
    token: int,
    offered: Sequence[Offered],
    *,
    retry_seconds: float,
    now: datetime,
) -> None:
    """Write down what the carrier said, and any receipt that came before its answer."""
    moved = await run(
        session,
        _ANSWERED,
        {
            "token": token,
            "now": now,
            "ids": [each.message_id for each in offered],
            "states": [_NEXT[each.answer.standing].value for each in offered],
            "pauses": [_pause_seconds(each, retry_seconds) for each in offered],
            "counted": [int(each.answer.standing is not Standing.NOT_OFFERED) for each in offered],
            "carrier_ids": [each.answer.carrier_message_id for each in offered],
            "reasons": [each.answer.reason or None for each in offered],
        },
    )
    rows = moved.all()
    early = await _match(session, now, [row.carrier_message_id for row in rows])
    await _say_undeliverable(session, county, [*rows, *early], now)
    counts = _counted([*rows, *early])
    if set(counts) - {State.WAITING.value}:
        await _note(session, county, "texts-offered", token, counts)


async def record_receipts(
    session: AsyncSession, county: str, receipts: Iterable[Receipt], *, now: datetime
) -> None:
    """Write down what became of texts; a receipt ahead of its answer is kept for it."""
    once = {receipt.carrier_message_id: receipt for receipt in receipts}
    words = {
        "county": county,
        "carrier_ids": list(once),
        "delivered": [receipt.delivered for receipt in once.values()],
        "reasons": [receipt.reason for receipt in once.values()],
    }
    rows = (await run(session, _RECEIVED, {**words, "now": now})).all()
    await run(session, _KEEP_EARLY, words)
    await _say_undeliverable(session, county, rows, now)
    if rows:
        await _note(session, county, "receipts-kept", "carrier", _counted(rows))


async def sweep(session: AsyncSession, county: str, *, now: datetime, away: bool) -> int:
    """Settle what time has settled: receipts that waited for their answer, texts out of time.

    A notice that only stood in line is sent late rather than never, unless the carrier is `away`.
    """
    matched = await _match(session, now, None)
    expired = await run(
        session, _EXPIRE, {"county": county, "now": now, "limit": _SWEEP_ROWS, "away": away}
    )
    rows = [*matched, *expired.all()]
    await run(session, _FORGET, {"county": county, "days": RECEIPTS_KEPT.days})
    await _say_undeliverable(session, county, rows, now)
    if rows:
        await _note(session, county, "texts-swept", "sweep", _counted(rows))
    return len(rows)


async def tally(session: AsyncSession, county: str, pay_month: str) -> dict[str, int]:
    """The month's notices: how many a carrier took, and what became of all of them now."""
    row = (await run(session, _TALLY, {"county": county, "pay_month": pay_month})).one()
    return dict(row._mapping)


def _pause_seconds(offered: Offered, first: float) -> float:
    if offered.answer.standing is Standing.NOT_OFFERED:
        return 0.0
    return min(first * 2.0 ** min(offered.attempts - 1, 20), RETRY_SECONDS_MAX)


async def _match(
    session: AsyncSession, now: datetime, carrier_ids: list[str | None] | None
) -> Sequence[Any]:
    ids = None if carrier_ids is None else [each for each in carrier_ids if each]
    if ids == []:
        return []
    return (await run(session, _MATCH, {"now": now, "ids": ids})).all()


async def _say_undeliverable(
    session: AsyncSession, county: str, rows: Iterable[Any], now: datetime
) -> None:
    for row in rows:
        if row.state == State.FAILED and row.lane == Lane.NOTICE and row.person_id is not None:
            await announce(
                session,
                MessageUndeliverable(
                    county=county,
                    occurred_at=now,
                    message_id=row.message_id,
                    person_id=row.person_id,
                    reason=row.reason or "unknown",
                ),
            )


def _counted(rows: Iterable[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    return counts


async def _note(
    session: AsyncSession, county: str, act: str, who: object, details: dict[str, int]
) -> None:
    await audit.record(
        session, county, actor="notifications", act=act, subject=f"sms:{who}", details=details
    )


def _move(source: State, targets: set[State], statement: str) -> TextClause:
    """A statement that moves deliveries, if the moves it makes are legal."""
    assert targets <= MAY_BECOME[source], "an impossible move"
    return text(statement)


_CLAIM: Final = _move(
    State.WAITING,
    {State.SENDING},
    """
    WITH due AS (  -- The added nothing keeps the planner to the index that is in order of due_at.
        SELECT message_id FROM delivery
        WHERE lane = :lane AND state = 'waiting' AND due_at <= now()
          AND (expires_at + interval '0' > :now OR (lane = 'notice' AND attempts = 0))
          AND county = :county AND channel = 'sms'
        ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE delivery d SET state = 'sending', token = :token, attempts = attempts + 1
        FROM due WHERE d.message_id = due.message_id AND d.channel = 'sms'
          AND EXISTS (SELECT 1 FROM sender
                      WHERE county = :county AND token = :token AND until > now())
        RETURNING d.message_id, d.attempts, d.expires_at, d.sealed
    )
    SELECT taken.*, m.template, m.version, m.called, m.programme, m.month, m.pay_month,
           m.amount_fen, m.account_last4, m.bank_name, m.reason, m.person_id, m.outcome,
           m.receipt, m.by_day, c.phone
    FROM taken JOIN message m ON m.id = taken.message_id
    LEFT JOIN contact c ON c.person_id = m.person_id
    """,
)

_GIVE_BACK: Final = _move(
    State.SENDING,
    {State.WAITING},
    """
    UPDATE delivery SET state = 'waiting', due_at = now(), token = NULL, reason = 'sender-died'
    WHERE state = 'sending' AND county = :county AND token < :token
    """,
)

_ANSWERED: Final = _move(
    State.SENDING,
    {State.SENT, State.FAILED, State.WAITING},
    """
    UPDATE delivery d SET
        state = o.state,
        token = NULL,
        attempts = d.attempts - 1 + o.counted,
        due_at = now() + o.pause * interval '1 second',
        carrier_message_id = coalesce(o.carrier_id, d.carrier_message_id),
        reason = o.reason,
        sealed = CASE WHEN o.state = 'waiting' THEN d.sealed END,
        sent_at = CASE WHEN o.state = 'sent' THEN :now ELSE d.sent_at END,
        settled_at = CASE WHEN o.state = 'failed' THEN CAST(:now AS timestamptz) END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:pauses AS float8[]),
                CAST(:counted AS int[]), CAST(:carrier_ids AS text[]), CAST(:reasons AS text[]))
         AS o(id, state, pause, counted, carrier_id, reason),
         message m
    WHERE d.message_id = o.id AND m.id = o.id AND d.channel = 'sms'
      AND d.state = 'sending' AND d.token = :token
    RETURNING d.message_id, d.state, d.lane, d.reason, d.carrier_message_id, m.person_id
    """,
)

_RECEIVED: Final = _move(
    State.SENT,
    {State.DELIVERED, State.FAILED},
    """
    UPDATE delivery d SET
        state = CASE WHEN r.delivered THEN 'delivered' ELSE 'failed' END,
        reason = nullif(r.reason, ''), settled_at = :now
    FROM unnest(CAST(:carrier_ids AS text[]), CAST(:delivered AS bool[]), CAST(:reasons AS text[]))
         AS r(carrier_id, delivered, reason)
    CROSS JOIN LATERAL (  -- One look into the index for each, whatever the planner thinks.
        SELECT message_id FROM delivery
        WHERE carrier_message_id = r.carrier_id AND state = 'sent' AND county = :county LIMIT 1
    ) k
    JOIN message m ON m.id = k.message_id
    WHERE d.message_id = k.message_id AND d.channel = 'sms' AND d.state = 'sent'
    RETURNING d.message_id, d.state, d.lane, d.reason, m.person_id
    """,
)

# A text may turn `sent` between the statement above and this one: the sweep will find its receipt.
_KEEP_EARLY: Final = text(
    """
    INSERT INTO receipt (county, carrier_message_id, delivered, reason)
    SELECT :county, r.carrier_id, r.delivered, r.reason
    FROM unnest(CAST(:carrier_ids AS text[]), CAST(:delivered AS bool[]), CAST(:reasons AS text[]))
         AS r(carrier_id, delivered, reason)
    WHERE NOT EXISTS (SELECT 1 FROM delivery d
                      WHERE d.carrier_message_id = r.carrier_id AND d.state <> 'sent')
    ON CONFLICT DO NOTHING
    """
)

_MATCH: Final = _move(
    State.SENT,
    {State.DELIVERED, State.FAILED},
    """
    WITH found AS (
        SELECT r.carrier_message_id, r.delivered, r.reason, k.message_id
        FROM receipt r CROSS JOIN LATERAL (
            SELECT message_id FROM delivery
            WHERE carrier_message_id = r.carrier_message_id AND state = 'sent' LIMIT 1
        ) k
        WHERE CAST(:ids AS text[]) IS NULL OR r.carrier_message_id = ANY(CAST(:ids AS text[]))
    ), matched AS (
        DELETE FROM receipt WHERE carrier_message_id IN (SELECT carrier_message_id FROM found)
    )
    UPDATE delivery d SET
        state = CASE WHEN f.delivered THEN 'delivered' ELSE 'failed' END,
        reason = nullif(f.reason, ''), settled_at = :now
    FROM found f JOIN message m ON m.id = f.message_id
    WHERE d.message_id = f.message_id AND d.channel = 'sms' AND d.state = 'sent'
    RETURNING d.message_id, d.state, d.lane, d.reason, m.person_id
    """,
)

_EXPIRE: Final = _move(
    State.WAITING,
    {State.FAILED},
    """
    UPDATE delivery d SET state = 'failed', reason = 'out-of-time', sealed = NULL, settled_at = :now
    FROM message m
    WHERE m.id = d.message_id AND d.state = 'waiting' AND (d.message_id, d.channel) IN (
        SELECT message_id, channel FROM delivery
        WHERE state = 'waiting' AND expires_at <= :now AND county = :county
          AND (lane = 'code' OR attempts > 0 OR :away)
        LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING d.message_id, d.state, d.lane, d.reason, m.person_id
    """,
)

_FORGET: Final = text(
    """
    DELETE FROM receipt r
    WHERE r.county = :county AND (
        r.received_at < now() - :days * interval '1 day'
        OR EXISTS (SELECT 1 FROM delivery d
                   WHERE d.carrier_message_id = r.carrier_message_id AND d.state <> 'sent'))
    """
)

_TALLY: Final = text(
    """
    SELECT count(*) AS messages,
           count(*) FILTER (WHERE sent_at IS NOT NULL) AS sent,
           count(*) FILTER (WHERE state = 'delivered') AS delivered,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) FILTER (WHERE state IN ('waiting', 'sending')) AS waiting,
           count(*) FILTER (WHERE state = 'no-phone') AS no_phone
    FROM delivery WHERE county = :county AND pay_month = :pay_month AND channel = 'sms'
    """
)
