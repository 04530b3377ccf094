"""A draft that stands already is gone on with: nothing said is lost, and nobody waits by it."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    JPEG,
    YANG_MEI,
    Walk,
    an_application,
)
from tests.identification.citizens import Phone, admitted
from tests.identification.ledgers import Ledger
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_calls import SUN_YAN as OPERATOR
from tests.identification.test_calls import answered
from tests.identification.test_discovery import LIN_HAI, TODAY, found
from tests.identification.test_people_lists import SUN_YAN as CLERK
from tests.identification.test_people_lists import a_file, a_pupil, accept, bring
from tests.identification.test_requests import FIRE, take

DIBAO = [{"category": "dibao"}]
FARM = {"paddy_hundredths": 250}


async def from_a_school(register: Register, **said: Any) -> str:
    """The draft of Li Wei that a school's list opened; its case."""
    named = {"name": "李伟", "id_number": id_number(1), "situation": "孩子学费没有着落", **said}
    brought = await bring(register, a_file(a_pupil(1, **named)), opens="draft")
    await accept(register, brought)
    (row,) = (await register.get(f"/people-lists/{brought['list_id']}", CLERK)).json()["items"]
    return str(row["case_id"])


async def case_of(register: Register, case_id: str) -> dict[str, Any]:
    """A case as an officer reads it."""
    found: dict[str, Any] = (await register.get(f"/cases/{case_id}", CHEN_HONG)).json()
    return found


@pytest.mark.shows("S10")
async def test_a_draft_of_a_list_is_handed_in_at_the_door_with_what_is_said_there(
    register: Register,
) -> None:
    draft = await from_a_school(register)
    taken = (await take(register, programmes=DIBAO, matters=[])).json()
    (part,) = taken["parts"]
    assert (part["case_id"], part["was_open"]) == (draft, False)
    case = await case_of(register, draft)
    assert (part["state"], case["state_due_on"] is not None) == ("submitted", True), "its days run"
    assert [each["name"] for each in case["application"]["members"]] == ["李伟", "李娜"]
    assert case["application"]["reason"] == "孩子学费没有着落"
    assert case["channel"] == "school", "whom an office found, it found"
    assert [each["act"] for each in case["history"]] == ["write", "submit"]
    again = (await take(register, programmes=DIBAO, matters=[])).json()
    assert (again["parts"][0]["case_id"], again["parts"][0]["was_open"]) == (draft, True)


async def test_what_an_officer_wrote_in_a_draft_stays_where_the_door_does_not_say_it(
    register: Register,
) -> None:
    walk = await Walk(register).open()
    son = {
        "key": "son", "name": "李强", "relation": "儿子", "id_number": id_number(6),
        "lives_together": False, "lives_at": "成都",
        "support": {"basis": "agreed", "agreed_fen_yearly": 600000},
    }  # fmt: skip
    written = an_application(means=FARM, supporters=[son], reason="腰伤")
    written["members"][0] |= {
        "disability_grade": 2,
        "disability_kind": 4,
        "means": {"wage_basis": 1},
    }
    await walk.do(CHEN_HONG, "write", application=written)
    await walk.paper(CHEN_HONG, "id-card", JPEG, of_person="head")
    people = [
        {"key": "m0", "name": "李伟", "relation": "户主", "id_number": id_number(1)},
        {"key": "head", "name": "李娜", "relation": "子女", "id_number": id_number(2, "20180910")},
        {
            "key": "m2",
            "name": "李明",
            "relation": "子女",
            "no_id_reason": "未上户口",
            "born_on": "2020-01-01",
        },
    ]
    said = {"members": people, "phone": "13900001234", "reason": "房子漏雨", "address": ""}
    taken = await take(register, application=said, programmes=DIBAO, matters=[])
    assert taken.json()["parts"][0]["case_id"] == walk.case["case_id"], taken.text
    case = await walk.look()
    application = case["application"]
    assert (case["state"], case["channel"]) == ("submitted", "one-door")
    assert [each["key"] for each in application["members"]] == ["head", "child", "m2"]
    head = application["members"][0]
    assert (head["disability_grade"], head["means"]) == (2, {"wage_basis": 1})
    assert (application["means"], application["address"]) == (FARM, "柳溪村3组")
    assert [each["name"] for each in application["supporters"]] == ["李强"]
    assert application["reason"] == "腰伤\n房子漏雨"
    assert [each["of_person"] for each in case["papers"]] == ["head"], "a paper is whose it was"


