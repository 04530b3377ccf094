"""What a comparison hit: one answers, another judges the answer, and silence ends."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
    staff,
)
from tests.identification.citizens import Phone, admitted, see
from tests.identification.makers import VILLAGE
from tests.identification.register import Register


@pytest.fixture
async def phone(register: Register) -> Phone:
    """Li Wei, seen, whose comparison hit a car."""
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.officers()
    await see(walk)
    await walk.do(WANG_FANG, "accept")
    await walk.visit()
    today = register.app.state.clock.today().isoformat()
    letter = await walk.paper(WANG_FANG, "authorisation")
    words = {"person_key": "me", "document_id": letter, "signed_on": today}
    await walk.do(WANG_FANG, "authorise", **words)
    await walk.do(WANG_FANG, "finish-survey")
    report = {"report_number": "核9号", "reported_on": today}
    await walk.do(WANG_FANG, "compare", **report, hits="名下有小型汽车一辆")
    return phone


async def officers(phone: Phone) -> Walk:
    walk = await phone.officers()
    await walk.look()
    return walk


async def needs(walk: Walk, act: str, **words: Any) -> list[str]:
    by = WANG_FANG if act == "finish-comparison" else ZHANG_LI
    found: list[str] = (await walk.ask(by, act, **words)).json()["needs"]
    return found


@pytest.mark.breaks("An answer is judged by another")
async def test_an_answer_alone_ends_no_comparison_and_who_gave_it_does_not_judge_it(
    phone: Phone,
) -> None:
    walk = await officers(phone)
    assert await needs(walk, "accept-answer", reason="属实") == ["answer-given"]
    await walk.do(CHEN_HONG, "explain-hits", explanation="车早卖了")
    assert await needs(walk, "finish-comparison") == ["hits-settled"]
    herself = staff("chen-hong-2", TOWN_HEAD, VILLAGE[:9])
    herself = type(herself)(
        herself.subject, herself.kind, herself.county, CHEN_HONG.person, herself.scopes,
        herself.areas,
    )  # fmt: skip
    answer = await walk.ask(herself, "accept-answer", reason="属实")
    assert answer.json()["needs"] == ["not-the-answerer"]
    later(walk.register, 30)
    assert await needs(walk, "finish-comparison") == ["hits-settled"], "an answer is judged"
    await walk.do(ZHANG_LI, "accept-answer", reason="过户证明属实")
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "reviewing"


async def test_a_rejected_answer_is_asked_for_again_and_the_person_reads_why(phone: Phone) -> None:
    hit = ["名下有小型汽车一辆"]
    assert ((await phone.look())["hits"], phone.case["answer"]) == (hit, None)
    assert (await phone.act("explain-hits", explanation="卖了")).status_code == 200
    assert (phone.case["hits"], phone.case["answer"]["reason"]) == ([], "")
    walk = await officers(phone)
    rejected = await walk.do(ZHANG_LI, "reject-answer", reason="没有过户证明")
    due = walk.register.app.state.casework.add_workdays(walk.register.app.state.clock.today(), 5)
    assert rejected["state_due_on"] == due.isoformat()
    assert (await phone.look())["hits"] == hit
    assert phone.case["answer"]["reason"] == "没有过户证明"
    told = walk.register.told("case-moved")
    assert [each["body"]["happened"] for each in told].count("answer-wanted") == 2
    assert await needs(walk, "finish-comparison") == ["hits-settled"]
    later(walk.register, 15)
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "reviewing"


async def test_what_is_hit_later_is_answered_and_accepted_too(phone: Phone) -> None:
    walk = await officers(phone)
    await walk.do(CHEN_HONG, "explain-hits", explanation="车早卖了")
    await walk.do(ZHANG_LI, "accept-answer", reason="过户证明属实")
    assert (await phone.look())["answer"]["en"] == "your answer was accepted"
    assert await needs(walk, "accept-answer", reason="再来") == ["answer-given"]
    answer = await walk.ask(CHEN_HONG, "explain-hits", explanation="没有了")
    assert answer.json()["needs"] == ["hits-open"]
    today = walk.register.app.state.clock.today().isoformat()
    more = {"report_number": "核10号", "reported_on": today, "hits": "名下有商铺一间"}
    await walk.do(WANG_FANG, "compare", **more)
    assert (await phone.look())["hits"] == ["名下有商铺一间"]
    assert await needs(walk, "finish-comparison") == ["hits-settled"]
