"""Whatever waits for an officer is late one day: a change, a leaving, a review, the next stage."""

from datetime import date
from typing import Any

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
    later,
)
from tests.identification.register import Register
from tests.identification.test_changes import a_newcomer, described
from tests.identification.test_exits import RISEN
from tests.identification.test_reviews import TOWN, open_due
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    approved,
    papers,
    proposed,
    register_with,
    reported,
)
from tests.identification.test_workdays import name

DEATH = ("death", {"person_key": (1,), "died_on": "2026-08-30"})


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def within(walk: Walk, days: int) -> str:
    """The working day so many after today."""
    state = walk.register.app.state
    day: date = state.casework.add_workdays(state.clock.today(), days)
    return day.isoformat()


def clocks(case: dict[str, Any]) -> tuple[str | None, str | None]:
    """By when the whole is due, and the step."""
    return case["due_on"], case["state_due_on"]


async def late(walk: Walk, by: Caller) -> list[str]:
    """The states of what is overdue in somebody's queue."""
    found = (await walk.register.get("/cases", by, overdue=True)).json()["items"]
    return [each["state"] for each in found]


async def passed(walk: Walk, by: Caller) -> str:
    """What is overdue once the day is past, and was not on it."""
    day = date.fromisoformat(min(each for each in clocks(await walk.look(by)) if each))
    later(walk.register, (day - walk.register.app.state.clock.today()).days)
    assert await late(walk, by) == []
    later(walk.register, 1)
    (state,) = await late(walk, by)
    return state


async def leaving(walk: Walk, act: str, **words: Any) -> Walk:
    """A leaving of the household h-1, described."""
    await walk.open(category="exit", household_id=await a_known_household(walk.register))
    await walk.look()
    if act == "death":
        words = {"person_key": walk.case["application"]["members"][1]["key"], **words}
    await walk.do(WANG_FANG, act, **words)
    return walk


async def test_a_change_has_its_days_and_is_late_before_the_county(walk: Walk) -> None:
    case = await described(walk, DEATH)
    assert clocks(case) == (within(walk, 30), within(walk, 5))
    later(walk.register, 3)
    whole = case["due_on"]
    case = await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert clocks(case) == (whole, within(walk, 10))
    assert await passed(walk, HE_JUN) == "confirming"
    decided = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    case = await walk.do(HE_JUN, "confirm", **decided)
    assert clocks(case) == (None, None)


async def test_no_days_of_a_change_pass_while_it_is_described_anew(walk: Walk) -> None:
    await described(walk, DEATH)
    case = await walk.do(ZHANG_LI, "reopen", reason="日期有误")
    later(walk.register, 90)
    assert await late(walk, ZHANG_LI) == []
    case = await walk.do(WANG_FANG, "submit")
    assert clocks(case) == (within(walk, 30), within(walk, 5))


async def test_a_change_that_is_looked_into_is_late_whatever_step_it_stands_at(walk: Walk) -> None:
    await described(walk, ("birth", a_newcomer()))
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    assert await passed(walk, ZHANG_LI) == "comparing"


@pytest.mark.parametrize(
    ("act", "words"), [("death", {"died_on": "2026-08-30"}), ("over-standard", RISEN)]
)
async def test_what_is_to_end_is_late_before_the_county(
    walk: Walk, act: str, words: dict[str, Any]
) -> None:
    await leaving(walk, act, **words)
    assert clocks(walk.case) == (None, within(walk, 15))
    assert await passed(walk, HE_JUN) == walk.case["state"]


async def test_a_change_gets_more_days_once_and_whoever_asked_hears_it(walk: Walk) -> None:
    await described(walk, ("income", {"income_fen_monthly": 13000, "reason": "外出务工"}))
    due, _ = clocks(walk.case)
    assert due == within(walk, 30)
    longer, _ = clocks(await walk.do(HE_JUN, "extend", reason="需赴外省核实"))
    assert longer == within(walk, 45)
    answer = await walk.ask(HE_JUN, "extend", reason="再延")
    assert answer.json()["needs"] == ["not-extended-before"]


async def test_while_a_household_answers_its_days_count_then_who_judges_then_the_county(
    walk: Walk,
) -> None:
    await leaving(walk, "over-standard", **RISEN)
    decided_by = within(walk, 15)
    later(walk.register, 3)
    await walk.tell_alone()
    assert walk.case["state_due_on"] == within(walk, 5)
    await walk.do(WANG_FANG, "explain-hits", explanation="奖金，只有一次")
    assert walk.case["state_due_on"] == within(walk, 3)
    (line,) = (await walk.register.get("/cases", ZHANG_LI)).json()["items"]
    assert line["choice_waits"], "whoever judges it is told so"
    await walk.do(ZHANG_LI, "reject-answer", reason="与流水不符")
    await walk.do(WANG_FANG, "explain-hits", explanation="奖金，有单位证明")
    await walk.do(ZHANG_LI, "accept-answer", reason="有证明")
    assert walk.case["state_due_on"] == decided_by


async def test_a_fade_out_is_seen_once_its_months_are_over_whatever_days_are_worked(
    walk: Walk,
) -> None:
    await walk.open(category="exit", household_id=await a_known_household(walk.register))
    await walk.look()
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    assert clocks(walk.case) == (None, "2027-03-31")
    await name(walk.register, d2027_03_30="free")
    assert (await walk.look())["state_due_on"] == "2027-03-31"
    assert await passed(walk, HE_JUN) == "fading"


async def test_a_review_nobody_made_is_late(walk: Walk) -> None:
    await a_known_household(walk.register)
    in_month(walk.register, 12)
    await open_due(walk.register, "2027-09")
    (case,) = walk.register.rows("SELECT id, state_due_on FROM case_file")
    walk.case = {"case_id": str(case["id"])}
    assert str(case["state_due_on"]) == within(walk, 22)
    assert await passed(walk, TOWN) == "due"


async def test_the_next_stage_of_aid_is_late_and_its_approval_is_not(walk: Walk) -> None:
    walk = Walk(register_with(walk.register, **LIMITS))
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), 100000, 3)
    await approved(walk, ZHAO_GANG)
    assert clocks(walk.case) == (None, within(walk, 22))
    assert await passed(walk, ZHANG_LI) == "paying"
    await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert clocks(walk.case) == (None, within(walk, 22))
    assert await late(walk, ZHANG_LI) == []


async def test_days_named_later_move_these_clocks_too(walk: Walk) -> None:
    await leaving(walk, "death", died_on="2026-08-30")
    next_worked = within(walk, 16)
    assert walk.case["state_due_on"] == "2026-10-22"
    await name(walk.register, d2026_10_22="free")
    assert (await walk.look())["state_due_on"] == next_worked
