"""Every act of temporary assistance."""

from typing import Any, Final
from uuid import uuid4

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    in_month,
    later,
)
from tests.identification.moves.cast import (
    DIFFERS,
    GAO_YU,
    SON,
    excused,
    filed_form,
    hit_and_explained,
    late_visit,
    noted_death,
    number,
    on_a_phone,
    persons,
    seen_twice,
    signed_together,
    today,
    whole_file,
)
from tests.identification.register import Register
from tests.identification.test_temporary_aid import LIMITS, ZHAO_GANG, papers, register_with

HARDSHIP: Final = {"kind": "expenditure", "cause": "illness", "elsewhere": False}
SECOND: Final = {**SON, "key": "second"}
URGENT: Final = {"kind": "urgent", "cause": "fire", "elsewhere": False}


@pytest.fixture
def walk(county: Register) -> Walk:
    return Walk(register_with(county, aid_where_it_happens=True, **LIMITS), "temporary")


async def reported(walk: Walk, *more: dict[str, Any], **said: Any) -> Walk:
    """Written and reported."""
    people = persons(*more)
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=people, whose="head"))
    words = {**HARDSHIP, "happened_on": today(walk), **said}
    await walk.do(CHEN_HONG, "report", **words)
    return walk


async def advanced(walk: Walk) -> dict[str, Any]:
    """Helped first, from the township's reserve."""
    words = {"amount_fen": 60_000, "paid_on": today(walk), "voucher": "备-7"}
    return await walk.do(ZHANG_LI, "advance", **words)


async def opinion(walk: Walk, amount_fen: int, stages: int = 1) -> dict[str, Any]:
    """The township is for it."""
    words = {"opinion": "grant", "amount_fen": amount_fen, "stages": stages, "reasons": "符合条件"}
    return await walk.do(ZHANG_LI, "propose", **words)


async def corrected(walk: Walk, form: str) -> str:
    """Written wrongly: said anew, compared anew, and before the township again; where it stood in
    between."""
    said = {name: walk.case["application"][name] for name in ("registration", "members", "whose")}
    await walk.do(LIU_QIANG, "correct", application=said, reason="补写门牌")
    stood = str(walk.case["state"])
    await walk.do(WANG_FANG, "compare", report_number="核9号", reported_on=today(walk))
    await walk.do(WANG_FANG, "complete-papers", form_id=form)
    return stood


async def seen_at_home(walk: Walk) -> str:
    """A visit, signed by two."""
    survey_id = str(uuid4())
    words = {"visited_on": today(walk), "family_member": "李伟", "findings": "房屋烧毁"}
    await walk.do(WANG_FANG, "survey", survey_id=survey_id, **words)
    await walk.do(LIU_QIANG, "sign-survey", survey_id=survey_id)
    return survey_id


async def test_what_is_reported_on_a_telephone_is_seen_and_withdrawn(walk: Walk) -> None:
    phone = await on_a_phone(walk)
    assert (await phone.act("report", **HARDSHIP, happened_on=today(walk))).is_success
    walk = await seen_twice(phone)
    await walk.do(WANG_FANG, "accept")
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    assert (await walk.do(CHEN_HONG, "bring-papers"))["state"] == "accepted"
    await walk.do(HE_JUN, "extend", reason="需赴外省核实")
    assert (await phone.act("withdraw", reason="不申请了")).is_success
    assert phone.case["state"] == "withdrawn"


