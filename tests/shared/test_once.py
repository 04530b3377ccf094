"""A request is done once for its key, wholly or not at all, and heard once."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import nats
import pytest

from shared import audit, audit_check, idempotency, kit_tables, outbox
from shared.contracts.payments import LinesSettled
from shared.database import run
from shared.ids import new_id
from tests.shared.echo import COUNTY, Echo, lay_tables, standing
from tests.trial import MakeDatabase, NatsAt


@pytest.fixture
async def echo(
    tmp_path: Path, make_database: MakeDatabase, nats_server: NatsAt
) -> AsyncIterator[Echo]:
    database = make_database("echo", migrated=False)
    lay_tables(database)
    async with standing(tmp_path, database, nats_server, durable=f"echo-{new_id()}") as stands:
        yield stands


async def until_heard(echo: Echo, number: int) -> None:
    async with asyncio.timeout(15):
        while number not in echo.heard:
            await asyncio.sleep(0.05)


async def test_the_same_key_and_words_get_the_same_answer(echo: Echo) -> None:
    first = await echo.make(1, "key-number-one")
    again = await echo.make(1, "key-number-one")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["idempotent-replay"] == "true"
    assert len(await echo.rows(kit_tables.outbox)) == 1


async def test_the_same_key_with_other_words_is_refused(echo: Echo) -> None:
    await echo.make(1, "key-number-one")
    other = await echo.make(2, "key-number-one")
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/key-reused"


async def test_an_answer_is_forgotten_after_its_days_and_nothing_is_done_twice(echo: Echo) -> None:
    database = echo.app.state.database
    for number in (1, 2):
        await echo.make(number, f"key-number-{number}")
    table, days = kit_tables.idempotency, timedelta(days=idempotency.KEPT_DAYS, minutes=1)
    async with database.transaction() as session:
        old = table.update().where(table.c.key == "key-number-1")
        await run(session, old.values(created_at=table.c.created_at - days))
    assert await idempotency.forget_old(database) == 1
    assert await idempotency.forget_old(database) == 0
    again = await echo.make(1, "key-number-1")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answer-forgotten")
    assert again.json()["answered"] == 201
    other = await echo.make(3, "key-number-1")
    assert other.json()["type"] == "/problems/key-reused"
    assert (await echo.make(2, "key-number-2")).status_code == 201
    assert len(await echo.rows(kit_tables.outbox)) == 2


async def test_another_callers_key_is_another_key(echo: Echo) -> None:
    first = await echo.make(1, "key-number-one")
    other = await echo.make(1, "key-number-one", echo.token("things:make", subject="staff:2"))
    assert first.json()["made"] != other.json()["made"]


async def test_eight_at_once_with_one_key_do_one_thing(echo: Echo) -> None:
    answers = await asyncio.gather(*(echo.make(50, "key-of-all-eight") for _ in range(8)))
    assert len({answer.text for answer in answers}) == 1
    assert len(await echo.rows(kit_tables.outbox)) == 1


async def test_a_post_without_a_key_is_refused(echo: Echo) -> None:
    headers = {"Authorization": f"Bearer {echo.token('things:make')}"}
    answer = await echo.client.post("/things", json={"number": 1}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/key-missing"


async def test_a_refused_request_leaves_nothing_behind_and_may_be_sent_again(echo: Echo) -> None:
    refused = await echo.make(13, "key-number-thirteen")
    assert refused.status_code == 409
    assert refused.json()["number"] == 13
    for table in (kit_tables.outbox, kit_tables.audit, kit_tables.idempotency):
        assert await echo.rows(table) == []
    assert (await echo.make(13, "key-number-thirteen")).status_code == 409


async def test_a_committed_event_is_heard_once_however_often_it_is_rung(echo: Echo) -> None:
    await echo.make(3, "key-number-three")
    await until_heard(echo, 3)
    event = (await echo.rows(kit_tables.outbox))[0]
    await outbox.republish(echo.app.state.database, event.created_at)
    for _ in range(3):  # And past the server's own window of duplicates.
        await echo.app.state.bus.publish(event.subject, new_id(), event.body)
    await echo.make(4, "key-number-four")
    await until_heard(echo, 4)
    assert [echo.heard.count(number) for number in (3, 4)] == [1, 1]


async def test_a_failing_listener_hears_again_and_acts_once(echo: Echo) -> None:
    echo.failing.add(5)
    await echo.make(5, "key-number-five")
    await until_heard(echo, 5)
    assert echo.heard.count(5) == 1


async def test_what_cannot_be_acted_on_is_parked_with_its_reason(echo: Echo) -> None:
    await echo.make(7, "key-number-seven")
    await echo.app.state.bus.publish(LinesSettled.subject(), new_id(), {"county": COUNTY})
    async with asyncio.timeout(15):
        while len(parked := await echo.rows(kit_tables.dead_letter)) < 2:
            await asyncio.sleep(0.05)
    reasons = {letter.reason for letter in parked}
    assert "unlucky: seven" in reasons
    assert any("not understood" in reason for reason in reasons)


async def test_a_wiped_stream_is_rung_again_from_the_outbox(
    echo: Echo, nats_server: NatsAt
) -> None:
    await echo.make(8, "key-number-eight")
    await until_heard(echo, 8)
    bus = echo.app.state.bus
    ground = await nats.connect(nats_server.admin_url)
    stream = ground.jetstream()
    await stream.delete_stream("payments")
    before = len(echo.heard)
    relay = outbox.Relay("payments", echo.app.state.database, bus)
    await bus.ensure_stream("payments")
    await relay._ring_for_the_lost()
    async with asyncio.timeout(15):
        while (await stream.stream_info("payments")).state.messages == 0:
            await asyncio.sleep(0.1)
    await echo.make(9, "key-number-nine")
    await until_heard(echo, 9)
    assert len(echo.heard) == before + 1
    await ground.close()


async def test_the_audit_chain_shows_where_it_was_cut(echo: Echo) -> None:
    for number in (1, 2, 3):
        await echo.make(number, f"key-number-{number}")
    async with echo.app.state.database.transaction() as session:
        lines = await audit.exported(session, 0, 10)
        assert await audit.exported(session, 1, 1) == lines[1:2]
    assert audit_check.check(lines).rows == 3
    with pytest.raises(audit_check.Broken, match="row 2"):
        audit_check.check([lines[0], lines[1].replace("thing", "other", 1), lines[2]])


async def test_a_token_must_be_for_this_process_and_carry_the_scope(echo: Echo) -> None:
    elsewhere = echo.token("things:make", audience="benefits")
    assert (await echo.make(1, "key-number-one", elsewhere)).status_code == 401
    assert (await echo.make(1, "key-number-one", echo.token("things:see"))).status_code == 403
    assert (await echo.make(1, "key-number-one", "not.a.token")).status_code == 401
    assert (await echo.make(1, "key-number-one", "eyJhbGciOiJub25lIn0.e30.")).status_code == 401


async def test_words_that_are_not_understood_name_their_place(echo: Echo) -> None:
    headers = {"Authorization": f"Bearer {echo.token('things:make')}"}
    answer = await echo.client.post(
        "/things", json={"number": "x"}, headers={**headers, "Idempotency-Key": "key-number-one"}
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["faults"][0]["at"] == "body.number"


async def test_the_plain_faces_answer(echo: Echo) -> None:
    assert (await echo.client.get("/healthz")).status_code == 200
    assert (await echo.client.get("/metrics")).status_code == 200
    missing = await echo.client.get("/no-such-path")
    assert missing.status_code == 404
    assert missing.json()["type"] == "/problems/not-found"


async def test_nothing_holds_a_process_that_has_stopped(
    tmp_path: Path, make_database: MakeDatabase, nats_server: NatsAt
) -> None:
    database = make_database("echo", migrated=False)
    lay_tables(database)
    async with standing(tmp_path, database, nats_server, durable=f"echo-{new_id()}") as stands:
        assert (await stands.client.get("/readyz")).json() == {"database": True, "bus": True}
        held = weakref.ref(stands.app.state.context)
    del stands
    gc.collect()
    assert held() is None, "its connections and every statement it compiled"
