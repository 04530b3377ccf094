"""One sender at a time; whoever wakes up with an old token moves nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest_asyncio
from sqlalchemy import text

from services.notifications import deliveries, lease
from services.notifications.channels import Answer, Receipt, Standing
from services.notifications.deliveries import MAY_BECOME, Lane, Offered, State
from shared.database import Database, run
from shared.ids import new_id
from tests.notifications.standing import COUNTY
from tests.trial import TrialDatabase

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)


@pytest_asyncio.fixture
async def database(trial_database: TrialDatabase) -> AsyncIterator[Database]:
    opened = Database(trial_database.runtime_url)
    yield opened
    await opened.close()


async def a_waiting_notice(database: Database) -> UUID:
    message_id = new_id()
    words = {"id": message_id, "county": COUNTY, "line": new_id(), "until": NOW + timedelta(1)}
    async with database.transaction() as session:
        await run(
            session,
            text(
                "INSERT INTO message (county, id, template, version, called, created_at, line_id)"
                " VALUES (:county, :id, 'paid', 1, '张*', now(), :line)"
            ),
            words,
        )
        await run(
            session,
            text(
                "INSERT INTO delivery (county, message_id, channel, lane, pay_month, state,"
                " expires_at) VALUES (:county, :id, 'sms', 'notice', '2026-10', 'waiting', :until)"
            ),
            words,
        )
    return message_id


async def take(database: Database) -> int | None:
    async with database.transaction() as session:
        return await lease.take(session, COUNTY)


async def outgrow(database: Database) -> int:
    """The lease runs out, and another takes it."""
    async with database.transaction() as session:
        await run(session, text("UPDATE sender SET until = now() - interval '1 second'"))
    token = await take(database)
    assert token is not None
    return token


async def claim(database: Database, token: int) -> list[UUID]:
    async with database.transaction() as session:
        rows = await deliveries.claim(session, COUNTY, token, Lane.NOTICE, limit=10, now=NOW)
    return [row.message_id for row in rows]


async def answer(database: Database, token: int, message_id: UUID, carrier_id: str) -> None:
    taken = Offered(message_id, 1, Answer(Standing.TAKEN, carrier_message_id=carrier_id))
    async with database.transaction() as session:
        await deliveries.record_answers(session, COUNTY, token, [taken], retry_seconds=30, now=NOW)


async def state(database: Database) -> tuple[str, int, str | None]:
    async with database.transaction() as session:
        row = (await run(session, text("SELECT * FROM delivery"))).one()
    return row.state, row.attempts, row.carrier_message_id


async def test_only_one_holds_the_lease_until_it_runs_out_or_is_released(
    database: Database,
) -> None:
    assert await take(database) == 1
    assert await take(database) is None
    async with database.transaction() as session:
        assert await lease.renew(session, COUNTY, 1)
        await lease.release(session, COUNTY, 1)
    assert await take(database) == 2
    async with database.transaction() as session:
        assert not await lease.renew(session, COUNTY, 1)


async def test_a_sender_that_wakes_up_late_claims_nothing_and_writes_nothing(
    database: Database,
) -> None:
    message_id = await a_waiting_notice(database)
    old = await take(database)
    assert old is not None
    assert await claim(database, old) == [message_id]
    new = await outgrow(database)
    async with database.transaction() as session:
        assert await deliveries.give_back(session, COUNTY, new) == 1
    await answer(database, old, message_id, "from-the-old")
    assert await claim(database, old) == []
    assert await claim(database, new) == [message_id]
    await answer(database, old, message_id, "from-the-old")
    assert await state(database) == ("sending", 2, None)
    await answer(database, new, message_id, "from-the-new")
    assert await state(database) == ("sent", 2, "from-the-new")


async def test_a_receipt_before_its_answer_is_found_when_the_answer_comes(
    database: Database,
) -> None:
    message_id = await a_waiting_notice(database)
    token = await take(database)
    assert token is not None
    await claim(database, token)
    async with database.transaction() as session:
        await deliveries.record_receipts(session, COUNTY, [Receipt("early", True)], now=NOW)
    assert await state(database) == ("sending", 1, None)
    await answer(database, token, message_id, "early")
    assert await state(database) == ("delivered", 1, "early")


async def test_a_last_word_is_not_taken_back(database: Database) -> None:
    message_id = await a_waiting_notice(database)
    token = await take(database)
    assert token is not None
    await claim(database, token)
    await answer(database, token, message_id, "one")
    for delivered in (True, False):
        async with database.transaction() as session:
            await deliveries.record_receipts(session, COUNTY, [Receipt("one", delivered)], now=NOW)
    async with database.transaction() as session:
        await deliveries.sweep(session, COUNTY, now=NOW + timedelta(days=30), away=True)
        assert (await run(session, text("SELECT 1 FROM receipt"))).all() == []
    assert (await state(database))[0] == "delivered"


def test_what_has_come_to_its_end_moves_no_more() -> None:
    ends = {source for source, targets in MAY_BECOME.items() if not targets}
    assert ends == {State.DELIVERED, State.FAILED, State.NO_PHONE}
    assert set(MAY_BECOME) == set(State)