async def test_who_was_helped_first_is_looked_into_and_paid_in_stages(walk: Walk) -> None:
    await reported(walk, SON, SECOND)
    there = {**URGENT, "elsewhere": True, "home_area": "成都市", "happened_on": today(walk)}
    await walk.do(WANG_FANG, "correct-report", **there, reason="户口簿是外县的")
    await walk.do(WANG_FANG, "accept")
    assert (await noted_death(walk, "go-on", "son"))["state"] == "accepted"
    assert (await advanced(walk))["state"] == "advanced"
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    assert (await walk.do(CHEN_HONG, "bring-papers"))["state"] == "advanced"
    await walk.do(WANG_FANG, "tell-home", told_on=today(walk), told_to="成都市民政局")
    await excused(walk, "second")
    await signed_together(walk, "head", "second")
    assert (await noted_death(walk, "go-on", "second"))["state"] == "advanced"
    await walk.letter("head")
    await hit_and_explained(walk)
    first, _ = await seen_at_home(walk), await seen_at_home(walk)
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    await filed_form(walk, first)
    form = await walk.paper(WANG_FANG, "application-form")
    assert (await walk.do(WANG_FANG, "complete-papers", form_id=form))["state"] == "reviewing"
    assert await corrected(walk, form) == "advanced"
    assert (await opinion(walk, 300_000, 3))["state"] == "confirming"
    await late_visit(walk)
    await walk.do(HE_JUN, "choose-late-survey", survey_id=first, reason="两次比对")
    assert await sent_to_be_visited_again(walk, GAO_YU) == "advanced"


async def sent_to_be_visited_again(walk: Walk, by: Caller) -> str:
    """The county found it otherwise, and whoever decides sent it back; where it stands then."""
    await walk.do(HE_JUN, "home-check", visited_on=today(walk), **DIFFERS)
    await walk.do(GAO_YU, "weigh-home-check", counts="check", reason="核查属实")
    case = await walk.do(by, "return-to-township", reason="重新入户")
    assert case["state"] == "reviewing"
    return str((await walk.do(OTHER_TOWN_HEAD, "survey-again"))["state"])


async def test_what_is_granted_is_paid_in_stages_and_its_file_closed(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await opinion(await papers(walk), 100_000, 3)
    decision = {"decision_number": number()["decision_number"]}
    assert (await walk.do(ZHAO_GANG, "confirm", **decision))["state"] == "paying"
    in_month(walk.register, 1)
    assert (await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处"))["state"] == "paying"
    in_month(walk.register, 1)
    assert (await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处"))["state"] == "aided"
    await whole_file(walk)
    await walk.do(WANG_FANG, "close-file")
    await walk.do(ZHANG_LI, "reopen-file", reason="补一份证明")
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await opinion(await papers(walk), 100_000, 3)
    await walk.do(ZHAO_GANG, "confirm", decision_number=number()["decision_number"])
    assert (await walk.do(ZHAO_GANG, "stop-stages", **number()))["state"] == "aided"


async def test_what_the_county_found_otherwise_is_visited_again(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await papers(walk)
    assert await corrected(walk, await walk.paper(WANG_FANG, "application-form")) == "accepted"
    await opinion(walk, 100_000)
    assert await sent_to_be_visited_again(walk, ZHAO_GANG) == "accepted"


async def test_a_small_sum_is_given_by_the_simple_way_or_refused(walk: Walk) -> None:
    for act, state in (("confirm", "aided"), ("refuse", "refused")):
        await reported(walk)
        await walk.do(WANG_FANG, "accept")
        assert (await opinion(await papers(walk, simple=True), 40_000))["state"] == "approving"
        words = number() if act == "refuse" else {"decision_number": number()["decision_number"]}
        assert (await walk.do(ZHAO_GANG, act, **words))["state"] == state
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today(walk))


async def test_what_nobody_is_left_for_or_no_papers_came_for_ends(walk: Walk) -> None:
    await walk.open()
    alone = an_application(members=persons()[:1], whose="head")
    await walk.do(CHEN_HONG, "write", application=alone)
    await walk.do(CHEN_HONG, "report", **URGENT, happened_on=today(walk))
    await noted_death(walk, "note-death")
    assert (await walk.do(HE_JUN, "unnote-death", reason="同名"))["state"] == "reported"
    await walk.do(WANG_FANG, "accept")
    await advanced(walk)
    await noted_death(walk, "note-death")
    assert (await walk.do(HE_JUN, "unnote-death", reason="同名"))["state"] == "advanced"
    await noted_death(walk, "note-death")
    ended = await walk.do(HE_JUN, "end-at-death", **number(), rightly_helped=True)
    assert ended["state"] == "applicant-died"
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    await walk.do(CHEN_HONG, "bring-papers")
    await walk.do(WANG_FANG, "papers-still-missing")
    later(walk.register, 60)
    assert (await walk.do(HE_JUN, "lapse", **number()))["state"] == "lapsed"
