"""Who decides is what the delegation table of the day says, and how many days there are."""

from dataclasses import replace
from typing import Any

import pytest

from tests.identification.caseworkers import (
    HE_JUN,
    TAN_YAN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
)
from tests.identification.register import Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def delegated(walk: Walk, authority: str, **more: Any) -> None:
    """Let the table of the place say so."""
    state = walk.register.app.state
    table = [{"since": "2021-07-01", "category": "dibao", "authority": authority, **more}]
    state.casework = replace(state.casework, words={**state.casework.words, "delegation": table})


@pytest.mark.parametrize(
    ("authority", "county", "township"),
    [
        ("county", True, False),
        ("township-entrusted", True, True),
        ("township-transferred", False, True),
    ],
)
async def test_who_decides_is_who_has_the_power_that_day(
    walk: Walk, authority: str, county: bool, township: bool
) -> None:
    delegated(walk, authority)
    await walk.confirming()
    allowed = {HE_JUN: county, TAN_YAN: township}
    for by, may in sorted(allowed.items(), key=lambda each: each[1]):
        answer = await walk.ask(by, "confirm", decision_number="青民决〔2026〕801号")
        if may:
            assert answer.status_code == 200, answer.text
            break
        assert answer.json()["needs"] == ["authority-of-its-day"]


async def test_a_case_is_given_more_days_once_and_with_a_reason(walk: Walk) -> None:
    await walk.surveyed()
    due = walk.case["due_on"]
    answer = await walk.ask(HE_JUN, "extend")
    assert answer.json()["field"] == "reason"
    extended = await walk.do(HE_JUN, "extend", reason="重大财产线索需要异地核实")
    settings = walk.register.app.state.casework
    accepted = walk.register.rows("SELECT accepted_on FROM case_file")[0]["accepted_on"]
    assert due == settings.add_workdays(accepted, 30).isoformat()
    assert extended["due_on"] == settings.add_workdays(accepted, 45).isoformat()
    answer = await walk.ask(HE_JUN, "extend", reason="再延")
    assert answer.json()["needs"] == ["not-extended-before"]


@pytest.mark.parametrize("answered", [True, False])
async def test_who_was_hit_may_answer_first_and_silence_ends(walk: Walk, answered: bool) -> None:
    await walk.surveyed()
    today = walk.register.app.state.clock.today().isoformat()
    hit = await walk.do(
        WANG_FANG, "compare", report_number="核〔2026〕8号", reported_on=today, hits="名下有车辆"
    )
    assert hit["state_due_on"] == "2026-10-09"  # Five working days after 25 September.
    answer = await walk.ask(WANG_FANG, "finish-comparison")
    assert answer.json()["needs"] == ["hits-settled"]
    if answered:
        explained = await walk.do(WANG_FANG, "explain-hits", explanation="车辆已报废")
        assert explained["state_due_on"] == "2026-09-30", "three working days for who judges it"
        await walk.do(ZHANG_LI, "accept-answer", reason="注销证明属实")
    else:
        later(walk.register, 15)
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "reviewing"


async def test_reasons_that_were_not_handed_over_stay_in_the_queue(walk: Walk) -> None:
    await walk.confirming()
    words = {"decision_number": "青民决〔2026〕804号", "reasons": "家庭收入高于标准"}
    await walk.do(HE_JUN, "refuse", **words)

    async def found(**asked: Any) -> list[str]:
        answer = await walk.register.get("/cases", ZHANG_LI, **asked)
        return [each["receipt"] for each in answer.json()["items"]]

    assert await found() == await found(state="refused") == [walk.case["receipt"]]
    assert await found(overdue=True) == []
    later(walk.register, 12)
    assert await found(overdue=True) == [walk.case["receipt"]]
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today)
    assert await found() == []
