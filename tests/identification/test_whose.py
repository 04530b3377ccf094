"""Whose it is: what is a person's is applied for by anybody of the household, for that person."""

from typing import Any

import httpx
import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    WANG_FANG,
    Walk,
)
from tests.identification.citizens import Phone, admitted
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.test_people_lists import SUN_YAN, a_file, a_pupil, accept, bring
from tests.identification.test_requests import take

MOTHER = {"key": "mother", "name": "李芳", "relation": "户主", "id_number": id_number(1)}
READ: dict[str, Any] = {"grade": "1", "kind": "5", "living": True, "nursing": True}


def a_child(order: int) -> dict[str, Any]:
    """One of her children, severely disabled."""
    return {
        "key": f"child-{order}",
        "name": f"李{'甲乙丙'[order]}",
        "relation": "子女",
        "id_number": id_number(20 + order, "20150101"),
        "disability_grade": 1,
        "disability_kind": 5,
    }


async def written(register: Register, category: str, *members: Any, **said: Any) -> Walk:
    """An application of these, written and not handed in."""
    walk = await Walk(register, category=category).open()
    application = {"registration": "rural", "members": list(members), **said}
    await walk.do(CHEN_HONG, "write", application=application)
    return walk


async def handed_in(register: Register, category: str, *members: Any, whose: str) -> httpx.Response:
    """An application of these, for one of them, handed in."""
    walk = await written(register, category, *members, whose=whose)
    return await walk.ask(CHEN_HONG, "submit")


def refused(answer: httpx.Response) -> str:
    """Why it was refused."""
    return str(answer.json()["type"]).rpartition("/")[2]


@pytest.mark.breaks("Each for themselves")
async def test_each_of_two_children_is_applied_for_by_their_mother(register: Register) -> None:
    both = (MOTHER, a_child(0), a_child(1))
    for child in ("child-0", "child-1"):
        assert (await handed_in(register, "disability", *both, whose=child)).status_code == 200
    father = {**MOTHER, "key": "father", "name": "李强", "id_number": id_number(3)}
    again = await handed_in(register, "disability", father, a_child(0), whose="child-0")
    assert refused(again) == "applied-already", "another of the house asks no second time"


@pytest.mark.breaks("Each for themselves")
async def test_what_the_mother_draws_is_no_bar_to_her_child(register: Register) -> None:
    draws = {"disability_grade": "一级", "disability_kind": "肢体"}
    both = {"disability_living": "是", "disability_nursing": "是"}
    mother = a_person(1, name="李芳", **draws, **both)
    child = a_person(20, name="李甲", id_number=id_number(20, "20150101"))
    await register.imported(a_csv(rows_of(a_household("h-1", mother, child, **decided()))))
    two = (MOTHER, a_child(0))
    answer = await handed_in(register, "disability", *two, whose="child-0")
    assert answer.status_code == 200, answer.text
    answer = await handed_in(register, "disability", *two, whose="mother")
    assert (refused(answer), answer.json()["member"]) == ("granted-already", "mother")


@pytest.mark.breaks("Each for themselves")
async def test_of_several_it_is_said_for_whom_and_no_other_is_found(register: Register) -> None:
    walk = await written(register, "disability", MOTHER, a_child(0))
    answer = await walk.ask(CHEN_HONG, "submit")
    assert answer.json()["needs"] == ["whose-said"]
    application = {**walk.case["application"], "whose": "child-0"}
    await walk.do(CHEN_HONG, "write", application=application)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    answer = await walk.ask(FANG_TING, "read-certificate", person_key="mother", **READ)
    assert answer.json()["needs"] == ["whose-named", "papers-ready"]
    await walk.do(FANG_TING, "read-certificate", person_key="child-0", **READ)


@pytest.mark.breaks("Each for themselves")
async def test_who_draws_it_already_is_not_accepted_behind_another(register: Register) -> None:
    draws = a_person(1, name="李伟", id_number=id_number(1, "19400101"), old_age="是")
    beside = a_person(2, "配偶", name="单芳", id_number=id_number(2, "19410101"))
    await register.imported(a_csv(rows_of(a_household("h-1", draws, beside, **decided()))))
    husband = {**MOTHER, "key": "husband", "name": "李伟", "id_number": id_number(1, "19400101")}
    wife = {**MOTHER, "key": "wife", "name": "单芳", "id_number": id_number(2, "19410101")}
    assert refused(await handed_in(register, "old-age", husband, wife, whose="husband")) == (
        "granted-already"
    )
    walk = await written(register, "old-age", wife, husband, whose="wife")
    await walk.do(CHEN_HONG, "submit")
    answer = await walk.ask(WANG_FANG, "accept", person_key="husband")
    assert answer.json()["needs"] == ["whose-named", "papers-ready"]
    await walk.do(WANG_FANG, "accept", person_key="wife")


async def test_a_list_opens_a_case_for_each_of_two_orphans(register: Register) -> None:
    guarded = {"guardian": "王奶奶", "guardian_id": id_number(77, "19550101")}
    both = a_file(a_pupil(1, **guarded), a_pupil(2, **guarded))
    found = await accept(register, await bring(register, both, category="children", opens="draft"))
    assert (found["counts"]["opened"], found["counts"]["known"]) == (2, 0)
    cases = register.rows("SELECT id FROM case_file")
    said = [(await register.get(f"/cases/{each['id']}", CHEN_HONG)).json() for each in cases]
    assert [each["application"]["whose"] for each in said] == ["person", "person"]


async def test_one_door_asks_for_each_of_two(register: Register) -> None:
    programmes = [
        {"category": "disability", "whose": "child-0"},
        {"category": "disability", "whose": "child-1"},
    ]
    members = [MOTHER, a_child(0), a_child(1)]
    answer = await take(
        register, application={"members": members}, programmes=programmes, matters=[]
    )
    assert answer.status_code == 201, answer.text
    assert [each["was_open"] for each in answer.json()["parts"]] == [False, False]
    nobody = [{"category": "disability", "whose": "nobody"}]
    answer = await take(register, application={"members": members}, programmes=nobody, matters=[])
    assert answer.status_code == 422


async def test_a_phone_says_for_whom(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).begin("disability")
    await phone.say("person", name="李甲", relation="子女", id_number=id_number(20, "20150101"))
    child = phone.case["application"]["members"][1]["key"]
    assert phone.case["asks_whose"]
    assert (await phone.act("submit")).json()["needs"] == ["whose-said"]
    await phone.say("whose", key=child)
    assert phone.case["application"]["whose"] == child
    await phone.say("gone", key=child)
    assert phone.case["application"]["whose"] is None, "who is gone is applied for no more"


@pytest.mark.parametrize("category", ["edge", "children", "rigid-spending", "single-person"])
async def test_a_list_leads_to_a_case_of_every_category(register: Register, category: str) -> None:
    found = await bring(register, a_file(a_pupil(1)), category=category, opens="lead")
    assert (await accept(register, found))["counts"]["opened"] == 1
    (entry,) = (await register.get("/registers/lead", SUN_YAN)).json()["items"]
    assert entry["shown"]["programme"] == category
    unknown = await bring(register, a_file(a_pupil(2)), category="appeal", opens="lead")
    assert (unknown["status"], unknown["type"]) == (422, "/problems/not-for-a-list")
