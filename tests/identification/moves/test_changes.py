"""Every act of a change that no test of its own is about."""

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
    later,
)
from tests.identification.citizens import Phone, admitted, see
from tests.identification.moves.cast import (
    DIFFERS,
    GAO_YU,
    HEAD,
    RELATIVE,
    SPOUSE,
    VISIT_COUNTS,
    agreed_at_last,
    excused,
    filed_form,
    hit_and_explained,
    member,
    number,
    on_a_phone,
    secret_and_shown_again,
    signed_together,
    today,
    whole_file,
)
from tests.identification.register import Register

FALLS: Final = {"income_fen_monthly": 13_000, "reason": "零工"}


@pytest.fixture
async def walk(county: Register, homes: Iterator[str]) -> Walk:
    walk = await Walk(county, "change").open(household_id=next(homes))
    await walk.look()
    return walk


async def falls(walk: Walk) -> dict[str, Any]:
    """Less is paid, by the household's own letter: it goes to the township at once."""
    await walk.do(CHEN_HONG, "income", **FALLS)
    await walk.paper(CHEN_HONG, "change-letter")
    case = await walk.do(CHEN_HONG, "submit")
    assert case["state"] == "requested"
    return case


async def test_what_officials_found_is_told_answered_compared_and_agreed_to(walk: Walk) -> None:
    await walk.do(WANG_FANG, "income", **FALLS)
    assert (await walk.do(WANG_FANG, "submit"))["state"] == "surveying"
    await walk.do(HE_JUN, "extend", reason="需赴外省核实")
    await walk.do(CHEN_HONG, "say-relative", **RELATIVE)
    await walk.do(ZHANG_LI, "no-relative", reason="同名", answers="1")
    await walk.do(WANG_FANG, "declare-relative", officer="zhou-yi", relation="表弟")
    await secret_and_shown_again(walk)
    await signed_together(walk, member(walk, HEAD), member(walk, SPOUSE))
    await excused(walk, member(walk, SPOUSE))
    first, _ = await walk.visit(156_000), await walk.visit(156_000)
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    await filed_form(walk, first)
    await agreed_at_last(walk)
    await walk.do(WANG_FANG, "finish-survey")
    await hit_and_explained(walk)
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "requested"


async def test_what_lowers_is_brought_papers_for_refused_told_and_filed(walk: Walk) -> None:
    await falls(walk)
    await walk.do(WANG_FANG, "want-papers", missing=["收入证明"])
    assert (await walk.do(CHEN_HONG, "bring-papers"))["state"] == "requested"
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "home-check", visited_on=today(walk), **DIFFERS)
    await walk.do(GAO_YU, "weigh-home-check", **VISIT_COUNTS)
    assert (await walk.do(FANG_TING, "refuse", **number()))["state"] == "refused"
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today(walk))
    await whole_file(walk)
    await walk.do(WANG_FANG, "close-file")
    await walk.do(ZHANG_LI, "reopen-file", reason="补一份证明")


async def test_papers_that_never_come_end_a_change(walk: Walk) -> None:
    await falls(walk)
    await walk.do(WANG_FANG, "want-papers", missing=["收入证明"])
    await walk.do(CHEN_HONG, "bring-papers")
    await walk.do(WANG_FANG, "papers-still-missing")
    later(walk.register, 60)
    assert (await walk.do(HE_JUN, "lapse", **number()))["state"] == "lapsed"


async def test_who_reports_a_change_on_a_telephone_is_seen_anew(walk: Walk) -> None:
    asked = f"SELECT number FROM household WHERE id = '{walk.case['household_id']}'"  # noqa: S608  # A test's own word.
    (household,) = walk.register.rows(asked)
    caller = await admitted(walk.register, int(household["number"].removeprefix("h-")))
    applied = await on_a_phone(Walk(walk.register, "disability"), caller)
    assert (await applied.act("submit")).is_success
    await see(await applied.officers())
    phone = await Phone(walk.register, caller).begin("change")
    assert (await phone.act("income", **FALLS)).is_success
    assert (await phone.act("submit")).is_success
    seen = await phone.officers()
    await seen.do(WANG_FANG, "unsee-identity", reason="核错了人")
    await see(seen)
    assert (await phone.act("withdraw", reason="不改了")).is_success
