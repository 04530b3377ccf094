"""A closed run's lines become orders only when their count, sum and hash are those it closed with.

1. The run is taken in under a token; a worker that was overtaken can no longer finish.
2. Its lines are fetched page by page, no transaction being open meanwhile, and staged by COPY.
3. One transaction compares, orders every line once, posts what is owed, and clears the stage.

A crash before 3 leaves staged rows nobody reads; the event comes again and staging starts anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import ledger
from services.payments.states import IntakeStatus
from shared import audit, crash_points, outbox
from shared.calls import Peer
from shared.clock import Clock
from shared.contracts.benefits import Line, RunClosed
from shared.contracts.digest import ListDigest
from shared.database import Database, copy_rows, run
from shared.ids import new_id
from shared.problems import Conflict, Malformed, Problem, Unavailable

CONSUMER: Final = "payments-orders"

_COLUMNS: Final = (
    "county",
    "token",
    "line_id",
    "beneficiary_kind",
    "beneficiary_id",
    "household_id",
    "village",
    "programme",
    "budget_item",
    "month",
    "difference",
    "line_kind",
    "cause",
    "amount_fen",
)


# What nobody is staging any more, this run's and what a crashed or overtaken worker left.
_CLEAR_STAGE: Final = """
    DELETE FROM staged_line WHERE NOT EXISTS (
        SELECT FROM intake WHERE intake.token = staged_line.token AND intake.status = 'staging'
    )
