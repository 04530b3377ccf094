"""The village's appraisal after an objection: who came, who was in favour, and what it bars."""

from pathlib import Path
from typing import Any

import pytest

from services.identification.place_settings import PlaceSettings, SettingsUnreadable
from tests.identification.caseworkers import (
    FANG_TING,
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
    sets,
)
from tests.identification.register import Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.mark.shows("S39")
async def test_an_objection_is_visited_and_posted_again(walk: Walk) -> None:
    await walk.posted()
    objected = await walk.object(WANG_FANG, "户主在外有门面")
    assert objected["postings"][0]["taken_down_on"]
    await walk.do(ZHANG_LI, "survey-again")
    assert (await walk.ask(WANG_FANG, "finish-survey")).status_code == 409
    await walk.visit()
    case = await walk.do(WANG_FANG, "finish-survey")
    await _compare(walk)
    case = await _appraise(walk, due=20, present=11, in_favour=6)
    assert case["state"] == "reviewing"
    await walk.answer()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=0, reasons="复查属实")
    await walk.put_up()
    later(walk.register, 7)
    case = await walk.do(ZHANG_LI, "end-posting")
    assert [each["round"] for each in case["postings"]] == [1, 2]
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(FANG_TING, "home-check", as_found=True, visited_on=today, findings="复查属实")
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕803号")
    assert granted["state"] == "granted"


async def _compare(walk: Walk) -> None:
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(WANG_FANG, "compare", report_number="核8号", reported_on=today)
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "appraising"


async def _before_the_meeting(walk: Walk) -> None:
    await walk.posted()
    await walk.object(WANG_FANG, "收入不实")
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.answer()
    await _compare(walk)


async def _appraise(walk: Walk, **numbers: int) -> dict[str, Any]:
    minutes = await walk.paper(WANG_FANG, "minutes")
    today = walk.register.app.state.clock.today().isoformat()
    return await walk.do(WANG_FANG, "appraise", met_on=today, minutes_id=minutes, **numbers)


@pytest.mark.parametrize(
    ("numbers", "needs"),
    [
        ({"due": 20, "present": 10, "in_favour": 10}, ["quorum"]),
        ({"due": 20, "present": 11, "in_favour": 12}, ["votes-add-up"]),
        ({"due": 10, "present": 11, "in_favour": 6}, ["votes-add-up"]),
    ],
)
@pytest.mark.shows("S38")
@pytest.mark.breaks("Quorum")
async def test_a_meeting_without_a_majority_of_those_due_is_none(
    walk: Walk, numbers: dict[str, int], needs: list[str]
) -> None:
    await _before_the_meeting(walk)
    minutes = await walk.paper(WANG_FANG, "minutes")
    answer = await walk.ask(
        WANG_FANG, "appraise", met_on="2026-09-25", minutes_id=minutes, **numbers
    )
    assert answer.json()["needs"] == needs


@pytest.mark.shows("S38")
@pytest.mark.breaks("Quorum")
async def test_a_meeting_to_which_too_few_came_is_written_down_and_another_is_held(
    walk: Walk,
) -> None:
    await _before_the_meeting(walk)
    minutes = await walk.paper(WANG_FANG, "minutes")
    met: dict[str, Any] = {"met_on": "2026-09-25", "due": 20, "minutes_id": minutes}
    enough = await walk.ask(WANG_FANG, "no-quorum", present=11, **met)
    assert enough.json()["needs"] == ["no-quorum"], "that was a meeting"
    case = await walk.do(WANG_FANG, "no-quorum", present=10, **met)
    assert (case["state"], case["history"][-1]["words"]["present"]) == ("appraising", 10)
    again = await walk.ask(WANG_FANG, "appraise", present=11, in_favour=6, **met)
    assert again.json()["needs"] == ["minutes-are-its-own"]
    met["minutes_id"] = await walk.paper(WANG_FANG, "minutes", JPEG + b"the second")
    await walk.do(WANG_FANG, "appraise", present=11, in_favour=6, **met)
    assert walk.case["state"] == "reviewing"


@pytest.mark.shows("S38")
@pytest.mark.breaks("Majority")
async def test_exactly_half_in_favour_is_not_more_than_half(walk: Walk) -> None:
    await _before_the_meeting(walk)
    await _appraise(walk, due=20, present=12, in_favour=6)
    words: dict[str, Any] = {"income_fen_monthly": 0, "reasons": "评议"}
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)
    assert answer.json()["needs"] == ["appraised-in-favour"]
    assert (await walk.do(ZHANG_LI, "propose", opinion="refuse", **words))["state"] == "confirming"


@pytest.mark.breaks("Quorum")
@pytest.mark.breaks("Majority")
async def test_a_place_may_ask_for_more_and_never_for_less(walk: Walk, tmp_path: Path) -> None:
    await _before_the_meeting(walk)
    sets(
        walk.register,
        "appraisal: always\nappraisal_quorum: at least 2/3\nappraisal_majority: at least 2/3",
    )
    minutes = await walk.paper(WANG_FANG, "minutes")
    met: dict[str, Any] = {"met_on": "2026-09-25", "minutes_id": minutes, "due": 15}
    few = await walk.ask(WANG_FANG, "appraise", present=9, in_favour=9, **met)
    assert few.json()["needs"] == ["quorum"]
    await _appraise(walk, due=15, present=12, in_favour=7)
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="符合", **walk.proposal)
    assert answer.json()["needs"] == ["appraised-in-favour"]
    for laxer in ("at least 1/2", "more than 1/3", "more than 1/1", "most"):
        own = tmp_path / "own.yaml"
        own.write_text(f"appraisal_majority: {laxer}", encoding="utf-8")
        with pytest.raises(SettingsUnreadable, match="appraisal_majority"):
            PlaceSettings.read(own)
