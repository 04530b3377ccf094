"""What is being looked at, or is granted already, is not asked for a second time."""

from typing import Any

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
    staff,
)
from tests.identification.citizens import ANOTHER, PHONE, Phone, admitted, see
from tests.identification.makers import id_number
from tests.identification.register import Register

SECOND: dict[str, Any] = {"decision_number": "青民终〔2026〕2号", "reasons": "同一户已有申请在办"}
HEAD = {"key": "me", "name": "李伟", "relation": "户主", "id_number": id_number(1)}
WIFE = {"key": "wife", "name": "王英", "relation": "配偶", "id_number": id_number(6)}


async def handed_in(walk: Walk, *members: dict[str, Any]) -> Any:
    await walk.open()
    await walk.do(
        CHEN_HONG, "write", application={"members": list(members), "whose": members[0]["key"]}
    )
    return await walk.ask(CHEN_HONG, "submit")


async def test_a_household_has_one_open_case_of_a_kind(register: Register) -> None:
    first = Walk(register)
    assert (await handed_in(first, HEAD, WIFE)).status_code == 200
    answer = await handed_in(Walk(register), WIFE)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/applied-already"
    assert answer.json()["receipt"] == first.case["receipt"]
    await first.look(WANG_FANG)
    assert (await handed_in(Walk(register, "edge"), WIFE)).status_code == 200, "another kind"
    letter = await first.paper(CHEN_HONG, "withdrawal")
    await first.do(WANG_FANG, "withdraw", letter_id=letter)
    assert (await handed_in(Walk(register), WIFE)).status_code == 200, "what ended bars nobody"


async def test_what_is_granted_is_not_asked_for_again(register: Register) -> None:
    walk = await Walk(register).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    child = {"key": "a", "name": "李娜", "relation": "子女", "id_number": id_number(2, "20180910")}
    answer = await handed_in(Walk(register), WIFE, child)
    assert answer.json()["type"] == "/problems/granted-already"
    assert answer.json()["member"] == "a"


async def test_what_is_a_persons_is_asked_for_by_each(register: Register) -> None:
    first = Walk(register, "old-age")
    assert (await handed_in(first, HEAD, WIFE)).status_code == 200
    assert (await handed_in(Walk(register, "old-age"), WIFE, HEAD)).status_code == 200
    answer = await handed_in(Walk(register, "old-age"), HEAD)
    assert answer.json()["receipt"] == first.case["receipt"]


async def test_a_citizen_does_not_learn_of_a_stranger_and_an_officer_does(
    register: Register,
) -> None:
    await a_known_household(register, "h-1", 21)
    phone = Phone(register, await admitted(register))
    await phone.begin("edge")
    await phone.say("hardship", reason="生病")
    assert (await phone.act("submit")).status_code == 200
    await see(await phone.officers())
    await phone.begin()
    stranger = {"name": "李甲", "relation": "配偶", "id_number": id_number(21)}
    await phone.say("person", **stranger)
    assert (await phone.act("submit")).status_code == 200, "what a stranger is granted is not told"
    answer = await (await phone.officers()).ask(WANG_FANG, "accept")
    assert answer.json()["type"] == "/problems/granted-already"


async def test_a_citizen_learns_what_is_their_own_households(register: Register) -> None:
    await a_known_household(register, "h-1", 1, 21)
    phone = Phone(register, await admitted(register))
    await phone.begin("edge")
    await phone.say("hardship", reason="生病")
    assert (await phone.act("submit")).status_code == 200
    await see(await phone.officers())
    await phone.begin()
    answer = await phone.act("submit")
    assert answer.json()["type"] == "/problems/granted-already"


