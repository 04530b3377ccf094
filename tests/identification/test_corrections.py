"""What was accepted and is written wrongly is corrected: nobody is refused for a slip."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    OFFICER,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
    somebody_else,
    staff,
)
from tests.identification.citizens import Phone, admitted, told
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_temporary_aid import LIMITS, register_with, reported

BOTH = staff("li-jun", OFFICER | TOWN_HEAD, VILLAGE[:9])
NUMBER = "青民决〔2026〕801号"
WHY = "登记时抄错了身份证号，入户时看过原件"


def mistyped() -> list[dict[str, Any]]:
    """Li Wei's number with another last digit, as the door lets it in."""
    right = id_number(1)
    head, *others = an_application()["members"]
    return [{**head, "id_number": right[:-1] + ("0" if right[-1] != "0" else "1")}, *others]


def with_wife() -> list[dict[str, Any]]:
    """Wang Fen lives there too, and nobody had written her down."""
    wife = {"key": "wife", "name": "王芬", "relation": "配偶", "id_number": id_number(3)}
    return [*an_application()["members"], wife]


async def test_a_wrong_digit_that_was_accepted_is_corrected_and_granted(register: Register) -> None:
    walk = await Walk(register).confirming(members=mistyped())
    assert walk.case["queries"] == ["head: id-check-digit"]
    answer = await walk.ask(HE_JUN, "confirm", decision_number=NUMBER)
    assert answer.json()["type"] == "/problems/number-doubtful"
    await walk.do(HE_JUN, "return-to-township", reason="身份证号有误")
    told = await walk.do(WANG_FANG, "correct", application=an_application(), reason=WHY)
    assert (told["state"], told["queries"]) == ("surveying", [])
    # The visit stands; who has another number signs for it, and is compared anew.
    await walk.do(WANG_FANG, "finish-survey")
    early = await walk.ask(WANG_FANG, "finish-comparison")
    assert early.json()["needs"] == ["compared"]
    today = register.app.state.clock.today().isoformat()
    words = {"report_number": "核2", "reported_on": today}
    unsigned = await walk.ask(WANG_FANG, "compare", **words)
    assert unsigned.json()["needs"] == ["adults-authorised"]
    letter = await walk.paper(WANG_FANG, "authorisation", JPEG + b"anew", of_person="head")
    await walk.letter("head", document_id=letter)
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER)
    (granted,) = [each for each in walk.case["history"] if each["act"] == "correct"]
    assert granted["words"]["reason"] == WHY


@pytest.mark.breaks("Nobody unseen is granted")
async def test_a_member_a_visit_found_is_added_and_signs_before_anybody_is_compared(
    register: Register,
) -> None:
    """Another says that the visit saw her, than who visited or wrote her in."""
    walk = await Walk(register).accepted()
    await walk.letter("head")
    visit = await walk.visit()
    await walk.do(BOTH, "correct", application=an_application(members=with_wife()), reason=WHY)
    assert walk.case["choice_waits"]
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["one-survey-counts"], "nobody is known to have seen her"
    chosen: dict[str, Any] = {"survey_id": visit, "reason": "调查表写明一家三口都在"}
    answer = await walk.ask(BOTH, "choose-survey", **chosen)
    assert answer.json()["needs"] == ["not-the-surveyor"]
    assert not (await walk.do(ZHANG_LI, "choose-survey", **chosen))["choice_waits"]
    await walk.do(WANG_FANG, "finish-survey")
    words = {"report_number": "核1号", "reported_on": walk.case["state_since"]}
    answer = await walk.ask(WANG_FANG, "compare", **words)
    assert answer.json()["needs"] == ["adults-authorised"]
    await walk.letter("wife")
    await walk.compare()
    assert walk.case["state"] == "reviewing"


async def test_whoever_is_added_after_the_visit_was_chosen_is_seen_by_another(
    register: Register,
) -> None:
    walk = await Walk(register).accepted()
    await walk.letter("head")
    first, _ = await walk.visit(), await walk.visit()
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    fewer = with_wife()[:1]
    await walk.do(WANG_FANG, "correct", application=an_application(members=fewer), reason=WHY)
    assert not walk.case["choice_waits"], "whoever is taken off was seen with the others"
    await walk.do(WANG_FANG, "correct", application=an_application(members=with_wife()), reason=WHY)
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["one-survey-counts"]
    seen = await walk.visit()
    await walk.do(ZHANG_LI, "choose-survey", survey_id=seen, reason="一家三口都见到了")
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


@pytest.mark.breaks("Nobody unseen is granted")
async def test_help_is_given_to_nobody_whom_no_visit_saw(register: Register) -> None:
    """What is written on with after the visit waits as a correction does."""
    walk = await reported(Walk(register_with(register, **LIMITS)))
    await walk.do(WANG_FANG, "accept")
    await walk.authorise()
    visit = await walk.seen_at_home()
    await walk.do(CHEN_HONG, "write", application=an_application(members=with_wife()))
    await walk.authorise()
    words: dict[str, Any] = {"form_id": await walk.paper(WANG_FANG, "application-form")}
    answer = await walk.ask(WANG_FANG, "complete-papers", **words)
    assert answer.json()["needs"] == ["visited-or-simple"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=visit, reason="三人都见到了")
    assert (await walk.do(WANG_FANG, "complete-papers", **words))["state"] == "reviewing"