"""


class ControlTotalsDiffer(Conflict):
    """The fetched lines are not the ones the run was closed with; nothing was ordered."""


class Overtaken(Unavailable):
    """Another worker is taking in this run; hear it again later."""


class LineNotUnderstood(Malformed):
    """A line of this run is not in the words agreed; nothing was ordered."""


class LineOrderedBefore(Conflict):
    """A line of this run, or what it pays, was ordered before; nothing was ordered."""


class RunChanged(Conflict):
    """A run that was ordered is said to have closed with another list; nothing was ordered."""


class Context(Protocol):
    """What taking in a run needs of its process."""

    database: Database
    clock: Clock
    peers: dict[str, Peer]


async def take_in(context: Context, event: RunClosed) -> None:
    """Order the lines of a closed run, once.

    Raises:
        ControlTotalsDiffer: they are not the lines it was closed with.
        LineOrderedBefore: another run had one of them, or pays the same entitlement.
        RunChanged: the run was ordered from another list.
    """
    token = await _open(context, event)
    if token is None:
        return
    try:
        fetched = await _stage(context, event, token)
        crash_points.reach("payments.lines-staged")
        _compare(event, fetched)
        await _order(context, event, token)
    except (LineNotUnderstood, ControlTotalsDiffer, LineOrderedBefore) as refused:
        await _refuse(context, event, token, refused)
        raise


async def _open(context: Context, event: RunClosed) -> UUID | None:
    """The token to stage under; None when the run's lines are orders already.

    Raises:
        RunChanged: they are, but of another list.
    """
    async with context.database.transaction() as session:
        known = await run(
            session,
            text("SELECT status, token, list_sha256 FROM intake WHERE run_id = :run_id FOR UPDATE"),
            {"run_id": event.run_id},
        )
        row = known.one_or_none()
        if row is not None and row.status == IntakeStatus.ORDERED:
            if row.list_sha256 != event.list_sha256:
                raise RunChanged(f"run {event.run_id}", run_id=str(event.run_id))
            return None
        token = new_id()
        if row is None:
            statement = """
                INSERT INTO intake (run_id, county, family, pay_month, run_kind, sequence,
                    lines_count, total_fen, list_sha256, status, token, opened_at)
                VALUES (:run_id, :county, :family, :pay_month, :run_kind, :sequence,
                    :lines_count, :total_fen, :list_sha256, 'staging', :token, :now)
            """
        else:
            await run(
                session, text("DELETE FROM staged_line WHERE token = :token"), {"token": row.token}
            )
            statement = """
                UPDATE intake SET status = 'staging', token = :token, reason = NULL,
                    family = :family, pay_month = :pay_month, run_kind = :run_kind,
                    sequence = :sequence, lines_count = :lines_count, total_fen = :total_fen,
                    list_sha256 = :list_sha256, county = :county, opened_at = :now
                WHERE run_id = :run_id
            """
        await run(
            session,
            text(statement),
            {
                "run_id": event.run_id,
                "county": event.county,
                "family": event.family,
                "pay_month": str(event.pay_month),
                "run_kind": event.kind.value,
                "sequence": event.sequence,
                "lines_count": event.lines_count,
                "total_fen": event.total_fen,
                "list_sha256": event.list_sha256,
                "token": token,
                "now": context.clock.now(),
            },
        )
    return token


class _Fetched:
    """What the fetched lines come to, counted from the lines themselves."""

    def __init__(self) -> None:
        self.digest = ListDigest()
        self.total_fen = 0
        self.last_id: UUID | None = None
        self.in_order = True

    def add(self, item: dict[str, Any], run_id: UUID) -> Line:
        try:
            line = Line.model_validate(item)
        except ValidationError as problem:
            places = {".".join(map(str, fault["loc"])) for fault in problem.errors()}
            raise LineNotUnderstood(f"run {run_id}: {', '.join(sorted(places))}") from problem
        self.digest.add(item)
        self.total_fen += line.amount_fen
        if line.run_id != run_id or (self.last_id is not None and line.line_id <= self.last_id):
            self.in_order = False
        self.last_id = line.line_id
        return line


async def _stage(context: Context, event: RunClosed, token: UUID) -> _Fetched:
    fetched = _Fetched()
    async for page in context.peers["benefits"].pages(f"/runs/{event.run_id}/lines"):
        lines = [fetched.add(item, event.run_id) for item in page]
        async with context.database.transaction() as session:
            await copy_rows(session, "staged_line", _COLUMNS, _staged(lines, event.county, token))
    return fetched


def _staged(lines: Sequence[Line], county: str, token: UUID) -> Iterable[tuple[Any, ...]]:
    for line in lines:
        yield (
            county,
            token,
            line.line_id,
            line.beneficiary_kind,
            line.beneficiary_id,
            line.household_id,
            line.village,
            line.programme,
            line.budget_item,
            str(line.month),
            line.difference,
            line.kind,
            line.cause,
            line.amount_fen,
        )


def _compare(event: RunClosed, fetched: _Fetched) -> None:
    found = {
        "count": fetched.digest.count,
        "total_fen": fetched.total_fen,
        "sha256": fetched.digest.hexdigest(),
    }
    closed = {
        "count": event.lines_count,
        "total_fen": event.total_fen,
        "sha256": event.list_sha256,
    }
    if found != closed or not fetched.in_order:
        differing = ", ".join(name for name in closed if found[name] != closed[name])
        raise ControlTotalsDiffer(
            f"run {event.run_id}: {differing or 'order or run'} differ"
            f" (closed with {closed['count']} lines of {closed['total_fen']} fen,"
            f" fetched {found['count']} of {found['total_fen']})",
            run_id=str(event.run_id),
        )


async def _order(context: Context, event: RunClosed, token: UUID) -> None:
    now = context.clock.now()
    async with context.database.transaction() as session:
        await _claim(session, event, token, IntakeStatus.ORDERED, now)
        await outbox.first_time(session, event, CONSUMER)
        ordered = await run(
            session,
            text(
                """
                INSERT INTO payment_order (county, line_id, run_id, pay_month, run_kind,
                    beneficiary_kind, beneficiary_id, household_id, village, programme,
                    budget_item, month, difference, line_kind, cause, amount_fen, status, attempt)
                SELECT county, line_id, :run_id, :pay_month, :run_kind, beneficiary_kind,
                    beneficiary_id, household_id, village, programme, budget_item, month,
                    difference, line_kind, cause, amount_fen, 'ordered', 0
                FROM staged_line WHERE token = :token
                ON CONFLICT DO NOTHING
                """
            ),
            {
                "run_id": event.run_id,
                "pay_month": str(event.pay_month),
                "run_kind": event.kind.value,
                "token": token,
            },
        )
        if ordered.rowcount != event.lines_count:
            raise LineOrderedBefore(
                f"run {event.run_id}: {event.lines_count - ordered.rowcount} lines",
                run_id=str(event.run_id),
            )
        await run(session, text(_CLEAR_STAGE))
        await _post_owed(session, event, now)
        await audit.record(
            session,
            event.county,
            actor="payments",
            act="lines-ordered",
            subject=str(event.run_id),
            details={"count": event.lines_count, "total_fen": event.total_fen},
        )
        crash_points.reach("payments.orders-before-commit")
    crash_points.reach("payments.orders-staged")


async def _claim(
    session: AsyncSession, event: RunClosed, token: UUID, status: IntakeStatus, now: datetime
) -> None:
    claimed = await run(
        session,
        text(
            "UPDATE intake SET status = :status, finished_at = :now"
            " WHERE run_id = :run_id AND token = :token AND status = 'staging'"
        ),
        {"status": status.value, "now": now, "run_id": event.run_id, "token": token},
    )
    if claimed.rowcount != 1:
        raise Overtaken(f"run {event.run_id}")


async def _post_owed(session: AsyncSession, event: RunClosed, now: datetime) -> None:
    await ledger.post(
        session,
        event.county,
        act="ordered",
        subject=str(event.run_id),
        pay_month=str(event.pay_month),
        at=now,
        sides="""
            SELECT 'payable' AS account, '' AS fund, pay_month, line_id,
                NULL::bigint AS transfer_id, - amount_fen AS amount_fen
            FROM payment_order WHERE run_id = :run_id
            UNION ALL
            SELECT 'granted', '', min(pay_month), NULL, NULL, sum(amount_fen)::bigint
            FROM payment_order WHERE run_id = :run_id
        """,
        parameters={"run_id": event.run_id},
    )


async def _refuse(context: Context, event: RunClosed, token: UUID, refused: Problem) -> None:
    """Write down why, where a person will look; the event itself is parked by the bus."""
    async with context.database.transaction() as session:
        await _claim(session, event, token, IntakeStatus.REFUSED, context.clock.now())
        await run(
            session,
            text("UPDATE intake SET reason = :reason WHERE run_id = :run_id"),
            {"reason": refused.slug(), "run_id": event.run_id},
        )
        await run(session, text(_CLEAR_STAGE))
        await audit.record(
            session,
            event.county,
            actor="payments",
            act="lines-refused",
            subject=str(event.run_id),
            details={"reason": refused.slug()},
        )
