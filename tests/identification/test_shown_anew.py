"""What was shown counts as long as it is what stands: another household is shown, or another visit,
on every list again."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    FANG_TING,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
    sets,
    staff,
)
from tests.identification.makers import VILLAGE
from tests.identification.register import Register
from tests.identification.test_lapsing import ALONE, died
from tests.identification.test_publicity import DOOR
from tests.identification.test_three_lists import DECISION, OPINION, THREE, shown

ZHOU_YU = staff("zhou-yu", {"cases:read", "cases:survey"}, VILLAGE[:9])


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def looked_at_again(walk: Walk) -> None:
    """Visited anew by two, and compared anew."""
    survey_id = await walk.visit()
    await walk.do(ZHOU_YU, "sign-survey", survey_id=survey_id)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()


async def public(walk: Walk) -> list[int]:
    """How many members stand on the public list of the village, case by case."""
    found = (await walk.register.get(f"/villages/{VILLAGE}/public-list", DOOR)).json()
    return [each["members"] for each in found["posted"]]


async def test_a_household_that_a_death_has_changed_is_shown_again(walk: Walk) -> None:
    await walk.confirming()
    walk.case = (await died(walk, "go-on", person_key="child")).json()
    await looked_at_again(walk)
    await walk.do(ZHANG_LI, "propose", **{**OPINION, "income_fen_monthly": 18000})
    assert walk.case["state"] == "to-post", "two were shown, and one lives there"
    await walk.put_up()
    assert await public(walk) == [1]
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    assert [each["round"] for each in walk.case["postings"]] == [1, 2]
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "granted"


async def test_a_list_that_a_death_took_down_is_put_up_again(walk: Walk) -> None:
    await walk.posted()
    walk.case = (await died(walk, "go-on", person_key="child")).json()
    assert all(each["taken_down_on"] for each in walk.case["postings"])
    await looked_at_again(walk)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await walk.put_up()
    assert walk.case["state"] == "posted"


async def test_a_list_that_came_down_for_a_death_noted_wrongly_is_put_up_again(walk: Walk) -> None:
    await walk.posted(**ALONE)
    walk.case = (await died(walk)).json()
    await walk.do(FANG_TING, "unnote-death", reason="本人健在，同名")
    await walk.do(WANG_FANG, "accept")
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await walk.put_up()
    assert walk.case["state"] == "posted"


async def test_after_a_check_that_found_it_otherwise_every_list_is_shown_again(walk: Walk) -> None:
    sets(walk.register, THREE)
    await walk.surveyed()
    await walk.compare()
    await shown(walk, "village", 7)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await shown(walk, "township", 5)
    today = walk.register.app.state.clock.today().isoformat()
    checked: dict[str, Any] = {"visited_on": today, "as_found": False, "findings": "家里多一人"}
    await walk.do(HE_JUN, "home-check", **checked)
    await walk.do(FANG_TING, "weigh-home-check", counts="check", reason="核查时三人在家")
    await walk.do(FANG_TING, "return-to-township", reason="重新入户")
    await walk.do(ZHANG_LI, "survey-again")
    await looked_at_again(walk)
    assert walk.case["state"] == "to-post", "what hung in the village was found otherwise"
    await shown(walk, "village", 7)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await shown(walk, "township", 5)
    assert walk.case["state"] == "confirming"
