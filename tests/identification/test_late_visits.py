"""Visits that come when their case has gone on: kept, told, and weighed before it goes further."""

from typing import Any
from uuid import uuid4

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    OFFICER,
    OTHER_TOWN_HEAD,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
    staff,
)
from tests.identification.devices import Device, outcomes
from tests.identification.makers import VILLAGE
from tests.identification.register import Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.fixture
def device(register: Register) -> Device:
    return Device(register)


@pytest.mark.breaks("No visit is lost")
async def test_a_visit_that_comes_late_is_kept_and_bars_the_opinion_until_somebody_chooses(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    survey = device.visit(walk.case, findings="砖房三间", photos=[photo := JPEG + b"a house"])
    await _beyond_the_visits(walk)
    assert outcomes(await device.brings(survey, photos=[photo])) == ["came-late"]
    assert outcomes(await device.brings(survey, photos=[photo])) == ["known"]
    case = await walk.look(ZHANG_LI)
    assert (case["state"], case["choice_waits"]) == ("reviewing", True)
    assert "choose-survey" in {each["act"] for each in case["acts"]}
    assert [each["act"] for each in case["history"]][-2:] == ["survey-late", "sign-survey"]
    assert [each["kind"] for each in case["papers"]].count("survey-photo") == 1
    (line,) = (await walk.register.get("/cases", ZHANG_LI)).json()["items"]
    assert line["choice_waits"], "whoever reviews is told"
    opinion: dict[str, Any] = {"opinion": "grant", "income_fen_monthly": 20000, "reasons": "符合"}
    answer = await walk.ask(ZHANG_LI, "propose", **opinion)
    assert answer.json()["needs"] == ["visits-weighed"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=survey["survey_id"], reason="较近的一次")
    (line,) = (await walk.register.get("/cases", ZHANG_LI)).json()["items"]
    assert not line["choice_waits"]
    assert (await walk.do(ZHANG_LI, "propose", **opinion))["state"] == "to-post"


async def _beyond_the_visits(walk: Walk) -> str:
    """Another visit was made and counts; the case is before the township."""
    letter = await walk.paper(WANG_FANG, "authorisation")
    words = {"person_key": "head", "document_id": letter, "signed_on": "2026-09-25"}
    await walk.do(WANG_FANG, "authorise", **words)
    survey_id = await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    return survey_id


@pytest.mark.breaks("No visit is lost")
@pytest.mark.parametrize("late_counts", [True, False])
async def test_nothing_is_decided_on_another_visit_than_the_one_that_counts(
    walk: Walk, device: Device, late_counts: bool
) -> None:
    await walk.accepted()
    await device.takes_along()
    survey = device.visit(walk.case, findings="砖房三间")
    first = await _beyond_the_visits(walk)
    opinion: dict[str, Any] = {"opinion": "grant", "income_fen_monthly": 20000, "reasons": "符合"}
    await walk.do(ZHANG_LI, "propose", **opinion)
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    assert outcomes(await device.brings(survey)) == ["came-late"]
    await walk.look(HE_JUN)
    decision: dict[str, Any] = {"decision_number": "青民决〔2026〕1号"}
    answers: dict[str, dict[str, Any]] = {"confirm": {}, "refuse": {"reasons": "不符"}}
    for act, reasons in answers.items():
        answer = await walk.ask(HE_JUN, act, **decision, **reasons)
        assert answer.json()["needs"][0] == "visits-weighed", act
    chosen = survey["survey_id"] if late_counts else first
    await walk.do(HE_JUN, "choose-late-survey", survey_id=chosen, reason="两次比对")
    answer = await walk.ask(HE_JUN, "confirm", **decision)
    if late_counts:
        assert answer.json()["needs"] == ["opinion-rests-on-it"]
        await walk.do(HE_JUN, "return-to-township", reason="以后一次调查为准")
        await walk.do(ZHANG_LI, "propose", **opinion)
    else:
        assert answer.json()["state"] == "granted"


@pytest.mark.breaks("No visit is lost")
async def test_what_was_found_before_an_objection_or_comes_after_the_decision_is_a_note(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    early, last = device.visit(walk.case), device.visit(walk.case, findings="楼房")
    await _beyond_the_visits(walk)
    opinion: dict[str, Any] = {"opinion": "grant", "income_fen_monthly": 20000, "reasons": "符合"}
    await walk.do(ZHANG_LI, "propose", **opinion)
    later(walk.register, 1)
    await walk.put_up()
    await walk.object(WANG_FANG, "有门面")
    await walk.do(ZHANG_LI, "survey-again")
    assert outcomes(await device.brings(early)) == ["came-late"]
    await walk.look()
    await walk.visit()
    assert not walk.case["choice_waits"], "the objection is looked into anew"
    lines = (await walk.register.get("/cases", ZHANG_LI)).json()["items"]
    assert not any(line["choice_waits"] for line in lines)
    offered = {each["act"] for each in (await walk.look(ZHANG_LI))["acts"]}
    assert "choose-survey" not in offered, "there is nothing to choose between"
    await walk.do(WANG_FANG, "withdraw", letter_id=await walk.paper(CHEN_HONG, "withdrawal"))
    assert outcomes(await device.brings(last)) == ["came-late"]
    case = await walk.look()
    assert (case["state"], case["choice_waits"]) == ("withdrawn", False)
    assert case["history"][-2]["words"]["findings"] == "楼房"


@pytest.mark.shows("S37")
@pytest.mark.breaks("Two hands in a round")
async def test_a_visit_typed_in_from_paper_counts_once_everybody_it_names_has_signed_it_too(
    walk: Walk,
) -> None:
    await walk.accepted()
    visitor = staff("sun-tao", OFFICER | TOWN_HEAD, VILLAGE[:9])
    words = {"survey_id": str(uuid4()), "visited_on": "2026-09-25", "family_member": "李伟"}
    found = {"findings": "土坯房两间", "income_fen_yearly": 240000, "visitor": "sun-tao"}
    await walk.do(WANG_FANG, "survey", **words, **found)
    await walk.do(LIU_QIANG, "sign-survey", survey_id=words["survey_id"])
    assert (await walk.look())["visits_awaiting"] == ["staff:sun-tao"]
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["signed-by-investigators"]
    for by, waits in ((visitor, 1), (LIU_QIANG, 0), (WANG_FANG, 0)):
        told = (await walk.register.get("/visits-to-sign", by)).json()["items"]
        assert len(told) == waits, by.subject
    await walk.do(visitor, "sign-survey", survey_id=words["survey_id"])
    assert (await walk.register.get("/visits-to-sign", visitor)).json()["items"] == []
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


@pytest.mark.breaks("The surveyor does not approve")
async def test_who_is_named_by_the_form_of_a_visit_does_not_decide_even_if_they_sign_nothing(
    walk: Walk,
) -> None:
    await walk.accepted()
    await walk.letter("head")
    await walk.visit()
    words = {"survey_id": str(uuid4()), "visited_on": "2026-09-25", "family_member": "李伟"}
    found = {"findings": "土坯房两间", "income_fen_yearly": 240000, "visitor": "zhang-li"}
    await walk.do(WANG_FANG, "survey", **words, **found)
    counts = await walk.look()
    signed = counts["history"][-3]["words"]["survey_id"]
    await walk.do(OTHER_TOWN_HEAD, "choose-survey", survey_id=signed, reason="两人签字")
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    opinion: dict[str, Any] = {"opinion": "grant", "income_fen_monthly": 20000, "reasons": "符合"}
    answer = await walk.ask(ZHANG_LI, "propose", **opinion)
    assert answer.json()["needs"] == ["not-the-surveyor"]
    assert (await walk.do(OTHER_TOWN_HEAD, "propose", **opinion))["state"] == "to-post"