async def test_a_second_one_that_stands_is_ended_by_another_and_only_where_one_stands(
    register: Register,
) -> None:
    phones = [
        await Phone(register, await admitted(register, phone=phone)).written()
        for phone in (PHONE, ANOTHER)
    ]
    first, second = [await phone.officers() for phone in phones]
    answer = await second.ask(HE_JUN, "end-undecided", **SECOND)
    assert answer.json()["type"] == "/problems/nothing-bars"
    await see(first)
    await first.do(WANG_FANG, "accept")
    await see(second, ANOTHER)
    answer = await second.ask(WANG_FANG, "accept")
    assert answer.json()["type"] == "/problems/applied-already"
    case = await second.do(HE_JUN, "end-undecided", **SECOND)
    assert (case["state"], case["due_on"] is not None) == ("ended-undecided", True)
    letter = await register.get(f"{second.path}/letters/ended-undecided", ZHANG_LI)
    assert letter.status_code == 200
    told = await phones[1].look()
    assert (told["state_words"]["zh"], told["decision"]["reasons"]) == (
        "没法往下办，终止了",
        SECOND["reasons"],
    )


async def test_what_lacks_a_letter_ends_once_its_days_are_over(register: Register) -> None:
    walk = await Walk(register).accepted()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    answer = await walk.ask(HE_JUN, "end-undecided", **SECOND)
    assert answer.json()["needs"] == ["handed-in-or-unsigned"], "there are days for it"
    later(register, 45)
    hands = staff("liu-qiang", {"cases:read", "cases:decide"})
    answer = await walk.ask(hands, "end-undecided", **SECOND)
    assert answer.json()["needs"] == ["not-the-surveyor"]
    await walk.do(HE_JUN, "end-undecided", **SECOND)
    signed = await Walk(register).accepted()
    await signed.letter("head")
    later(register, 45)
    answer = await signed.ask(HE_JUN, "end-undecided", **SECOND)
    assert answer.json()["needs"] == ["handed-in-or-unsigned"], "everybody has signed"


async def test_whose_letter_is_wanted_later_has_days_of_their_own(register: Register) -> None:
    """Who is added, comes of age or is to be signed for by another is not ended at once."""
    head, child = an_application()["members"]
    grown = {**child, "id_number": id_number(2, "20081101")}
    walk = await Walk(register).accepted(members=[head, grown], whose="head")
    await walk.letter("head")
    later(register, 45)
    answer = await walk.ask(HE_JUN, "end-undecided", **SECOND)
    assert answer.json()["needs"] == ["handed-in-or-unsigned"], "of age for less than the days"
    later(register, 30)
    await walk.letter("child")
    wife = {"key": "wife", "name": "王芬", "relation": "配偶", "id_number": id_number(3)}
    added = an_application(members=[head, grown, wife], whose="head")
    await walk.do(WANG_FANG, "correct", application=added, reason="漏写一人")
    answer = await walk.ask(HE_JUN, "end-undecided", **SECOND)
    assert answer.json()["needs"] == ["handed-in-or-unsigned"], "she has only just been added"
    later(register, 45)
    paper = await walk.paper(WANG_FANG, "letter-excuse", JPEG + b"sentence", of_person="wife")
    unreachable = {"person_key": "wife", "why": "prison", "document_id": paper}
    await walk.do(WANG_FANG, "excuse-letter", **unreachable)
    answer = await walk.ask(HE_JUN, "end-undecided", **SECOND)
    assert answer.json()["needs"] == ["handed-in-or-unsigned"], "another is to look at the paper"
    later(register, 45)
    ill = [{**head, "lacks_capacity": True, "guardian_key": "wife", "guardian_authority": "spouse"}]
    guarded = an_application(members=[*ill, grown, wife], whose="head")
    await walk.do(LIU_QIANG, "agree-excuse", person_key="wife")
    await walk.do(WANG_FANG, "correct", application=guarded, reason="法院认定")
    answer = await walk.ask(HE_JUN, "end-undecided", **SECOND)
    assert answer.json()["needs"] == ["handed-in-or-unsigned"], "his guardian signs from now on"
    later(register, 45)
    assert (await walk.do(HE_JUN, "end-undecided", **SECOND))["state"] == "ended-undecided"
