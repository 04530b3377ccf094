"""A death recorded in error is taken back: they live there on, and everybody hears of it."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    ZHANG_LI,
    Walk,
    a_known_household,
)
from tests.identification.makers import a_csv, a_household, a_person, id_number, on_dibao, rows_of
from tests.identification.register import Register
from tests.identification.test_changes import decided, described, stays, told
from tests.identification.test_exits import RISEN

SEEN: dict[str, Any] = {"seen_on": "2026-09-20", "proof": "村干部陈红见到本人，同名误登"}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def alive(walk: Walk, place: int, number: str = "h-1") -> dict[str, Any]:
    """It is said that somebody of a household is alive."""
    await walk.open(category="change", household_number=number, village=None)
    await walk.look()
    await walk.do(CHEN_HONG, "alive", id_number=id_number(place), **SEEN)
    return await walk.do(CHEN_HONG, "submit")


async def confirmed(walk: Walk, number: str, from_month: str = "2026-10") -> None:
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="本人健在")
    await walk.do(HE_JUN, "confirm", decision_number=number, from_month=from_month)


async def test_whoever_is_alive_lives_there_on_and_it_is_said(walk: Walk) -> None:
    await described(walk, ("death", {"person_key": (1,), "died_on": "2026-08-30"}))
    await decided(walk)
    asked = await alive(walk, 2)
    (effect,) = asked["effect"]["households"]
    assert effect["alive"] == [{"name": "李丙", "died_on": "2026-08-30"}]
    assert ("h-1", "李丙", "2010-01", "2026-08") in stays(walk.register), (
        "a preview changes nothing"
    )
    await confirmed(walk, "青民变〔2026〕21号")
    assert ("h-1", "李丙", "2010-01", None) in stays(walk.register)
    (row,) = walk.register.rows("SELECT died_on FROM person WHERE name = '李丙'")
    assert row["died_on"] is None
    (said,) = walk.register.told("taken-back")
    assert said["body"]["died_on"] == "2026-08-30"
    found = await told(walk.register)
    assert str(found.from_month) == "2026-10"
    assert all(m.facts["died_on"] == "not-applicable" and not m.until for m in found.members)
    acts = walk.register.rows("SELECT 1 FROM audit WHERE act = 'death-taken-back'")
    assert len(acts) == 1


async def test_a_household_of_which_nobody_was_left_is_on_dibao_again(walk: Walk) -> None:
    await a_known_household(walk.register, "h-7", 21)
    await walk.open(category="change", household_number="h-7", village=None)
    await walk.look()
    key = walk.case["application"]["members"][0]["key"]
    await walk.do(CHEN_HONG, "death", person_key=key, died_on="2026-08-30")
    await walk.paper(CHEN_HONG, "finding-proof")
    await walk.do(CHEN_HONG, "submit")
    await confirmed(walk, "青民变〔2026〕22号")
    assert (await told(walk.register, "h-7")).facts["on_dibao"] == 0
    asked = await alive(walk, 21, "h-7")
    assert asked["effect"]["households"][0]["facts"]["on_dibao"] == {"before": 0, "after": 1}
    await confirmed(walk, "青民变〔2026〕23号")
    found = await told(walk.register, "h-7")
    assert (found.facts["on_dibao"], found.facts["income_fen_monthly"]) == (1, 12000)
    (person,) = walk.register.rows(
        "SELECT id FROM person WHERE died_on IS NULL AND id_index IS NOT NULL"
    )
    moved = walk.register.told("case-moved")
    to_them = [each["body"] for each in moved if each["body"]["happened"] == "found-alive"]
    assert [(each["person_id"], each["from_month"]) for each in to_them] == [
        (str(person["id"]), "2026-10")
    ], "who lives alone is told, though no application has a head"


async def test_a_fade_out_that_ended_with_a_death_recorded_in_error_goes_on(walk: Walk) -> None:
    household_id = await a_known_household(walk.register, "h-7", 21)
    leaving = await Walk(walk.register).open(category="exit", household_id=household_id)
    await leaving.look()
    await leaving.found("over-standard", **RISEN)
    await leaving.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    await walk.open(category="change", household_number="h-7", village=None)
    await walk.look()
    key = walk.case["application"]["members"][0]["key"]
    await walk.do(CHEN_HONG, "death", person_key=key, died_on="2026-09-21")
    await walk.paper(CHEN_HONG, "finding-proof")
    await walk.do(CHEN_HONG, "submit")
    await confirmed(walk, "青民变〔2026〕22号")
    fades = "dibao_above_standard_on"
    assert (await told(walk.register, "h-7")).facts[fades] == "not-applicable"
    assert (await leaving.look())["state"] == "exited"
    await alive(walk, 21, "h-7")
    await confirmed(walk, "青民变〔2026〕23号")
    facts = (await told(walk.register, "h-7")).facts
    assert (facts["on_dibao"], facts[fades]) == (0, 20260920)
    assert (await leaving.look())["state"] == "fading"


async def test_a_death_that_a_roster_brought_is_taken_back_too(walk: Walk) -> None:
    home = a_household("h-5", a_person(15), a_person(16, died_on="2026-08-30"), **on_dibao())
    await walk.register.imported(a_csv(rows_of(home)))
    await alive(walk, 16, "h-5")
    await confirmed(walk, "青民变〔2026〕24号")
    found = await told(walk.register, "h-5")
    assert [m.facts["died_on"] for m in found.members] == ["not-applicable"] * 2


@pytest.mark.parametrize("place", [1, 99])
async def test_who_is_not_recorded_as_dead_here_is_not_found_alive(walk: Walk, place: int) -> None:
    await a_known_household(walk.register)
    await walk.open(category="change", household_number="h-1", village=None)
    await walk.look()
    answer = await walk.ask(CHEN_HONG, "alive", id_number=id_number(place), **SEEN)
    assert answer.json()["type"] == "/problems/not-recorded-dead"
