"""Whose hands an act may be in: separation of duties, relatives, levels, the applicant."""

from typing import Any, Final
from uuid import uuid4

import pytest

from services.identification.casework.paths import CasePath, all_paths
from services.identification.casework.standing import DECISION_NUMBER
from services.identification.casework.visits import CHOICES
from tests.identification.caseworkers import (
    CHEN_HONG,
    COUNTY_HEAD,
    FANG_TING,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    OFFICER,
    SUN_LEI,
    TAN_YAN,
    WANG_FANG,
    YANG_MEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    staff,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_relatives import filed

LI_SI = staff("li-si", {"cases:read", "cases:decide"})


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.mark.parametrize("path", all_paths().values(), ids=lambda each: each.category)
def test_no_decision_is_a_relatives_or_of_who_decided_before(path: CasePath) -> None:
    for act in path.acts.values():
        if DECISION_NUMBER in act.fields:
            assert "not-a-relative" in act.needs, act.name
            assert {"another-decides", "not-the-decider"} & set(act.needs), act.name


CHECKED: Final = {"spot-check": "not-the-spot-checker", "home-check": "not-the-home-checker"}
"""Each look at a household beside the visit, and that who made it does not decide."""
DECIDES: Final = {"approve", "confirm", "refuse", "take-back", "exit"}
BEFORE: Final = {
    "accept": "not-the-acceptor",
    "accept-from-elsewhere": "not-the-acceptor",
    "correct": "not-the-surveyor",
    "survey": "not-the-surveyor",
    "report": "not-the-reporter",
    "advance": "not-the-advancer",
    "propose": "not-the-proposer",
    "read-certificate": "not-the-reader",
    "check-child": "not-the-checker",
    "assess-self-care": "not-the-assessor",
}
"""Each act by which a case comes before whoever decides, and that who did it does not decide."""
GRANTS: Final = [each for each in all_paths().values() if each.grant is not None]


@pytest.mark.parametrize("path", GRANTS, ids=lambda each: each.category)
def test_nobody_decides_what_they_brought_there(path: CasePath) -> None:
    assert "correct" in path.acts
    for act in BEFORE.keys() & path.acts.keys():
        for name in DECIDES & path.acts.keys():
            assert BEFORE[act] in path.acts[name].needs, f"{name} after {act}"


@pytest.mark.parametrize("path", all_paths().values(), ids=lambda each: each.category)
def test_nobody_says_of_their_own_visit_that_it_counts(path: CasePath) -> None:
    for name in CHOICES & path.acts.keys():
        assert "not-the-surveyor" in path.acts[name].needs, name


@pytest.mark.breaks("The surveyor does not approve")
@pytest.mark.parametrize("path", all_paths().values(), ids=lambda each: each.category)
def test_no_decision_is_of_who_visited(path: CasePath) -> None:
    for act in path.acts.values() if "survey" in path.acts else ():
        if DECISION_NUMBER in act.fields:
            assert "not-the-surveyor" in act.needs, act.name


CERTIFICATE: Final[dict[str, Any]] = {
    "person_key": "head", "grade": "1", "kind": "4", "living": True, "nursing": False,
}  # fmt: skip


@pytest.mark.breaks("The surveyor does not approve")
@pytest.mark.parametrize("act", ["accept", "correct"])
async def test_whom_nobody_visits_is_granted_by_another_than_let_it_in(
    walk: Walk, act: str
) -> None:
    """No visit stands between the township's desk and the county's."""
    hands = staff("li-jun", OFFICER | COUNTY_HEAD)
    walk = await Walk(walk.register, "disability").open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(hands if act == "accept" else WANG_FANG, "accept")
    if act == "correct":
        said = an_application(address="柳溪村4组")
        await walk.do(hands, "correct", application=said, reason="写错了组")
    answer = await walk.ask(hands, "read-certificate", **CERTIFICATE)
    assert answer.json()["needs"] == ["not-the-acceptor", "papers-ready"]
    await walk.do(FANG_TING, "read-certificate", **CERTIFICATE)
    await walk.filed("illness")
    decision: dict[str, Any] = {"decision_number": "青民决〔2026〕1号"}
    needs = ["not-the-acceptor", *(["not-the-surveyor"] if act == "correct" else [])]
    assert (await walk.ask(hands, "confirm", **decision)).json()["needs"] == needs
    assert (await walk.ask(hands, "refuse", **decision, reasons="不符")).json()["needs"] == needs
    assert (await walk.do(HE_JUN, "confirm", **decision))["state"] == "granted"


@pytest.mark.parametrize("path", all_paths().values(), ids=lambda each: each.category)
def test_nobody_decides_on_their_own_check(path: CasePath) -> None:
    for check in CHECKED.keys() & path.acts.keys():
        for name in DECIDES & path.acts.keys():
            assert CHECKED[check] in path.acts[name].needs, f"{name} after a {check}"


async def test_who_visited_for_the_county_does_not_decide(walk: Walk) -> None:
    await walk.confirming()
    today = walk.register.app.state.clock.today().isoformat()
    visit = {"visited_on": today, "findings": "属实"}
    answer = await walk.ask(TAN_YAN, "home-check", as_found=True, **visit)
    assert answer.json()["needs"] == ["in-the-countys-hands"], "a township's hands are not"
    await walk.do(HE_JUN, "home-check", as_found=True, **visit)
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕1号")
    assert answer.json()["needs"] == ["not-the-home-checker"]
    assert (await walk.do(LI_SI, "confirm", decision_number="青民决〔2026〕1号"))[
        "state"
    ] == "granted"


async def test_a_relative_is_put_on_record_until_the_decision(walk: Walk) -> None:
    await walk.confirming()
    await walk.do(HE_JUN, "declare-relative", officer="he-jun", relation="堂兄")
    answer = await walk.ask(HE_JUN, "refuse", decision_number="青民决〔2026〕1号", reasons="不符")
    assert answer.json()["needs"] == ["not-a-relative"]


@pytest.mark.breaks("Nothing ends on one word")
async def test_what_was_handed_in_is_withdrawn_by_the_applicant_or_in_writing(walk: Walk) -> None:
    draft = await Walk(walk.register).open()
    assert (await draft.do(CHEN_HONG, "withdraw"))["state"] == "withdrawn", "begun by mistake"
    await walk.accepted()
    answer = await walk.ask(CHEN_HONG, "withdraw", reason="本人说不办了")
    assert answer.json()["needs"] == ["withdrawn-by-the-applicant"]
    letter = await walk.paper(CHEN_HONG, "withdrawal")
    for by in (CHEN_HONG, YANG_MEI):
        answer = await walk.ask(by, "withdraw", letter_id=letter)
        assert answer.json()["needs"] == ["withdrawn-by-the-applicant"], "no village ends it alone"
    own = await walk.paper(WANG_FANG, "withdrawal", JPEG + b"another letter")
    answer = await walk.ask(WANG_FANG, "withdraw", letter_id=own)
    assert answer.json()["needs"] == ["withdrawn-by-the-applicant"], "nobody files and looks"
    await walk.do(HE_JUN, "declare-relative", officer="wang-fang", relation="堂兄")
    answer = await walk.ask(WANG_FANG, "withdraw", letter_id=letter)
    assert answer.json()["needs"] == ["not-a-relative"]
    assert (await walk.do(LIU_QIANG, "withdraw", letter_id=letter))["state"] == "withdrawn"


async def test_who_hears_an_appeal_does_not_withdraw_it(walk: Walk) -> None:
    await walk.refused()
    appeal = await Walk(walk.register).open(category="appeal", about_case_id=walk.case["case_id"])
    today = walk.register.app.state.clock.today().isoformat()
    await appeal.do(CHEN_HONG, "lodge", lodged_on=today, lodged_by="李伟", grounds="收入算多了")
    assert (await appeal.ask(SUN_LEI, "withdraw")).status_code == 403


async def test_a_choice_is_between_all_visits_that_were_made(walk: Walk) -> None:
    await walk.accepted()
    today = walk.register.app.state.clock.today().isoformat()
    first = await walk.visit()
    alone = await walk.ask(ZHANG_LI, "choose-survey", survey_id=first, reason="只有一次")
    assert alone.json()["needs"] == ["several-visits"]
    await walk.visit()
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    second = str(uuid4())
    found = {"family_member": "李伟", "findings": "有轿车两辆", "income_fen_yearly": 99_999_999}
    await walk.do(LIU_QIANG, "survey", survey_id=second, visited_on=today, **found)
    await walk.do(WANG_FANG, "sign-survey", survey_id=second)
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["one-survey-counts"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=second, reason="后一次为准")
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


async def test_who_is_related_decides_no_leaving(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    await filed(walk, HE_JUN, id_number(1))
    leaving = await Walk(walk.register).open(category="exit", household_id=household)
    assert (await leaving.look())["relatives"]
    today = walk.register.app.state.clock.today().isoformat()
    found: dict[str, Any] = {"ends": "dibao", "findings": "务工", "income_fen_monthly": 260_000}
    await leaving.found("over-standard", found_on=today, **found)
    answer = await leaving.ask(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    assert answer.json()["needs"] == ["not-a-relative"]
    assert (await leaving.do(LI_SI, "fade", decision_number="青民退〔2026〕1号"))[
        "state"
    ] == "fading"
