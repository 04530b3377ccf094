"""Every act of what somebody draws for a disability, an old age, or a childhood without parents."""

from typing import Any, Final

import pytest

from tests.identification.caseworkers import (
    CHECKED,
    CHEN_HONG,
    HE_JUN,
    JPEG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
)
from tests.identification.citizens import admitted
from tests.identification.makers import id_number
from tests.identification.moves.cast import (
    DIFFERS,
    GAO_YU,
    SON,
    VISIT_COUNTS,
    late_visit,
    noted_death,
    number,
    on_a_phone,
    persons,
    secret_and_shown_again,
    seen_twice,
    today,
    whole_file,
)
from tests.identification.register import Register
from tests.identification.test_categories import FEDERATION

CATEGORIES: Final = ("disability", "old-age", "children")
WHOSE: Final = {"disability": "head", "old-age": "head", "children": "child"}
FIRST: Final = {"disability": "reading", "old-age": "confirming", "children": "checking"}
"""Where a case stands once it is accepted."""
READ: Final = {"person_key": "head", "grade": "1", "kind": "4", "living": False, "nursing": True}

of_each = pytest.mark.parametrize("category", CATEGORIES)


@pytest.fixture
def category() -> str:
    return "disability"


@pytest.fixture
def walk(county: Register, category: str) -> Walk:
    return Walk(county, category)


async def handed_in(walk: Walk, *more: dict[str, Any], alone: bool = False) -> Walk:
    """Written and handed in, with the papers that are to be there."""
    people = persons(*more)
    whose = "head" if alone else WHOSE[walk.category]
    said = an_application(members=people[:1] if alone else people, whose=whose)
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=said)
    await walk.do(CHEN_HONG, "submit")
    return walk


async def accepted(walk: Walk, *more: dict[str, Any]) -> dict[str, Any]:
    """Accepted by the township."""
    await handed_in(walk, *more)
    case = await walk.do(WANG_FANG, "accept", **_who(walk))
    assert case["state"] == FIRST[walk.category]
    return case


def _who(walk: Walk) -> dict[str, str]:
    return {"person_key": "head"} if walk.category == "old-age" else {}


async def before_the_county(walk: Walk) -> dict[str, Any]:
    """Looked into, as its category is."""
    if walk.category == "disability":
        return await walk.do(FEDERATION, "read-certificate", **READ)
    return await walk.child_checked() if walk.category == "children" else walk.case


@of_each
async def test_what_is_handed_in_on_a_telephone_is_seen_and_withdrawn(
    walk: Walk, category: str
) -> None:
    phone = await on_a_phone(walk)
    assert (await phone.act("submit")).is_success
    walk = await seen_twice(phone)
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    await walk.do(CHEN_HONG, "bring-papers")
    if category in {"old-age", "children"}:
        await secret_and_shown_again(walk)
    assert (await phone.act("withdraw", reason="不申请了")).is_success
    assert phone.case["state"] == "withdrawn"


@of_each
async def test_what_was_accepted_is_corrected_looked_into_and_granted(walk: Walk) -> None:
    case = await accepted(walk, SON)
    await walk.do(HE_JUN, "extend", reason="需赴外省核实")
    said = {**case["application"], "address": "柳溪村4组"}
    corrected = await walk.do(WANG_FANG, "correct", application=said, reason="补写门牌")
    assert corrected["state"] == FIRST[walk.category]
    assert (await noted_death(walk, "go-on", "son"))["state"] == FIRST[walk.category]
    assert (await before_the_county(walk))["state"] == "confirming"
    await walk.do(HE_JUN, "home-check", visited_on=today(walk), **DIFFERS)
    await walk.do(GAO_YU, "weigh-home-check", **VISIT_COUNTS)
    await walk.complete()
    decision = {"decision_number": number()["decision_number"]}
    await walk.look(GAO_YU)
    assert (await walk.do(GAO_YU, "confirm", **decision))["state"] == "granted"
    await whole_file(walk)
    await walk.do(WANG_FANG, "close-file")
    await walk.do(ZHANG_LI, "reopen-file", reason="补一份证明")


