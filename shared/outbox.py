"""Events leave if, and only if, the transaction that caused them is committed; each is heard once.

PostgreSQL is the truth, the bus is the bell. `python -m shared.outbox republish --since INSTANT`
rings again for everything since then.
"""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Final, TypeVar
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import kit_tables, telemetry
from shared.bus import Bus
from shared.contracts.event import Event
from shared.database import Database, copy_rows, run

BATCH: Final = 500
IDLE_SECONDS: Final = 0.25
LOOK_BACK_SECONDS: Final = 60
E = TypeVar("E", bound=Event)
Act = Callable[[Any, E], Awaitable[None]]
Deed = Callable[[AsyncSession, Any, E], Awaitable[None]]


async def announce(session: AsyncSession, event: Event) -> None:
    """Say that something happened, when this transaction commits."""
    await run(
        session,
        kit_tables.outbox.insert().values(
            event_id=event.event_id,
            county=event.county,
            subject=event.subject(),
            body=event.model_dump(mode="json"),
        ),
    )


async def announce_all(session: AsyncSession, events: Iterable[Event]) -> int:
    """Say that many things happened, when this transaction commits; how many."""
    rows = (
        (event.event_id, event.county, event.subject(), Jsonb(event.model_dump(mode="json")))
        for event in events
    )
    return await copy_rows(session, "outbox", ("event_id", "county", "subject", "body"), rows)


async def first_time(session: AsyncSession, event: Event, consumer: str) -> bool:
    """Claim an event for a consumer in this transaction; False when it was heard before."""
    claimed = await run(
        session,
        insert(kit_tables.inbox)
        .values(consumer=consumer, event_id=event.event_id, county=event.county)
        .on_conflict_do_nothing()
        .returning(kit_tables.inbox.c.event_id),
    )
    return claimed.first() is not None


def once(consumer: str) -> Callable[[Deed[E]], Act[E]]:
    """Make a deed what a listener does: in one transaction with the claim of its event, and of the
    process's own county alone."""

    def made(deed: Deed[E]) -> Act[E]:
        @wraps(deed)
        async def act(context: Any, event: E) -> None:
            if event.county != context.settings.county:
                return
            async with context.database.transaction() as session:
                if await first_time(session, event, consumer):
                    await deed(session, context, event)

        return act

    return made


class Relay:
    """Carries committed events to the bus, in the order of their making."""

    def __init__(self, process: str, database: Database, bus: Bus) -> None:
        self._process = process
        self._database = database
        self._bus = bus

    async def run_forever(self) -> None:
        """Carry until cancelled; a bus or database that is away only makes it wait."""
        looked_back_at = 0.0
        now = asyncio.get_running_loop().time
        while True:
            try:
                await self._bus.ensure_stream(self._process)
                if now() - looked_back_at > LOOK_BACK_SECONDS:
                    await self._ring_for_the_lost()
                    looked_back_at = now()
                carried = await self._carry()
                await asyncio.sleep(0 if carried == BATCH else IDLE_SECONDS)
            except Exception as problem:
                telemetry.log.warning("relay-waits", because=type(problem).__name__)
                looked_back_at = 0.0
                await asyncio.sleep(1)

    async def _carry(self) -> int:
        table = kit_tables.outbox
        async with self._database.transaction() as session:
            rows = (
                await run(
                    session,
                    select(table)
                    .where(table.c.published_at.is_(None))
                    .order_by(table.c.created_at)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True),
                )
            ).all()
            for row in rows:
                sequence = await self._bus.publish(row.subject, row.event_id, row.body)
                await run(
                    session,
                    update(table)
                    .where(table.c.event_id == row.event_id)
                    .values(published_at=func.now(), stream_sequence=sequence),
                )
        age = (datetime.now(UTC) - rows[0].created_at).total_seconds() if rows else 0.0
        telemetry.OUTBOX_AGE_SECONDS.labels(self._process).set(age)
        return len(rows)

    async def _ring_for_the_lost(self) -> None:
        """Publish again what a wiped or older copy of the bus's store no longer holds.

        A stream's sequence only grows; one below what was acknowledged means that it was replaced.
        """
        held = await self._bus.held(self._process)
        table = kit_tables.outbox
        lost = (table.c.stream_sequence > held.last_sequence) | (
            table.c.published_at < held.created_at
        )
        async with self._database.transaction() as session:
            again = await run(
                session, update(table).where(lost).values(published_at=None, stream_sequence=None)
            )
        if again.rowcount:
            telemetry.log.warning("stream-was-replaced", rung_again=again.rowcount)


async def republish(database: Database, since: datetime) -> int:
    """Ring again for every event made since an instant; how many."""
    table = kit_tables.outbox
    async with database.transaction() as session:
        again = await run(
            session,
            update(table)
            .where(table.c.created_at >= since)
            .values(published_at=None, stream_sequence=None),
        )
    return again.rowcount


async def parked(session: AsyncSession) -> int:
    """How many events lie parked and unsettled."""
    table = kit_tables.dead_letter
    counted = await run(
        session, select(func.count()).select_from(table).where(table.c.settled_at.is_(None))
    )
    return int(counted.scalar_one())


async def park(
    database: Database,
    event_id: UUID,
    county: str,
    *,
    consumer: str,
    subject: str,
    body: object,
    reason: str,
    deliveries: int,
) -> None:
    """Put aside an event that cannot be acted on, with the reason, where a person will see it."""
    telemetry.DEAD_LETTERS.labels(consumer).inc()
    telemetry.log.error("event-parked", consumer=consumer, subject=subject, reason=reason)
    async with database.transaction() as session:
        await run(
            session,
            insert(kit_tables.dead_letter)
            .values(
                consumer=consumer,
                event_id=event_id,
                county=county,
                subject=subject,
                body=body,
                reason=reason,
                deliveries=deliveries,
            )
            .on_conflict_do_nothing(),
        )


async def _republish_from(url: str, since: datetime) -> int:
    database = Database(url)
    try:
        return await republish(database, since)
    finally:
        await database.close()


def main() -> None:
    """`python -m shared.outbox republish payments --since 2026-10-01T00:00:00+08:00`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=["republish"])
    parser.add_argument("process")
    parser.add_argument("--since", required=True, type=datetime.fromisoformat)
    chosen = parser.parse_args()
    if chosen.since.tzinfo is None:
        parser.error("--since needs an offset, such as +08:00")
    url = os.environ[f"{chosen.process.upper()}_DATABASE_URL"]
    count = asyncio.run(_republish_from(url, chosen.since))
    print(f"{count} events will be rung again")  # noqa: T201 # A command line speaks.


if __name__ == "__main__":
    main()
