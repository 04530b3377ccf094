"""What people are told of a bank's result: one message a line, staged whole before any is sent.

A line of a result is told once however often its event comes: the message is unique by line, result
and outcome. Deliveries appear only when every line is there and the sum is what was announced, all
in one transaction, so nobody hears of a list that was not whole.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.texts import CASE, FAILED, PAID, CaseSaid, Said
from shared import audit, crash_points
from shared.contracts.payments import LinesReturned, LinesSettled, Outcome, ResultLine
from shared.database import Database, copy_rows, run
from shared.ids import new_id
from shared.months import Month
from shared.outbox import first_time
from shared.problems import Conflict

CALLED_NOBODY: Final = "您"

Pages = AsyncIterator[Sequence[Any]]


class ResultDiffers(Conflict):
    """The lines of the result are not those that were announced."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One event about one result, as it is to be told."""

    event: LinesSettled | LinesReturned
    consumer: str
    template: str
    version: int
    outcomes: frozenset[Outcome]
    now: datetime
    expires_at: datetime


async def tell_result(database: Database, telling: Telling, pages: Pages) -> int:
    """Stage a message for each line, page by page, and let them all go when the list is whole.

    Raises:
        ResultDiffers: count or sum are not what the event says; nobody is told.
    """
    async for page in pages:
        lines = [ResultLine.model_validate(item) for item in page]
        concerned = [line for line in lines if line.outcome in telling.outcomes]
        if concerned:
            async with database.transaction() as session:
                await _stage(session, telling, concerned)
    crash_points.reach("notifications.staged")
    async with database.transaction() as session:
        return await _let_go(session, telling)


def said_by(row: Any) -> Said | CaseSaid:
    """What a message's row says."""
    if row.template == CASE:
        return CaseSaid(
            version=row.version,
            called=row.called,
            category=row.programme,
            receipt=row.receipt,
            happened=row.outcome,
            by_day=row.by_day,
            from_month=Month.parse(row.month) if row.month else None,
        )
    return Said(
        template=row.template,
        version=row.version,
        called=row.called,
        programme=row.programme,
        month=Month.parse(row.month),
        pay_month=Month.parse(row.pay_month),
        amount_fen=row.amount_fen,
        account_last4=row.account_last4,
        bank_name=row.bank_name,
        reason=row.reason,
    )


def template_of(outcomes: Iterable[Outcome]) -> str:
    """Which template speaks of these outcomes."""
    return PAID if set(outcomes) == {Outcome.SETTLED} else FAILED


async def _stage(session: AsyncSession, telling: Telling, lines: Sequence[ResultLine]) -> None:
    result_id = telling.event.result_id
    words = {"result_id": result_id, "ids": [line.line_id for line in lines]}
    known = {(row.line_id, row.outcome) for row in await run(session, _KNOWN, words)}
    told = await _who_is_told(session, {line.beneficiary_id for line in lines})
    rows = []
    for line in lines:
        if (line.line_id, line.outcome.value) in known:
            continue
        person_id, called = told.get(line.beneficiary_id, (None, CALLED_NOBODY))
        rows.append(
            (
                telling.event.county,
                new_id(),
                telling.template,
                telling.version,
                person_id,
                called,
                telling.now,
                line.line_id,
                result_id,
                line.outcome.value,
                line.programme,
                str(line.month),
                str(line.pay_month),
                line.amount_fen,
                line.account_last4,
                line.bank_name,
                line.reason,
            )
        )
    await copy_rows(session, "message", _COLUMNS, rows)


async def _who_is_told(
    session: AsyncSession, beneficiary_ids: set[UUID]
) -> dict[UUID, tuple[UUID | None, str]]:
    found = await run(session, _WHO, {"ids": list(beneficiary_ids)})
    return {row.beneficiary_id: (row.person_id, row.called) for row in found}


async def _let_go(session: AsyncSession, telling: Telling) -> int:
    event = telling.event
    if not await first_time(session, event, telling.consumer):
        return 0
    words = {"result_id": event.result_id, "template": telling.template}
    staged = (await run(session, _STAGED, words)).one()
    if (staged.lines, staged.total_fen) != (event.count, event.total_fen):
        raise ResultDiffers(
            "count and sum must be what was announced",
            count=staged.lines,
            total_fen=staged.total_fen,
        )
    await run(session, _TO_TELEPHONES, {**words, "expires_at": telling.expires_at})
    await run(session, _TO_INBOXES, {**words, "now": telling.now})
    await audit.record(
        session,
        event.county,
        actor="payments",
        act=f"result-told-{telling.template}",
        subject=str(event.result_id),
        details={"messages": staged.lines},
    )
    return int(staged.lines)


_COLUMNS: Final = (
    "county", "id", "template", "version", "person_id", "called", "created_at", "line_id",
    "result_id", "outcome", "programme", "month", "pay_month", "amount_fen", "account_last4",
    "bank_name", "reason",
)  # fmt: skip

_KNOWN: Final = text(
    """
    SELECT line_id, outcome FROM message
    WHERE result_id = :result_id AND line_id = ANY(CAST(:ids AS uuid[]))
    """
)

_WHO: Final = text(
    """
    SELECT b.beneficiary_id, c.person_id, c.called
    FROM beneficiary b JOIN contact c USING (person_id)
    WHERE b.beneficiary_id = ANY(CAST(:ids AS uuid[]))
    """
)

_STAGED: Final = text(
    """
    SELECT count(*) AS lines, coalesce(sum(amount_fen), 0)::bigint AS total_fen
    FROM message WHERE result_id = :result_id AND template = :template
    """
)

_TO_TELEPHONES: Final = text(
    """
    INSERT INTO delivery (county, message_id, channel, lane, pay_month, state, expires_at)
    SELECT m.county, m.id, 'sms', 'notice', m.pay_month,
           CASE WHEN c.phone IS NULL THEN 'no-phone' ELSE 'waiting' END, :expires_at
    FROM message m LEFT JOIN contact c ON c.person_id = m.person_id
    WHERE m.result_id = :result_id AND m.template = :template
    ON CONFLICT DO NOTHING
    """
)

_TO_INBOXES: Final = text(
    """
    INSERT INTO delivery (county, message_id, channel, lane, pay_month, state, expires_at,
                          sent_at, settled_at)
    SELECT county, id, 'in-app', 'notice', pay_month, 'delivered', :now, :now, :now
    FROM message
    WHERE result_id = :result_id AND template = :template AND person_id IS NOT NULL
    ON CONFLICT DO NOTHING
    """
)
