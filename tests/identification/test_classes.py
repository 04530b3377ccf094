"""Where dibao is paid by class, the village sets what class 2 is paid, with minutes."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

import policies
from shared.callers import Caller
from tests.identification.caseworkers import HE_JUN, LIU_QIANG, WANG_FANG, ZHANG_LI, Walk, later
from tests.identification.makers import VILLAGE
from tests.identification.register import COUNTY, Register
from tests.identification.test_letters import text_of
from tests.identification.test_means import declared, visited
from tests.identification.test_publicity import DOOR

SINGLE: dict[str, Any] = {"household": {"household_is_single_parent": 1}}
LACKS_NOTHING: dict[str, Any] = {
    "household_lacks_labour": 0,
    "household_lacks_income_source": 0,
    "household_lacks_able_supporter": 0,
}
MEETING: dict[str, Any] = {"due": 21, "present": 11, "in_favour": 6}


@pytest.fixture(scope="module")
def law() -> policies.Law:
    """A place that pays by class: more than 120 yuan a head for class 2, and less than the 190."""
    by_class = {"dibao_pays_by_class": 1, "dibao_band_above_fen": 12_000}
    return policies.load(COUNTY).supposing(by_class)


@pytest.fixture
def walk(register: Register, law: policies.Law) -> Walk:
    state = register.app.state
    state.casework = replace(state.casework, law=lambda: law)
    return Walk(register)


async def compared(walk: Walk, income_fen_yearly: int = 1_750_000, **found: Any) -> Walk:
    """Visited, with what was found and comes to; a dated report is there."""
    await declared(walk)
    letter = await walk.paper(WANG_FANG, "authorisation")
    signed_on = walk.register.app.state.clock.today().isoformat()
    await walk.do(
        WANG_FANG, "authorise", person_key="head", document_id=letter, signed_on=signed_on
    )
    await visited(walk, income_fen_yearly, **found)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    return walk


async def meeting(walk: Walk, **said: Any) -> dict[str, Any]:
    """The words of a meeting that was held today, with its minutes."""
    minutes = walk.papers.get("minutes") or await walk.paper(WANG_FANG, "minutes")
    today = walk.register.app.state.clock.today().isoformat()
    return {"met_on": today, "minutes_id": minutes, **MEETING, **said}


def asks(case: dict[str, Any], act: str) -> set[str]:
    return {name for each in case["acts"] if each["act"] == act for name in each["fields"]}


@pytest.mark.shows("S38")
async def test_a_sum_for_class_2_lies_inside_the_band_and_who_leaves_it_reads_the_band(
    walk: Walk,
) -> None:
    await compared(walk, **SINGLE)
    # Whatever the place says of meetings: nobody else sets what class 2 is paid.
    assert (await walk.look(WANG_FANG))["state"] == "appraising"
    assert {"committee_fen", "band_reason"} <= asks(walk.case, "appraise")
    found = (await walk.register.get(f"{walk.path}/means", WANG_FANG)).json()
    assert found["band"] == {"above_fen": 12_000, "below_fen": 19_000}
    refused: tuple[dict[str, Any], ...] = (
        {"committee_fen": 12_000},
        {"committee_fen": 19_000},
        {"committee_fen": 19_000, "band_reason": "特别困难"},
    )
    for said in refused:
        answer = await walk.ask(WANG_FANG, "appraise", **await meeting(walk, **said))
        assert answer.status_code == 409, said
        assert answer.json()["type"] == "/problems/outside-the-band"
        assert "120.00" in answer.json()["detail"]
        assert "190.00" in answer.json()["detail"]
    answer = await walk.ask(WANG_FANG, "appraise", **await meeting(walk))
    assert (answer.status_code, answer.json()["field"]) == (422, "committee_fen")
    case = await walk.do(WANG_FANG, "appraise", **await meeting(walk, committee_fen=12_001))
    assert case["state"] == "reviewing"
    assert case["history"][-1]["words"]["committee_fen"] == 12_001


async def test_at_the_low_end_a_written_reason_lets_it_pass_and_the_form_says_sum_and_reason(
    walk: Walk,
) -> None:
    await compared(walk, **SINGLE)
    low = await meeting(walk, committee_fen=11_000, band_reason="子女每月补贴家用")
    assert (await walk.do(WANG_FANG, "appraise", **low))["state"] == "reviewing"
    words = {"income_fen_monthly": 1_750_000 // 12, "reasons": "符合条件"}
    await walk.do(ZHANG_LI, "propose", opinion="grant", **words)
    form = text_of(await walk.register.get(f"{walk.path}/review-form", WANG_FANG))
    for said in ("幅度以内）：110.00", "子女每月补贴家用", "同意人数：6", "1458.33"):
        assert said in form, said


async def test_another_class_is_asked_for_no_sum(walk: Walk) -> None:
    await compared(walk)
    assert (await walk.look(WANG_FANG))["state"] == "reviewing", "no objection, no meeting"
    found = (await walk.register.get(f"{walk.path}/means", ZHANG_LI)).json()
    sums = {each["name"]: each["shown"] for each in found["reckoned"]["found"]["sums"]}
    assert sums["dibao_class"] == {"zh": "三类", "en": "class 3"}


async def test_a_visit_ends_once_the_class_is_known(walk: Walk) -> None:
    await walk.accepted()
    await walk.visit()
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["class-found"]
    await visited(walk, 0, household={"household_is_single_parent": 1, **LACKS_NOTHING})
    chosen = str(walk.case["history"][-2]["words"]["survey_id"])
    await walk.do(ZHANG_LI, "choose-survey", survey_id=chosen, reason="问全了")
    await walk.do(WANG_FANG, "finish-survey")


async def test_a_place_without_classes_asks_for_no_sum(register: Register) -> None:
    state = register.app.state
    settings = {**state.casework.words, "appraisal": "always"}
    state.casework = replace(state.casework, words=settings)
    walk = await compared(Walk(register), **SINGLE)
    assert (await walk.look(WANG_FANG))["state"] == "appraising"
    assert not {"committee_fen", "band_reason"} & asks(walk.case, "appraise")
    answer = await walk.ask(WANG_FANG, "appraise", **await meeting(walk, committee_fen=15_000))
    assert (answer.status_code, answer.json()["field"]) == (422, "committee_fen")
    found = (await register.get(f"{walk.path}/means", WANG_FANG)).json()
    assert "class" not in {each["step"] for each in found["steps"]}
    assert (await walk.do(WANG_FANG, "appraise", **await meeting(walk)))["state"] == "reviewing"


async def found_late(walk: Walk, by: Caller, choose: str) -> None:
    """A visit that comes late finds class 2, and is the one that counts."""
    survey_id, today = str(uuid4()), walk.register.app.state.clock.today().isoformat()
    words = {"visited_on": today, "family_member": "李伟", "findings": "独自抚养孩子"}
    means = {"income_fen_yearly": 1_750_000, "means": SINGLE}
    await walk.do(WANG_FANG, "survey-late", survey_id=survey_id, **words, **means)
    await walk.do(LIU_QIANG, "sign-survey", survey_id=survey_id)
    await walk.do(by, choose, survey_id=survey_id, reason="较近的一次")


@pytest.mark.shows("S38")
async def test_a_late_visit_that_finds_class_2_goes_before_the_village(walk: Walk) -> None:
    await compared(walk)
    await found_late(walk, ZHANG_LI, "choose-survey")
    opinion: dict[str, Any] = {
        "opinion": "grant",
        "income_fen_monthly": 145_834,
        "reasons": "符合条件",
    }
    answer = await walk.ask(ZHANG_LI, "propose", **opinion)
    assert answer.json()["needs"] == ["class-settled"]
    assert answer.json()["missing"][0]["first"][0]["zh"].startswith("送民主评议")
    assert (await walk.do(ZHANG_LI, "set-class-sum"))["state"] == "appraising"
    held = await walk.do(WANG_FANG, "appraise", **await meeting(walk, committee_fen=15_000))
    assert held["state"] == "reviewing"
    assert "set-class-sum" not in {each["act"] for each in (await walk.look(ZHANG_LI))["acts"]}
    assert (await walk.do(ZHANG_LI, "propose", **opinion))["state"] == "to-post"
    (line,) = (await walk.register.get(f"/areas/{VILLAGE}/posting-list", ZHANG_LI)).json()["items"]
    assert line["sum"] == "每人每月150.00元", "what the village set is posted"
    await walk.put_up()
    (up,) = (await walk.register.get(f"/villages/{VILLAGE}/public-list", DOOR)).json()["posted"]
    assert up["sum"] == line["sum"]


async def test_nothing_is_granted_of_class_2_without_its_sum(walk: Walk) -> None:
    await compared(walk)
    opinion: dict[str, Any] = {
        "opinion": "grant",
        "income_fen_monthly": 145_834,
        "reasons": "符合条件",
    }
    await walk.do(ZHANG_LI, "propose", **opinion)
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await found_late(walk, HE_JUN, "choose-late-survey")
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕1号")
    assert answer.json()["needs"] == ["opinion-rests-on-it", "class-settled"]
    await walk.do(HE_JUN, "return-to-township", reason="二类户，金额未评议")
    assert (await walk.do(ZHANG_LI, "set-class-sum"))["state"] == "appraising"
