"""The process as it stands in production: a closed run heard three times is ordered once."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import nats
import nats.js.errors
import psycopg
import pytest

from shared.contracts.benefits import RunClosed
from shared.contracts.event import Event
from tests.payments.answers import answer_to
from tests.payments.county import CountyPayments
from tests.payments.makers import a_line, an_account
from tests.trial import NatsAt, TrialDatabase

SECONDS_MAX = 30


@pytest.fixture
async def standing(
    payments_tables: TrialDatabase, nats_server: NatsAt, tmp_path: Path
) -> AsyncIterator[CountyPayments]:
    """A payments with its listener, relay and background tasks running."""
    county = CountyPayments.stand_up(
        payments_tables, tmp_path, nats_url=nats_server.url("payments")
    )
    async with county.app.router.lifespan_context(county.app):
        yield county
    payments_tables.empty()


async def say(nats_server: NatsAt, event: Event, times: int = 1, speaker: str = "benefits") -> None:
    """Benefits, or another, says something on the bus."""
    client = await nats.connect(nats_server.url(speaker))
    body = json.dumps(event.model_dump(mode="json")).encode()
    for _ in range(times):
        await client.jetstream().publish(event.subject(), body)
    await client.close()


async def until(payments: CountyPayments, statement: str, expected: object) -> None:
    """Wait until the tables say so."""
    for _ in range(SECONDS_MAX * 10):
        if payments.one(statement) == expected:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{statement}: {payments.one(statement)}, not {expected}")


async def test_a_run_said_three_times_is_ordered_once_and_its_files_follow(
    standing: CountyPayments, nats_server: NatsAt
) -> None:
    lines = [a_line() for _ in range(5)]
    event = standing.announce(lines)
    await until_stream(nats_server)
    await say(nats_server, event, times=3)
    await until(standing, "SELECT count(*) FROM payment_order", 5)
    await until(standing, "SELECT count(*) FROM ledger_entry", 1)
    await standing.hand_on(*(an_account(line) for line in lines))
    await standing.fund()
    [envelope] = (await standing.make(event.run_id))["envelopes"]
    await standing.check(envelope)
    await standing.release(envelope)
    await until(standing, "SELECT status FROM envelope", "published")
    await until(standing, "SELECT count(*) FROM outbox WHERE published_at IS NOT NULL", 1)


async def test_a_run_that_differs_is_parked_with_its_reason(
    standing: CountyPayments, nats_server: NatsAt
) -> None:
    event = standing.announce([a_line()], total_fen=1)
    await until_stream(nats_server)
    await say(nats_server, event)
    await until(standing, "SELECT count(*) FROM dead_letter", 1)
    parked = standing.rows("SELECT consumer, reason FROM dead_letter")[0]
    assert parked["consumer"] == "payments-orders"
    assert parked["reason"].startswith("control-totals-differ")
    assert standing.one("SELECT count(*) FROM payment_order") == 0


async def until_stream(nats_server: NatsAt) -> None:
    """Wait until the listener has made benefits' stream."""
    client = await nats.connect(nats_server.admin_url)
    for _ in range(SECONDS_MAX * 10):
        try:
            await client.jetstream().consumer_info("benefits", "payments-orders")
            break
        except nats.js.errors.NotFoundError:
            await asyncio.sleep(0.1)
    await client.close()


CANARIES = ("6217003511425001234", "6217003511425005678")


async def test_a_planted_number_stands_in_no_table_log_or_sealed_file(
    payments: CountyPayments, payments_log: Path
) -> None:
    lines = [a_line(), a_line()]
    await payments.hand_on(
        *(an_account(line, number=number) for line, number in zip(lines, CANARIES, strict=True))
    )
    await payments.fund()
    [envelope] = (await payments.make(await payments.order(lines)))["envelopes"]
    await payments.send_off([envelope])
    file = await payments.fetch(envelope)
    await payments.answer(answer_to(envelope, file))
    assert CANARIES[0].encode() in file, "the payout file must hold them"
    with psycopg.connect(payments.tables.owner_url) as owner:
        tables = owner.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            rows = owner.execute(f'SELECT t::text FROM "{table}" t'.encode()).fetchall()  # noqa: S608 # Our own tables.
            assert not [row for row in rows if any(canary in row[0] for canary in CANARIES)], table
    left = [payments_log, *(payments.settings.files_dir / "results").iterdir()]
    for place in left:
        assert not any(canary.encode() in place.read_bytes() for canary in CANARIES), place


def test_the_event_heard_is_the_one_benefits_says() -> None:
    assert RunClosed.subject() == "benefits.run-closed.v1"
