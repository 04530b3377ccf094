"""Until when a decision can be appealed: from the day it was told, to a day that is worked."""

from datetime import date, timedelta

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    OTHER_TOWN_HEAD,
    SUN_LEI,
    ZHANG_LI,
    Walk,
    later,
)
from tests.identification.register import Register
from tests.identification.test_appeals import OTHER_HEAD, OUTCOME, lodged


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.mark.parametrize(("days", "taken"), [(60, True), (61, False)])
async def test_an_appeal_is_lodged_within_its_days(walk: Walk, days: int, taken: bool) -> None:
    await walk.refused()
    told_on = walk.register.app.state.clock.today()
    later(walk.register, days)
    appeal = await lodged(walk)
    assert appeal.case["about"]["last_day"] == str(told_on + timedelta(days=60))
    answer = await appeal.ask(SUN_LEI, "accept")
    assert (answer.status_code == 200) == taken, answer.text
    if not taken:
        assert answer.json()["needs"] == ["lodged-in-time"]
        away = await appeal.do(SUN_LEI, "turn-away", **OUTCOME)
        assert away["state"] == "turned-away"


async def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day(walk: Walk) -> None:
    await walk.confirming()
    why = {"decision_number": "青民决〔2026〕9号", "reasons": "家庭收入高于标准"}
    await walk.do(HE_JUN, "refuse", **why)
    today = walk.register.app.state.clock.today()
    later(walk.register, (date(2026, 10, 13) - today).days)
    await walk.do(ZHANG_LI, "tell-refusal", told_on="2026-10-13")
    later(walk.register, 62)
    appeal = await lodged(walk)
    assert appeal.case["about"]["last_day"] == "2026-12-14", "the twelfth is a Saturday"
    await appeal.do(SUN_LEI, "accept")


async def test_a_refusal_that_nobody_was_told_of_can_be_appealed_on_any_day(walk: Walk) -> None:
    await walk.confirming()
    why = {"decision_number": "青民决〔2026〕9号", "reasons": "家庭收入高于标准"}
    await walk.do(HE_JUN, "refuse", **why)
    later(walk.register, 200)
    appeal = await lodged(walk)
    assert appeal.case["about"]["last_day"] is None
    await appeal.do(SUN_LEI, "accept")


async def test_a_refusal_that_was_made_again_is_told_again_and_its_days_run_from_then(
    walk: Walk,
) -> None:
    await walk.refused()
    told_on = walk.register.app.state.clock.today().isoformat()
    answer = await walk.ask(ZHANG_LI, "tell-refusal", told_on=told_on)
    assert answer.json()["needs"] == ["refusal-not-told"]
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await walk.look()
    why = {"decision_number": "青民决〔2026〕903号", "reasons": "家庭收入高于标准"}
    await walk.do(OTHER_HEAD, "refuse", **why)
    again = await lodged(walk)
    assert again.case["about"]["last_day"] is None
    await walk.do(ZHANG_LI, "tell-refusal", told_on=told_on)
    assert (await again.look())["about"]["last_day"] is not None


async def test_a_day_that_is_typed_takes_no_appeal_away_and_makes_none(walk: Walk) -> None:
    await walk.confirming()
    why = {"decision_number": "青民决〔2026〕9号", "reasons": "家庭收入高于标准"}
    await walk.do(HE_JUN, "refuse", **why)
    decided_on = walk.register.app.state.clock.today()
    later(walk.register, 70)
    await walk.do(ZHANG_LI, "tell-refusal", told_on=decided_on.isoformat())
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    letter = await appeal.paper(CHEN_HONG, "withdrawal")
    answer = await appeal.ask(ZHANG_LI, "withdraw", letter_id=letter)
    assert answer.json()["needs"] == ["withdrawn-by-the-applicant"], "it is about their decision"
    await appeal.do(OTHER_TOWN_HEAD, "withdraw", letter_id=letter)
    later(walk.register, 70)
    for on in (date(1900, 1, 1), decided_on + timedelta(days=80)):
        late = await lodged(walk, on)
        needs = (await late.ask(SUN_LEI, "accept")).json()["needs"]
        assert needs == ["lodged-in-time"], "without a letter, it is lodged when it is written down"
        await late.do(SUN_LEI, "turn-away", **OUTCOME)
    kept = await lodged(walk, decided_on + timedelta(days=80), letter=True)
    await kept.do(SUN_LEI, "accept")