async def test_who_comes_to_the_door_needs_no_proxy_for_what_their_village_began(
    register: Register,
) -> None:
    walk = await Walk(register).open(YANG_MEI)
    await walk.do(YANG_MEI, "write", application=an_application())
    assert walk.case["channel"] == "village"
    taken = await take(register, programmes=DIBAO, matters=[])
    assert taken.status_code == 201, taken.text
    case = await walk.look()
    assert (case["state"], case["channel"]) == ("submitted", "one-door")


async def test_a_call_draft_is_handed_in_by_whoever_comes_and_is_no_call_any_more(
    register: Register,
) -> None:
    call = await answered(register)
    words = {"programme": "temporary", "village": VILLAGE, "id_number": id_number(1)}
    draft = (await call.do(OPERATOR, "open-case", **words))["history"][-1]["words"]["case_id"]
    programmes = [{"category": "temporary", "words": FIRE}]
    (part,) = (await take(register, programmes=programmes, matters=[])).json()["parts"]
    assert (part["case_id"], part["was_open"], part["state"]) == (draft, False, "reported")
    assert (await case_of(register, draft))["channel"] == "one-door"
    (part,) = (await take(register, programmes=programmes, matters=[])).json()["parts"]
    assert (part["case_id"], part["was_open"]) == (draft, True)


async def test_another_hardship_is_another_case_while_help_for_the_first_goes_on(
    register: Register,
) -> None:
    fire = [{"category": "temporary", "words": FIRE}]
    (first,) = (await take(register, programmes=fire, matters=[])).json()["parts"]
    illness = [{"category": "temporary", "words": {**FIRE, "cause": "illness"}}]
    (second,) = (await take(register, programmes=illness, matters=[])).json()["parts"]
    assert (second["was_open"], second["state"]) == (False, "reported")
    assert second["case_id"] != first["case_id"]


async def test_a_draft_on_ones_own_phone_stays_as_it_was_typed(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).begin("dibao")
    await phone.say("hardship", reason="只写给自己看")
    taken = (await take(register, programmes=DIBAO, matters=[])).json()
    assert taken["parts"][0]["state"] == "submitted"
    assert taken["parts"][0]["case_id"] != phone.case["case_id"], "nobody hands it in but they"
    own = await phone.look()
    assert (own["state"], own["application"]["reason"]) == ("draft", "只写给自己看")


async def test_a_list_adds_what_it_knows_to_a_draft_and_opens_no_second_one(
    register: Register,
) -> None:
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=an_application(reason="腰伤"))
    assert await from_a_school(register) == walk.case["case_id"]
    case = await walk.look()
    assert case["application"]["reason"] == "腰伤\n孩子学费没有着落"
    assert len(case["application"]["members"]) == 2
    assert [each["act"] for each in case["history"]] == ["write", "write"]
    assert await from_a_school(register, situation="腰伤") == walk.case["case_id"]
    assert (await walk.look())["version"] == case["version"], "nothing new is no act"


async def test_a_lead_of_a_list_is_looked_after_while_nobody_handed_a_draft_in(
    register: Register,
) -> None:
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    named = a_pupil(1, name="李伟", id_number=id_number(1))
    brought = await accept(register, await bring(register, a_file(named), opens="lead"))
    assert (brought["counts"]["opened"], brought["counts"]["known"]) == (1, 0)
    await walk.do(CHEN_HONG, "submit")
    later = await accept(register, await bring(register, a_file(named, a_pupil(4)), opens="lead"))
    assert (later["counts"]["opened"], later["counts"]["known"]) == (1, 1)


async def test_a_lead_and_a_call_go_on_with_what_is_open(register: Register) -> None:
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=an_application(reason="腰伤"))
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    await leads.do(LIN_HAI, "contact", contacted_on=TODAY, findings="属实")
    words = (await leads.do(LIN_HAI, "open-application"))["history"][-1]["words"]
    assert words["receipt"] == walk.case["receipt"]
    assert (await walk.look())["application"]["reason"] == "腰伤\n独居，摔伤后无法劳动"
    await walk.do(CHEN_HONG, "submit")
    call = await answered(register, situation="问申请办到哪了")
    asked = {"programme": "dibao", "village": VILLAGE, "id_number": id_number(1)}
    done = (await call.do(OPERATOR, "open-case", **asked))["history"][-1]["words"]
    assert done["receipt"] == walk.case["receipt"]
    assert (await walk.look())["state"] == "submitted"
    assert len(register.rows("SELECT id FROM case_file")) == 1
