"""A sum for class 2 holds for its class and its band: a change of either has it set anew."""

from dataclasses import replace
from typing import Any

import pytest

import policies
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
)
from tests.identification.register import COUNTY, Register
from tests.identification.test_classes import meeting
from tests.identification.test_means import determined, nothing_of

SINGLE: dict[str, Any] = {**nothing_of("household"), "household_is_single_parent": 1}
THIRD: dict[str, Any] = nothing_of("household")
CLEARED = {
    "dibao_committee_fen": None, "dibao_minutes_filed": 0, "dibao_band_reason_filed": 0,
}  # fmt: skip


def pays_by_class(register: Register, above_fen: int = 12_000) -> None:
    """More than this a head for class 2, and less than the 190 yuan of the standard."""
    by_class = {"dibao_pays_by_class": 1, "dibao_band_above_fen": above_fen}
    law = policies.load(COUNTY).supposing(by_class)
    state = register.app.state
    state.casework = replace(state.casework, law=lambda: law)


@pytest.fixture
async def household(register: Register) -> str:
    pays_by_class(register)
    return await a_known_household(register)


async def change(register: Register, household: str, act: str, **words: Any) -> Walk:
    """A change of the household, handed in."""
    walk = await Walk(register).open(category="change", household_id=household)
    await walk.do(CHEN_HONG, act, **words)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    return walk


async def looked_into(walk: Walk, household: dict[str, Any]) -> Walk:
    """Authorised, visited and compared, with what the visit found of the household."""
    await walk.authorise()
    keys = [each["key"] for each in walk.case["application"]["members"]]
    members = {key: nothing_of("person") for key in keys}
    await walk.visit(0, means={"household": household, "members": members})
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    return walk


async def decided(walk: Walk, number: int) -> dict[str, Any]:
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": f"青民变〔2026〕{number}号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **words)
    facts: dict[str, Any] = (await determined(walk))["facts"]
    return {name: facts.get(name) for name in CLEARED}


async def set_for(register: Register, household: str, fen: int) -> dict[str, Any]:
    """Class 2, as a visit found, with the sum the village set."""
    walk = await change(register, household, "set-sum", reason="单亲")
    assert walk.case["state"] == "surveying", "nobody sets a sum for a class nobody has found"
    await walk.authorise()
    await walk.visit(0)
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["class-found"]
    await walk.do(WANG_FANG, "describe-again", reason="没问类别")
    await walk.do(CHEN_HONG, "submit")
    await looked_into(walk, SINGLE)
    assert walk.case["state"] == "appraising"
    everybody = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert everybody.json()["type"] == "/problems/not-here"
    low = await walk.ask(WANG_FANG, "appraise", **await meeting(walk, committee_fen=12_000))
    assert low.json()["type"] == "/problems/outside-the-band"
    await walk.do(WANG_FANG, "appraise", **await meeting(walk, committee_fen=fen))
    return await decided(walk, 21)


@pytest.mark.breaks("A sum of its class")
async def test_a_change_to_another_class_ends_the_sum_and_back_again_it_is_set_anew(
    register: Register, household: str
) -> None:
    assert await set_for(register, household, 12_500) == {
        **CLEARED, "dibao_committee_fen": 12_500, "dibao_minutes_filed": 1,
    }  # fmt: skip
    married = await change(register, household, "set-sum", reason="再婚")
    await looked_into(married, THIRD)
    assert married.case["state"] == "requested", "class 3 is paid the difference"
    assert await decided(married, 22) == CLEARED
    again = await change(register, household, "set-sum", reason="又单亲")
    await looked_into(again, SINGLE)
    assert again.case["state"] == "appraising", "the sum of another time does not stand"


@pytest.mark.breaks("A sum of its class")
async def test_a_sum_stands_in_its_band_and_outside_of_it_is_set_anew(
    register: Register, household: str
) -> None:
    await set_for(register, household, 12_500)
    richer: dict[str, Any] = {"income_fen_monthly": 1_000, "reason": "零工"}
    stands = await change(register, household, "income", **richer)
    assert stands.case["state"] == "requested"
    pays_by_class(register, 13_000)
    await stands.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words: dict[str, Any] = {"decision_number": "青民变〔2026〕23号", "from_month": "2026-10"}
    answer = await stands.ask(HE_JUN, "confirm", **words)
    assert answer.json()["type"] == "/problems/sum-not-set"
    await stands.do(HE_JUN, "reopen", reason="超出幅度")
    await stands.do(CHEN_HONG, "submit")
    await looked_into(stands, SINGLE)
    await stands.do(WANG_FANG, "appraise", **await meeting(stands, committee_fen=13_500))
    assert (await decided(stands, 23))["dibao_committee_fen"] == 13_500


async def test_a_meeting_to_which_too_few_came_sets_no_sum(
    register: Register, household: str
) -> None:
    walk = await change(register, household, "set-sum", reason="单亲")
    await looked_into(walk, SINGLE)
    met = await meeting(walk, present=4)
    few = {name: met[name] for name in ("met_on", "due", "present", "minutes_id")}
    assert (await walk.do(WANG_FANG, "no-quorum", **few))["state"] == "appraising"
    early = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert early.json()["type"] == "/problems/not-here"