async def test_what_is_corrected_is_as_whole_as_what_was_accepted(register: Register) -> None:
    walk = await Walk(register).surveyed()
    nobody = an_application(members=[], whose=None)
    answer = await walk.ask(WANG_FANG, "correct", application=nobody, reason=WHY)
    assert answer.json()["needs"] == ["applicant-named"]
    head, child = an_application()["members"]
    ward = [{**head, "lacks_capacity": True}, child]
    answer = await walk.ask(
        WANG_FANG, "correct", application=an_application(members=ward), reason=WHY
    )
    assert answer.json()["needs"] == ["guardians-named"]
    other = [{**somebody_else(), "key": "other"}, child]
    answer = await walk.ask(
        WANG_FANG, "correct", application=an_application(members=other), reason=WHY
    )
    assert answer.json()["type"] == "/problems/another-altogether"
    assert (await walk.look())["application"]["members"][0]["name"] == "李伟"


@pytest.mark.breaks("The surveyor does not approve")
async def test_who_corrected_does_not_decide(register: Register) -> None:
    walk = await Walk(register).surveyed()
    await walk.do(BOTH, "correct", application=an_application(), reason=WHY)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    answer = await walk.ask(BOTH, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    assert answer.json()["needs"] == ["not-the-surveyor"]


@pytest.mark.parametrize("category", ["old-age", "disability"])
async def test_a_short_path_is_corrected_before_the_county_decides(
    register: Register, category: str
) -> None:
    walk = await Walk(register, category=category).open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=mistyped(), whose="head"))
    await walk.do(CHEN_HONG, "submit")
    read = {"grade": "1", "kind": "4", "living": True, "nursing": False}
    looks = (FANG_TING, "read-certificate", {"person_key": "head", **read})
    if category == "old-age":
        await walk.do(WANG_FANG, "accept", person_key="head")
    else:
        await walk.do(WANG_FANG, "accept")
        await walk.do(looks[0], looks[1], **looks[2])
    await walk.filed("illness")
    answer = await walk.ask(HE_JUN, "confirm", decision_number=NUMBER)
    assert answer.json()["type"] == "/problems/number-doubtful"
    await walk.do(LIU_QIANG, "correct", application=an_application(), reason=WHY)
    if category == "disability":
        await walk.do(looks[0], looks[1], **looks[2])
    assert (await walk.do(HE_JUN, "confirm", decision_number=NUMBER))["state"] == "granted"


async def test_what_the_county_found_otherwise_is_corrected_and_checked_again(
    register: Register,
) -> None:
    walk = await Walk(register, "old-age").open()
    await walk.do(CHEN_HONG, "write", application=an_application(whose="head"))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", person_key="head")
    await walk.filed()
    today = register.app.state.clock.today().isoformat()
    await walk.do(HE_JUN, "home-check", visited_on=today, as_found=False, findings="出生年份不对")
    await walk.do(FANG_TING, "weigh-home-check", counts="check", reason="核查属实")
    needs = ["granted-on-what-counts"]
    assert (await walk.ask(FANG_TING, "confirm", decision_number=NUMBER)).json()["needs"] == needs
    await walk.do(LIU_QIANG, "correct", application=an_application(), reason=WHY)
    assert (await walk.ask(FANG_TING, "confirm", decision_number=NUMBER)).json()["needs"] == needs
    await walk.do(HE_JUN, "home-check", visited_on=today, as_found=True, findings="与更正后一致")
    assert (await walk.do(FANG_TING, "confirm", decision_number=NUMBER))["state"] == "granted"


@pytest.mark.shows("S11")
async def test_the_applicant_is_told_and_reads_what_was_corrected_from_what_to_what(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.seen()
    await walk.do(WANG_FANG, "accept")
    said = (await walk.look(WANG_FANG))["application"]
    first, child = said["members"]
    said |= {
        "address": "柳溪村4组",
        "members": [
            {**first, "disability_grade": 2, "disability_kind": 4},
            {**child, "relation": "侄女", "means": {"wage_basis": 1}},
            with_wife()[-1],
        ],
    }
    await walk.do(WANG_FANG, "correct", application=said, reason=WHY)
    assert [each["happened"] for each in told(register)][-1] == "corrected"
    (correction,) = (await phone.look())["corrections"]
    assert correction["reason"] == WHY
    lines = {(e["whose"], e["zh"]): (e["before"], e["after"]) for e in correction["lines"]}
    assert lines == {
        (None, "住址"): ("柳溪村3组", "柳溪村4组"),
        ("李伟", "残疾等级"): ("（没有写）", "2"),
        ("李伟", "残疾类别"): ("（没有写）", "4"),
        ("李娜", "与户主关系"): ("子女", "侄女"),
        ("李娜", "收入、财产"): (None, None),
        ("王芬", "加上了"): (None, None),
    }
    assert id_number(3) not in str(phone.case)
