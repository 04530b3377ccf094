"""Any past run, from what it froze and the law it kept, gives the same list byte for byte."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from services.benefits import replay, run_keeper
from services.benefits.snapshot import SnapshotDiffers
from shared.ids import new_id
from tests.benefits.county import CountyBenefits, at
from tests.benefits.makers import a_household, a_person
from tests.benefits.test_arrears import raise_rural_standard


async def test_a_run_is_replayed_byte_for_byte_after_everything_has_moved_on(
    benefits: CountyBenefits, places: Path
) -> None:
    county = benefits.with_knobs(places_dir=places)
    household_id = str(new_id())
    tekun = a_person(on_tekun=1, care_mode=2, self_care=3)
    await county.learn(a_household(tekun, a_person(), household_id=household_id), a_household())
    october = await county.pay("2026-10")
    await county.decide(
        a_household(household_id=household_id, income_fen=8000, recorded_at=at(2026, 10, 20))
    )
    raise_rural_standard(places, "2026-10", 25000)
    november = await county.pay("2026-11")
    for run in (october, november):
        replayed = await replay.replay(county.settings, county.database, run.id)
        assert replayed.same, asdict(replayed)
        assert replayed.list_sha256_now == run.list_sha256


async def test_the_command_says_so_with_its_exit_code(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    run = await benefits.pay()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.benefits.replay",
        str(run.id),
        env=run_keeper.environment(benefits.settings),
        cwd=run_keeper.ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await child.communicate()
    assert child.returncode == 0
    assert json.loads(said)["same"] is True


async def test_a_list_that_was_changed_is_found_out(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    run = await benefits.pay()
    benefits.change("UPDATE run SET total_fen = total_fen + 1")
    replayed = await replay.replay(benefits.settings, benefits.database, run.id)
    assert not replayed.same


def test_a_snapshot_that_differs_is_a_fault_of_ours_and_not_of_the_caller() -> None:
    assert SnapshotDiffers.status == 500
