"""Nobody sees what they looked up before it stands on the audit chain that they did."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from shared import audit, audit_check, kit_tables, look_ups
from shared.database import Database, run
from shared.ids import new_id
from shared.look_ups import LookUp, LookUps
from tests.shared.echo import COUNTY, Echo, lay_tables, standing
from tests.trial import MakeDatabase, NatsAt, TrialDatabase

LOCK = f"SELECT pg_advisory_lock({int.from_bytes(b'doudi')})"


@pytest.fixture
def database(make_database: MakeDatabase) -> TrialDatabase:
    made = make_database("echo", migrated=False)
    lay_tables(made)
    return made


@pytest.fixture
async def echo(tmp_path: Path, database: TrialDatabase, nats_server: NatsAt) -> AsyncIterator[Echo]:
    async with standing(tmp_path, database, nats_server, durable=f"echo-{new_id()}") as stands:
        yield stands


@pytest.fixture
def owner(database: TrialDatabase) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        yield connection


async def the_chain(echo: Echo) -> audit_check.Chain:
    async with echo.app.state.database.transaction() as session:
        return audit_check.check(await audit.exported(session, 0, 10_000))


async def test_those_who_look_at_once_are_all_on_the_chain_and_share_commits(
    echo: Echo, owner: psycopg.Connection[Any]
) -> None:
    made = [echo.make(number, f"key-number-{number}") for number in range(120, 124)]
    answers = await asyncio.gather(*(echo.look(number) for number in range(60)), *made)
    assert {answer.status_code for answer in answers} == {200, 201}
    assert (await the_chain(echo)).rows == 64
    rows = await echo.rows(kit_tables.audit)
    looked = [int(row.subject) for row in rows if row.act == "thing-looked-at"]
    assert sorted(looked) == list(range(60))
    (commits,) = owner.execute("SELECT count(DISTINCT xmin::text) FROM audit").fetchone() or (0,)
    assert commits < 40


async def test_a_number_in_a_reason_does_not_come_into_the_chain(
    echo: Echo, database: TrialDatabase
) -> None:
    hand = LookUps(database.runtime_url, COUNTY)
    reason = "李伟11010519491231002x的卡6219980012345678户名不符，电话13900001234"
    kept = {"village": "511425102201", "run": "01a21683-20d4-76f2-a170-726851700000", "fen": 10**12}
    await hand.write(LookUp("staff:1", "looked", "1", 1, {"reason": reason, **kept}))
    hand.close()
    (row,) = await echo.rows(kit_tables.audit)
    told = "李伟[withheld]的卡[withheld]户名不符,电话[withheld]"
    assert row.details == {"reason": told, "shown": 1, **kept}
    assert (await the_chain(echo)).rows == 1


async def test_whoever_looks_up_more_than_a_day_holds_sees_no_more_and_it_is_written_down(
    echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "A_DAY_MAX", 3)
    monkeypatch.setattr(look_ups, "COUNT_SECONDS", 0)
    answers = [(await echo.look(number)).status_code for number in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert (await the_chain(echo)).rows == 5
    hand: LookUps = echo.app.state.look_ups
    with pytest.raises(look_ups.LookedUpTooOften):
        await hand.write(LookUp("staff:1", "looked", "6"))
    await hand.write(LookUp("staff:another", "looked", "7"))
    hand._day -= timedelta(days=1)
    assert (await echo.look(8)).status_code == 200, "a new day"


async def test_whoever_is_shown_more_people_than_a_day_holds_sees_no_more_by_any_process(
    database: TrialDatabase,
    echo: Echo,
    owner: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(look_ups, "COUNT_SECONDS", 0)
    most = look_ups.PEOPLE_A_DAY_MAX
    before, *hands = (LookUps(database.runtime_url, COUNTY) for _ in range(3))
    await before.write(LookUp("staff:1", "looked", "yesterday", most))
    before.close()
    owner.execute("UPDATE audit SET recorded_at = recorded_at - interval '1 day'")
    for hand in hands:
        await hand.write(LookUp("staff:1", "looked", "1", most // 2))
    anew = LookUps(database.runtime_url, COUNTY)
    await anew.write(LookUp("staff:2", "looked", "1", most))
    for hand in (*hands, anew):
        with pytest.raises(look_ups.LookedUpTooOften):
            await hand.write(LookUp("staff:1", "looked", "2"))
        hand.close()
    assert len(await echo.rows(kit_tables.audit)) == 7


async def test_what_a_process_wrote_counts_at_once_and_once(
    database: TrialDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "A_DAY_MAX", 4)
    monkeypatch.setattr(look_ups, "COUNT_SECONDS", 3600)
    hand = LookUps(database.runtime_url, COUNTY)
    for number in range(3):
        await hand.write(LookUp("staff:1", "looked", str(number)))
    hand._count_from = 0  # It is counted off the chain again, with what it counted itself.
    await hand.write(LookUp("staff:1", "looked", "3"))
    with pytest.raises(look_ups.LookedUpTooOften):
        await hand.write(LookUp("staff:1", "looked", "4"))
    hand.close()


async def test_the_hands_of_two_processes_write_one_chain(
    echo: Echo, database: TrialDatabase
) -> None:
    hands = [LookUps(database.runtime_url, COUNTY) for _ in range(2)]
    entries = [LookUp(f"staff:{number % 2}", "looked", str(number)) for number in range(80)]
    await asyncio.gather(*(hands[n % 2].write(entry) for n, entry in enumerate(entries)))
    for hand in hands:
        hand.close()
    assert (await the_chain(echo)).rows == 80
    rows = await echo.rows(kit_tables.audit)
    for actor in ("staff:0", "staff:1"):  # Each hand keeps the order in which it was asked.
        own = [int(row.subject) for row in rows if row.actor == actor]
        assert own == sorted(own)


async def test_what_cannot_be_written_down_is_not_shown(
    echo: Echo, owner: psycopg.Connection[Any], database: TrialDatabase
) -> None:
    owner.execute(f"REVOKE INSERT ON audit FROM {database.names.runtime}")
    refused = await asyncio.gather(*(echo.look(number) for number in range(3)))
    assert {answer.json()["type"] for answer in refused} == {"/problems/not-written-down"}
    assert {answer.status_code for answer in refused} == {503}
    assert (await the_chain(echo)).rows == 0
    owner.execute(f"GRANT INSERT ON audit TO {database.names.runtime}")
    assert (await echo.look(4)).json() == {"number": 4, "seen": "seen"}
    assert (await the_chain(echo)).rows == 1


async def test_a_look_up_waits_for_the_chain_and_is_refused_when_its_server_goes(
    echo: Echo, owner: psycopg.Connection[Any], database: TrialDatabase
) -> None:
    assert (await echo.look(1)).status_code == 200
    owner.execute(LOCK)
    waiting = asyncio.ensure_future(echo.look(2))
    _, unseen = await asyncio.wait([waiting], timeout=0.3)
    assert unseen == {waiting}
    end_all(database)
    refused = await waiting
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/not-written-down")
    owner.execute("SELECT pg_advisory_unlock_all()")
    assert (await echo.look(3)).status_code == 200
    assert [row.subject for row in await echo.rows(kit_tables.audit)] == ["1", "3"]
    await the_chain(echo)


async def test_connections_that_the_server_closed_are_not_used_again(
    echo: Echo, database: TrialDatabase
) -> None:
    for number in (101, 102, 103):
        assert (await echo.look(number)).status_code == 200
        assert (await echo.make(number, f"key-number-{number}")).status_code == 201
        end_all(database)
        await asyncio.sleep(0.1)
    assert (await the_chain(echo)).rows == 6


async def test_who_only_reads_cannot_write(database: TrialDatabase) -> None:
    reader = Database(database.runtime_url)
    async with reader.reading() as session:
        with pytest.raises(InternalError, match="read-only transaction"):
            await run(session, text("DELETE FROM inbox"))
    await reader.close()


def end_all(database: TrialDatabase) -> None:
    """The server closes every connection of the process, as when it is started anew."""
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            (database.names.runtime,),
        )
