"""A county's run: opened, calculated, killed, resumed, and never twice."""

import asyncio
import signal
import sys
from uuid import UUID

import pytest

from services.benefits import run_keeper, runs, snapshot
from services.benefits.models import Run, RunStatus
from services.benefits.packs import NoSuchFamily
from shared import crash_points
from tests.benefits.county import CountyBenefits, at, sums
from tests.benefits.makers import NOT_APPLICABLE, a_household, a_person


async def a_child(benefits: CountyBenefits, of: Run) -> int:
    """The run's own process, to its end; what it ended with."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.benefits.runs",
        str(of.id),
        env=run_keeper.environment(benefits.settings),
        cwd=run_keeper.ROOT,
    )
    return await child.wait()


async def test_a_household_is_topped_up_to_the_standard(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household(a_person(), a_person(), income_fen=10000))
    run = await benefits.work(await benefits.open())
    assert run.status == RunStatus.CALCULATED
    assert (run.lines_count, run.total_fen) == (1, 2 * 19000 - 10000)
    closed = await benefits.close(run)
    assert closed.status == RunStatus.CLOSED
    assert sums(benefits.lines()) == {("dibao", "2026-10", "regular"): 28000}


async def test_a_run_done_twice_adds_nothing(benefits: CountyBenefits) -> None:
    await benefits.learn(*(a_household() for _ in range(7)))
    first = await benefits.pay()
    again = await benefits.open()
    assert (again.id, again.status) == (first.id, RunStatus.CLOSED)
    await benefits.work(again)
    assert len(benefits.lines()) == 7
    assert len(benefits.rows("SELECT * FROM outbox")) == 1


async def test_a_second_run_of_the_same_month_finds_nothing_left_to_pay(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household(), a_household())
    await benefits.pay()
    second = await benefits.work(await benefits.open(sequence=2))
    assert (second.lines_count, second.total_fen, second.recoveries_count) == (0, 0, 0)


@pytest.mark.parametrize("point", ["benefits.snapshot-written", "benefits.chunk-loaded"])
async def test_a_run_killed_in_the_middle_goes_on_where_it_stopped(
    benefits: CountyBenefits, point: str
) -> None:
    county = benefits.with_knobs(chunk_items=2)
    people = [a_person(on_tekun=1, care_mode=1, self_care=1) for _ in range(3)]
    await county.learn(*(a_household() for _ in range(5)), a_household(*people))
    of = await county.open()
    crash_points.arm(county.settings.files_dir, point)
    assert await a_child(county, of) == -signal.SIGKILL
    loaded_before = len(benefits.rows("SELECT * FROM run_chunk"))
    assert await a_child(county, of) == 0
    done = await county.read(of)
    assert done.status == RunStatus.CALCULATED
    assert (done.lines_count, done.total_fen) == (8, 5 * 19000 + 3 * 36000)
    assert loaded_before == (1 if point == "benefits.chunk-loaded" else 0)
    assert len(benefits.rows("SELECT * FROM run_chunk")) == 4


async def test_the_keeper_starts_the_child_again_until_the_run_is_calculated(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household())
    of = await benefits.open()
    crash_points.arm(benefits.settings.files_dir, "benefits.chunk-loaded")
    keeping = asyncio.create_task(run_keeper.keep(benefits))
    try:
        async with asyncio.timeout(60):
            while (await benefits.read(of)).status != RunStatus.CALCULATED:
                await asyncio.sleep(0.2)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_a_database_that_hangs_up_again_and_again_costs_nothing(
    benefits: CountyBenefits,
) -> None:
    county = benefits.with_knobs(chunk_items=3)
    await county.learn(*(a_household() for _ in range(60)))
    of = await county.open()
    for seconds in (0.02, 0.1, 0.2, 0.3):
        working = asyncio.create_task(runs.work(county.tools, of.id))
        await asyncio.sleep(seconds)
        county.hang_up()
        await asyncio.gather(working, return_exceptions=True)
    done = await county.work(of)
    assert (done.status, done.lines_count, done.total_fen) == ("calculated", 60, 60 * 19000)
    assert done.faults == 0, "the database being away is no fault of the run"


async def test_only_one_process_works_at_a_run(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    of = await benefits.open()
    ended = await asyncio.gather(runs.work(benefits.tools, of.id), runs.work(benefits.tools, of.id))
    assert sorted(ended) == [0, runs.BUSY]
    assert (await benefits.read(of)).lines_count == 1


async def test_who_is_owed_nothing_leaves_no_line_but_is_counted(
    benefits: CountyBenefits,
) -> None:
    rich = a_household(income_fen=90000)
    undecided = a_household(on_dibao=0)
    await benefits.learn(rich, undecided, a_household())
    run = await benefits.work(await benefits.open())
    assert (run.households_count, run.zero_count, run.lines_count) == (3, 2, 1)


async def test_a_household_with_neither_word_nor_month_is_left_out(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(
        a_household(from_month="2026-11"), a_household(from_month="2026-01", until_month="2026-09")
    )
    run = await benefits.work(await benefits.open())
    assert (run.households_count, run.lines_count) == (0, 0)


async def test_the_decision_recorded_later_speaks_for_the_month(
    benefits: CountyBenefits,
) -> None:
    old = a_household(income_fen=0, from_month="2026-01", recorded_at=at(2026, 1, 5))
    new = a_household(
        household_id=old["household_id"],
        income_fen=9000,
        from_month="2026-10",
        recorded_at=at(2026, 9, 28),
    )
    await benefits.learn(new)
    await benefits.learn(old)
    run = await benefits.work(await benefits.open())
    assert run.total_fen == 10000


async def test_the_dead_are_paid_the_month_of_death_and_no_later(
    benefits: CountyBenefits,
) -> None:
    tekun = {"on_tekun": 1, "care_mode": 2, "self_care": 3}
    in_month, before = a_person(died_on=20261002, **tekun), a_person(died_on=20260930, **tekun)
    alive = a_person(died_on=NOT_APPLICABLE, **tekun)
    await benefits.learn(a_household(in_month, before, alive, on_dibao=0))
    await benefits.pay()
    paid = {str(line["beneficiary_id"]) for line in benefits.lines()}
    assert paid == {in_month["person_id"], alive["person_id"]}


async def test_a_family_the_place_does_not_pay_is_refused(benefits: CountyBenefits) -> None:
    with pytest.raises(NoSuchFamily):
        await benefits.open(family="winter-coal")


async def test_facts_that_were_changed_on_disk_stop_the_run_until_it_begins_again(
    benefits: CountyBenefits,
) -> None:
    county = benefits.with_knobs(run_faults_max=2)
    await county.learn(a_household())
    of = await county.open()
    crash_points.configure(county.settings.files_dir)
    crash_points.arm(county.settings.files_dir, "benefits.chunk-loaded")
    assert await a_child(county, of) == -signal.SIGKILL
    path = snapshot.path_of(county.settings.files_dir, await county.read(of))
    sealed = bytearray(path.read_bytes())
    sealed[-20] ^= 1
    path.write_bytes(bytes(sealed))
    for _ in range(2):
        assert await runs.work(county.tools, of.id) == 1
    failed = await county.read(of)
    assert (failed.status, failed.failure) == (RunStatus.FAILED, "Tampered")
    tried = await county.open()
    assert (tried.id, tried.status, tried.attempt) == (of.id, RunStatus.OPENED, 2)
    done = await county.work(tried)
    assert (done.status, done.lines_count) == (RunStatus.CALCULATED, 1)


async def test_the_snapshot_on_disk_is_sealed(benefits: CountyBenefits) -> None:
    determined = a_household()
    await benefits.learn(determined)
    of = await benefits.work(await benefits.open())
    path = snapshot.path_of(benefits.settings.files_dir, of)
    sealed = path.read_bytes()
    assert determined["household_id"].encode() not in sealed
    assert UUID(determined["household_id"]).bytes not in sealed
    assert path.stat().st_mode & 0o077 == 0
