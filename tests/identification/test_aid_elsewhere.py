"""Who is registered in another county: helped where it happens, or told where to go."""

from typing import Any

import pytest

from tests.identification.caseworkers import CHEN_HONG, WANG_FANG, ZHANG_LI, Walk
from tests.identification.register import Register
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    announced,
    approved,
    papers,
    proposed,
    register_with,
    reported,
    today,
)


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register_with(register, **LIMITS))


async def test_what_was_reported_by_a_slip_is_said_anew(walk: Walk) -> None:
    await reported(walk, elsewhere="yes", cause="illness")
    assert (await walk.ask(WANG_FANG, "accept")).json()["needs"] == ["helped-where-it-happens"]
    fire = {"kind": "urgent", "cause": "fire", "happened_on": today(walk), "elsewhere": "no"}
    await walk.do(CHEN_HONG, "correct-report", **fire, reason="本县户口，选错了")
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    await approved(walk, ZHAO_GANG)
    assert (await announced(walk.register))[0].facts["registered_elsewhere"] == 0
    again = await reported(Walk(walk.register))
    await again.do(WANG_FANG, "accept")
    advance: dict[str, Any] = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-8"}
    answer = await again.ask(ZHANG_LI, "advance", **advance)
    assert answer.json()["type"].endswith("helped-before"), "the cause that was corrected counts"


async def test_whoever_is_registered_elsewhere_is_helped_and_their_home_told(walk: Walk) -> None:
    away: dict[str, Any] = {"elsewhere": "yes", "home_area": "云南省昭通市"}
    await reported(walk, **away)
    answer = await walk.ask(WANG_FANG, "accept")
    assert answer.json()["needs"] == ["helped-where-it-happens"]
    register_with(walk.register, aid_where_it_happens=True)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    answer = await walk.ask(ZHAO_GANG, "confirm", decision_number="救2号")
    assert answer.json()["needs"] == ["home-told"]
    await walk.do(WANG_FANG, "tell-home", told_on=today(walk), told_to="昭通市民政局")
    await approved(walk, ZHAO_GANG)
    assert (await announced(walk.register))[0].facts["registered_elsewhere"] == 1
