"""Visits whose application was written anew while they were on a tablet: kept, told, and chosen."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    JPEG,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    somebody_else,
)
from tests.identification.devices import Device, outcomes
from tests.identification.makers import id_number
from tests.identification.register import Register

WHY = "身份证号写错"
MISTYPED = id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.fixture
def device(register: Register) -> Device:
    return Device(register)


def people(*more: Any, **head: Any) -> dict[str, Any]:
    """The application with its head said otherwise, and others."""
    first, child = an_application()["members"]
    return an_application(members=[{**first, **head}, child, *more], whose="head")


async def written_since(walk: Walk) -> str:
    """What is said to whoever chooses of the last visit."""
    (late,) = [e for e in (await walk.look(ZHANG_LI))["history"] if e["act"] == "survey-late"]
    return str(late["words"]["written_since"])


@pytest.mark.breaks("No visit is lost")
async def test_a_visit_of_the_same_people_is_kept_and_counts_once_it_is_chosen(
    walk: Walk, device: Device
) -> None:
    await walk.accepted(**people(id_number=MISTYPED))
    await device.takes_along()
    survey = device.visit(walk.case, photos=[photo := JPEG + b"a house"])
    await walk.do(WANG_FANG, "correct", application=an_application(), reason=WHY)
    (brought,) = (await device.brings(survey, photos=[photo]))["results"]
    assert (brought["outcome"], brought["written_since"]) == ("came-late", "same-people")
    assert outcomes(await device.brings(survey, photos=[photo])) == ["known"]
    assert await written_since(walk) == "same-people"
    assert (walk.case["state"], walk.case["choice_waits"]) == ("surveying", True)
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["one-survey-counts"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=survey["survey_id"], reason="只是号码写错")
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


@pytest.mark.breaks("No visit is lost")
async def test_a_visit_of_other_people_is_told_as_such_and_another_may_count(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    survey = device.visit(walk.case)
    wife = {"key": "wife", "name": "单芳", "relation": "配偶", "id_number": id_number(3)}
    await walk.do(WANG_FANG, "correct", application=people(wife), reason="漏写一人")
    assert outcomes(await device.brings(survey)) == ["came-late"]
    assert await written_since(walk) == "other-people"
    again = await walk.visit()
    assert walk.case["choice_waits"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=again, reason="一家三口都见到了")
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


@pytest.mark.breaks("No visit is lost")
async def test_what_a_visit_found_of_somebody_who_died_since_is_kept(
    walk: Walk, device: Device
) -> None:
    old = {"key": "old", "name": "李老", "relation": "父亲", "id_number": id_number(8, "19400101")}
    await walk.accepted(**people(old))
    await device.takes_along()
    means = {"household": {"paddy_hundredths": 300}, "members": {"old": {"wage_basis": 1}}}
    survey = device.visit(walk.case, means=means)
    proof = await walk.paper(WANG_FANG, "death-proof", of_person="old")
    words = {"person_key": "old", "died_on": "2026-09-25", "proof_id": proof}
    await walk.do(WANG_FANG, "go-on", **words)
    assert outcomes(await device.brings(survey)) == ["came-late"]
    assert await written_since(walk) == "other-people"
    await walk.do(ZHANG_LI, "choose-survey", survey_id=survey["survey_id"], reason="其余情况没变")
    found = (await walk.register.get(f"{walk.path}/means", WANG_FANG)).json()["found"]
    assert found["household"] == {"paddy_hundredths": 300}


async def test_where_nobody_knows_who_was_named_then_whoever_chooses_is_told_to_look(
    walk: Walk, device: Device
) -> None:
    await walk.open()
    alone = an_application(members=[somebody_else()])
    await walk.do(CHEN_HONG, "write", application=alone)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    await device.takes_along()
    survey = device.visit({**walk.case, "version": 0})
    assert outcomes(await device.brings(survey)) == ["came-late"]
    assert await written_since(walk) == "unknown"


@pytest.mark.breaks("No visit is lost")
async def test_help_that_is_written_on_while_somebody_visits_keeps_the_visit(
    register: Register, device: Device
) -> None:
    walk = await Walk(register, category="temporary").open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    fire = {"kind": "urgent", "cause": "fire", "happened_on": "2026-09-24", "elsewhere": "no"}
    await walk.do(CHEN_HONG, "report", **fire)
    await walk.do(WANG_FANG, "accept")
    await device.takes_along()
    survey = device.visit(walk.case, income_fen_yearly=None)
    del survey["words"]["income_fen_yearly"]
    survey = device.signed(survey, WANG_FANG, LIU_QIANG)
    await walk.do(CHEN_HONG, "write", application=an_application(address="南坡村1组"))
    assert outcomes(await device.brings(survey)) == ["came-late"]
    assert await written_since(walk) == "same-people"
    await walk.do(ZHANG_LI, "choose-survey", survey_id=survey["survey_id"], reason="只改了住址")
    assert not walk.case["choice_waits"]