@of_each
async def test_what_is_not_owed_is_refused_and_told(walk: Walk) -> None:
    await accepted(walk)
    assert (await walk.do(HE_JUN, "refuse", **number()))["state"] == "refused"
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today(walk))


@of_each
async def test_what_nobody_is_left_for_or_no_papers_came_for_ends(walk: Walk) -> None:
    await handed_in(walk, alone=True)
    await noted_death(walk, "note-death")
    assert (await walk.do(HE_JUN, "unnote-death", reason="同名"))["state"] == "submitted"
    await noted_death(walk, "note-death")
    assert (await walk.do(HE_JUN, "end-at-death", **number()))["state"] == "applicant-died"
    await handed_in(walk)
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    await walk.do(CHEN_HONG, "bring-papers")
    await walk.do(WANG_FANG, "papers-still-missing")
    later(walk.register, 60)
    assert (await walk.do(HE_JUN, "lapse", **number()))["state"] == "lapsed"


@of_each
async def test_a_second_one_ends_undecided(walk: Walk) -> None:
    head = {**persons()[0], "id_number": id_number(777)}
    first = await Walk(walk.register, walk.category).open()
    said = an_application(members=[head], whose="head")
    await first.do(CHEN_HONG, "write", application=said)
    await first.do(CHEN_HONG, "submit")
    phone = await on_a_phone(walk, await admitted(walk.register, 777))
    assert (await phone.act("submit")).is_success
    await first.do(WANG_FANG, "accept", **_who(walk))
    ended = await (await phone.officers()).do(HE_JUN, "end-undecided", **number())
    assert ended["state"] == "ended-undecided"


@pytest.mark.parametrize("category", ["children"])
async def test_a_childs_visits_are_chosen_between_and_made_again(walk: Walk) -> None:
    await accepted(walk)
    first, _ = await walk.seen_at_home(), await walk.seen_at_home()
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    for kind in ("father-proof", "mother-proof", "household-register"):
        await walk.paper(CHEN_HONG, kind, JPEG + kind.encode())
    assert (await walk.do(ZHANG_LI, "check-child", **CHECKED))["state"] == "confirming"
    await late_visit(walk)
    await walk.do(HE_JUN, "choose-late-survey", survey_id=first, reason="两次比对")
    await walk.do(HE_JUN, "home-check", visited_on=today(walk), **DIFFERS)
    await walk.do(GAO_YU, "weigh-home-check", counts="check", reason="核查属实")
    assert (await walk.do(OTHER_TOWN_HEAD, "survey-again"))["state"] == "checking"


@pytest.mark.parametrize("granted", [True, False])
async def test_what_was_accepted_in_another_province_is_answered_there(
    walk: Walk, *, granted: bool
) -> None:
    await handed_in(walk)
    where = {"accepted_where": "浙江省杭州市"}
    assert (await walk.do(WANG_FANG, "accept-from-elsewhere", **where))["state"] == "reading"
    await walk.do(FEDERATION, "read-certificate", **READ)
    words = {"decision_number": number()["decision_number"]} if granted else number()
    decided = await walk.do(HE_JUN, "confirm" if granted else "refuse", **words)
    assert decided["state"] == "answering"
    sent = await walk.do(WANG_FANG, "send-result", sent_on=today(walk))
    assert sent["state"] == ("granted" if granted else "refused")


async def test_what_is_accepted_for_another_province_is_sent_there_and_its_answer_told(
    walk: Walk,
) -> None:
    await handed_in(walk)
    await walk.do(WANG_FANG, "accept-for-elsewhere", home_county="杭州市西湖区")
    await walk.do(WANG_FANG, "send-home", sent_on=today(walk))
    await walk.do(WANG_FANG, "file-home-answer", answer="granted", answered_on=today(walk))
    assert (await walk.do(WANG_FANG, "tell-result", told_on=today(walk)))["state"] == "told"
