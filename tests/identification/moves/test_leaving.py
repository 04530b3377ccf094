"""Every act of leaving that no test of its own is about."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
)
from tests.identification.makers import id_number
from tests.identification.moves.cast import (
    CHILD,
    DIFFERS,
    GAO_YU,
    HEAD,
    SPOUSE,
    VISIT_COUNTS,
    agreed_at_last,
    excused,
    filed_form,
    hit_and_explained,
    member,
    number,
    signed_together,
    today,
    whole_file,
)
from tests.identification.register import Register

RISEN: Final = {"ends": "dibao", "income_fen_monthly": 260_000, "findings": "工资流水在案"}
LIVES_THERE: Final = {"findings": "户主已在成都定居", "rests_on": "living", "ends": "dibao"}


@pytest.fixture
async def walk(county: Register, homes: Iterator[str]) -> Walk:
    walk = await Walk(county, "exit").open(household_id=next(homes))
    await walk.look()
    return walk


async def test_what_is_found_is_looked_into_told_and_answered_and_fades(walk: Walk) -> None:
    await walk.do(WANG_FANG, "over-standard", found_on=today(walk), **RISEN)
    await walk.do(WANG_FANG, "declare-relative", officer="zhou-yi", relation="表弟")
    await walk.letter(member(walk, HEAD))
    await signed_together(walk, member(walk, HEAD), member(walk, SPOUSE))
    await excused(walk, member(walk, SPOUSE))
    first, _ = await walk.visit(3_120_000), await walk.visit(3_120_000)
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    await filed_form(walk, first)
    await hit_and_explained(walk)
    await agreed_at_last(walk)
    decision = {"decision_number": number()["decision_number"]}
    assert (await walk.do(HE_JUN, "fade", **decision))["state"] == "fading"
    await walk.do(HE_JUN, "home-check", visited_on=today(walk), **DIFFERS)
    await walk.do(GAO_YU, "weigh-home-check", **VISIT_COUNTS)


async def test_what_there_is_nothing_in_is_closed_and_opened_again(walk: Walk) -> None:
    await walk.do(WANG_FANG, "wrongly-in", found_on=today(walk), **LIVES_THERE)
    assert (await walk.do(HE_JUN, "dismiss", reasons="系同名他人"))["state"] == "kept"
    await whole_file(walk)
    await walk.do(WANG_FANG, "close-file")
    await walk.do(ZHANG_LI, "reopen-file", reason="补一份证明")


async def test_where_the_head_and_every_adult_left_somebody_is_named_for_who_stays(
    walk: Walk,
) -> None:
    moved: dict[str, Any] = {"moved_on": today(walk), "moved_to": "成都市"}
    await walk.do(CHEN_HONG, "moved-away", person_key=member(walk, HEAD), **moved)
    await walk.do(CHEN_HONG, "relation", person_key=member(walk, SPOUSE), relation="配偶")
    await walk.do(CHEN_HONG, "head", person_key=member(walk, SPOUSE), rests_on="户口簿")
    paper = await walk.paper(WANG_FANG, "guardianship", of_person=member(walk, CHILD))
    guardian = {
        "person_key": member(walk, CHILD), "guardian_name": "李强", "relation": "叔",
        "guardian_number": id_number(900), "authority": "relative", "paper_id": paper,
    }  # fmt: skip
    await walk.do(WANG_FANG, "name-guardian", **guardian)
    assert (await walk.do(FANG_TING, "dismiss", reasons="并未迁出"))["state"] == "kept"
