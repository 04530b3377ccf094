"""Every act of a review and an appeal that no test of its own is about."""

from collections.abc import Iterator

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    LUO_PING,
    OTHER_TOWN_HEAD,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
)
from tests.identification.moves.cast import (
    filed_form,
    late_visit,
    number,
    persons,
    today,
    whole_file,
)
from tests.identification.register import Register
from tests.identification.test_appeals import lodged


@pytest.fixture
def walk(county: Register) -> Walk:
    return Walk(county)


async def test_a_review_is_chosen_between_visits_filed_and_visited_late(
    walk: Walk, homes: Iterator[str]
) -> None:
    await walk.open(category="review", household_id=next(homes))
    await walk.look(WANG_FANG)
    first, _ = await walk.visit(144_000), await walk.visit(144_000)
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    await filed_form(walk, first)
    found = await walk.do(WANG_FANG, "find-unchanged", stability="stable")
    assert found["state"] == "unchanged"
    await late_visit(walk, income_fen_yearly=144_000)
    await whole_file(walk)
    await walk.do(WANG_FANG, "close-file")
    await walk.do(ZHANG_LI, "reopen-file", reason="补一份证明")


async def test_an_appeal_is_upheld_and_its_file_closed_and_opened_again(walk: Walk) -> None:
    await walk.refused(members=persons()[:1], whose="head")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "extend", reason="需赴外省取证")
    await appeal.do(LUO_PING, "note-hearing", heard_on=today(walk), findings="已听取意见")
    assert (await appeal.do(SUN_LEI, "uphold", **number()))["state"] == "upheld"
    await whole_file(appeal)
    await appeal.do(WANG_FANG, "close-file")
    await appeal.do(ZHANG_LI, "reopen-file", reason="补一份证明")


async def test_an_appeal_is_not_accepted_or_withdrawn(walk: Walk) -> None:
    await walk.refused(members=persons()[:1], whose="head")
    appeal = await lodged(walk)
    assert (await appeal.do(SUN_LEI, "turn-away", **number()))["state"] == "turned-away"
    appeal = await lodged(walk)
    letter = await appeal.paper(CHEN_HONG, "withdrawal")
    withdrawn = await appeal.do(OTHER_TOWN_HEAD, "withdraw", letter_id=letter)
    assert withdrawn["state"] == "withdrawn"
