"""A telephone that only a code proved may be anybody's: each door that stays shut until an officer
has compared ID card and face."""

from dataclasses import replace
from typing import Any

import pytest

from services.identification import reaching
from services.identification.casework.own import doors
from services.identification.casework.paths import all_paths, may_applicant
from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    OFFICER,
    WANG_FANG,
    WORKER,
    YANG_MEI,
    ZHANG_LI,
    Walk,
    an_application,
    later,
    sets,
    staff,
)
from tests.identification.citizens import ANOTHER, PHONE, Phone, admitted, see
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register

THIRD = "13900009876"
NOT_SEEN = (403, "/problems/identity-not-seen")
LI_WEI = an_application(members=an_application()["members"][:1], phone=PHONE)


@pytest.fixture
async def phone(register: Register) -> Phone:
    """An officer wrote the application and named a telephone, to which a code was sent."""
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=LI_WEI)
    await walk.do(CHEN_HONG, "submit")
    held = Phone(register, await admitted(register))
    held.case = walk.case
    return held


async def _refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


async def test_it_reads_where_the_case_stands_and_what_is_missing_and_no_word_of_it(
    phone: Phone,
) -> None:
    walk = await phone.officers()
    paper = await walk.paper(CHEN_HONG, "id-card")
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿每一页"])
    read = await phone.register.get(phone.path, phone.caller)
    case = read.json()
    assert (case["state"], case["missing"]) == ("papers-wanted", ["户口簿每一页"])
    assert all(case[shown] for shown in ("next", "steps", "told"))
    for closed in ("application", "decision", "written_by"):
        assert case[closed] is None, closed
    for closed in ("hits", "papers", "letters", "acts", "authorising", "authorised"):
        assert case[closed] == [], closed
    for word in ("李伟", "柳溪村", id_number(1), VILLAGE, "chen-hong"):
        assert word not in read.text
    assert (
        await phone.register.get(f"{phone.path}/papers/{paper}", phone.caller)
    ).status_code == 404
    letter = await phone.register.get(f"{phone.path}/letters/missing-papers", phone.caller)
    assert await _refusal(letter) == NOT_SEEN
    await see(await phone.officers())
    assert (await phone.look())["application"]["members"][0]["name"] == "李伟"
    assert (
        await phone.register.get(f"{phone.path}/papers/{paper}", phone.caller)
    ).status_code == 200


async def test_it_withdraws_nothing_and_writes_nothing(phone: Phone) -> None:
    assert await _refusal(await phone.act("withdraw")) == NOT_SEEN
    posted = await phone.post(f"{phone.path}/parts/hardship", {"reason": "假的"})
    assert await _refusal(posted) == NOT_SEEN
    assert await _refusal(await phone.paper("id-card")) == NOT_SEEN
    await see(await phone.officers())
    assert (await phone.act("withdraw")).status_code == 200


async def test_it_signs_nothing(phone: Phone) -> None:
    assert (await phone.look())["signs_on_phone"] is False
    assert await _refusal(await phone.sign()) == NOT_SEEN
    words = {"person_key": "head", "document_id": "x", "signed_on": "2026-10-01"}
    assert await _refusal(await phone.act("authorise", **words)) == NOT_SEEN
    await see(await phone.officers())
    assert (await phone.look())["signs_on_phone"] is True
    assert (await phone.sign()).status_code == 200


async def test_it_neither_sees_nor_answers_what_was_hit(phone: Phone) -> None:
    walk = await _visited(phone)
    today = phone.register.app.state.clock.today().isoformat()
    await walk.do(WANG_FANG, "compare", report_number="核9号", reported_on=today, hits=["名下有车"])
    assert (await phone.look())["hits"] == []
    assert await _refusal(await phone.act("explain-hits", explanation="卖了")) == NOT_SEEN
    await see(walk)
    assert (await phone.look())["hits"] == ["名下有车"]
    assert (await phone.act("explain-hits", explanation="卖了")).status_code == 200


async def test_it_reads_no_reasons_and_appeals_nothing(phone: Phone) -> None:
    walk = await _visited(phone)
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="refuse", income_fen_monthly=9, reasons="内部")
    await walk.do(HE_JUN, "refuse", decision_number="青民〔2026〕9号", reasons="存款超过规定")
    read = await phone.register.get(phone.path, phone.caller)
    assert read.json()["state"] == "refused"
    assert "存款" not in read.text
    letter = await phone.register.get(f"{phone.path}/letters/refusal", phone.caller)
    assert await _refusal(letter) == NOT_SEEN
    appealed = await phone.post(f"{phone.path}/appeals", {"grounds": "不对"})
    assert await _refusal(appealed) == NOT_SEEN
    await see(walk)
    assert (await phone.look())["decision"]["reasons"] == "存款超过规定"
    assert (await phone.post(f"{phone.path}/appeals", {"grounds": "不对"})).status_code == 201


async def test_it_does_not_come_on_record_with_the_decision(phone: Phone) -> None:
    walk = await _visited(phone)
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=9, reasons="符合")
    await walk.put_up()
    later(phone.register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民〔2026〕9号")
    (person,) = phone.register.rows("SELECT id FROM person WHERE name = '李伟'")
    assert str(person["id"]) != phone.caller.person, "whoever holds it is not the person"


async def test_whoever_applied_with_anothers_number_is_not_who_stands_there(phone: Phone) -> None:
    walk = await phone.officers()
    today = phone.register.app.state.clock.today().isoformat()
    said = {"seen_on": today, "phone_ending": "0000"}
    answer = await walk.ask(WANG_FANG, "see-identity", **said)
    assert await _refusal(answer) == (409, "/problems/telephone-differs")
    for ending in (PHONE[-1:], PHONE[-3:]):
        answer = await walk.ask(WANG_FANG, "see-identity", **{**said, "phone_ending": ending})
        assert await _refusal(answer) == (409, "/problems/telephone-differs"), "all four digits"
    by_telephone = staff("operator", WORKER - {"cases:identify"}, VILLAGE)
    said["phone_ending"] = PHONE[-4:]
    assert (await walk.ask(by_telephone, "see-identity", **said)).status_code == 403
    await see(walk)
    assert (await walk.ask(WANG_FANG, "see-identity", **said)).status_code == 409


async def test_what_was_seen_wrongly_is_taken_back_and_every_door_is_shut_again(
    phone: Phone,
) -> None:
    walk = await phone.officers()
    wrong: dict[str, Any] = {"reason": "拿着身份证的人不是申请人"}
    refused = await walk.ask(WANG_FANG, "unsee-identity", **wrong)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-yet")
    await see(walk)
    assert (await phone.look())["application"]
    by_telephone = staff("operator", WORKER - {"cases:identify"}, VILLAGE)
    assert (await walk.ask(by_telephone, "unsee-identity", **wrong)).status_code == 403
    assert (await walk.ask(WANG_FANG, "unsee-identity", reason="")).status_code == 422
    await walk.do(WANG_FANG, "unsee-identity", **wrong)
    assert (await phone.look())["application"] is None
    assert await _refusal(await phone.act("withdraw")) == NOT_SEEN
    await see(walk)
    assert (await phone.act("withdraw")).status_code == 200


async def test_taken_back_after_the_decision_the_telephone_is_on_record_no_more(
    phone: Phone,
) -> None:
    walk = await _visited(phone)
    await see(walk)
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=9, reasons="符合")
    await walk.put_up()
    later(phone.register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民〔2026〕9号")
    assert await _reached_by(phone) == PHONE
    await walk.do(WANG_FANG, "unsee-identity", reason="核错了人")
    assert await _reached_by(phone) is None
    again = await Phone(phone.register, phone.caller).begin("temporary")
    members = again.case["application"]["members"]
    assert [each["name"] for each in members] == ["李伟"], "nor is the register read by it"
    await see(walk)
    assert await _reached_by(phone) == PHONE


@pytest.mark.breaks("An old telephone opens nothing")
async def test_the_telephone_before_the_one_on_record_is_one_nobody_has_seen(
    phone: Phone,
) -> None:
    register = phone.register
    walk = await _visited(phone)
    await see(walk)
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=9, reasons="符合")
    await walk.put_up()
    later(register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民〔2026〕9号")
    assert await _reached_by(phone) == PHONE
    await _on_record(walk, ANOTHER)
    assert await _reached_by(phone) == ANOTHER
    old = await admitted(register)
    assert old.person != phone.caller.person
    assert (await register.get(phone.path, old)).status_code == 404
    begun = await Phone(register, old).post("/my/cases", {"category": "change"})
    assert await _refusal(begun) == NOT_SEEN
    assert (await admitted(register, phone=ANOTHER)).person == phone.caller.person
    await walk.do(WANG_FANG, "unsee-identity", reason="再核一次")
    await walk.look()
    today = register.app.state.clock.today().isoformat()
    said = {"seen_on": today, "phone_ending": PHONE[-4:]}
    wrong = await walk.ask(WANG_FANG, "see-identity", **said)
    assert await _refusal(wrong) == (409, "/problems/telephone-differs")
    await see(walk, ANOTHER)
    assert await _reached_by(phone) == ANOTHER
    wrote = await Phone(register, await admitted(register, phone=THIRD)).begin()
    await _on_record(walk, THIRD)
    assert (await admitted(register, phone=THIRD)).person == wrote.caller.person
    assert (await wrote.look())["state"] == "draft", "who came by it before keeps what they wrote"
    assert (await admitted(register, phone=ANOTHER)).person != phone.caller.person


async def _on_record(walk: Walk, phone: str) -> None:
    """A roster says another telephone of Li Wei, whom his own case brought into the register."""
    li_wei = a_person(1, name="李伟", phone=phone)
    said = {"decision_number": "青民决〔2026〕9号", "decided_on": "2026-10-03", "income": "0.09"}
    roster = a_household(walk.case["receipt"], li_wei, **on_dibao(from_month="2026-11", **said))
    found = await walk.register.imported(a_csv(rows_of(roster)))
    assert (found["status"], found["rows_bad"]) == ("imported", 0), found


async def _reached_by(phone: Phone) -> Any:
    """The telephone of theirs that notifications was last told of."""
    while phone.register.rows("SELECT FROM applicant WHERE handed_on_at IS NULL"):
        await reaching.hand_on(phone.register.app.state.context)
    told = phone.register.neighbours.contacts
    return [each for each in told if each["person_id"] == phone.caller.person][-1]["phone"]


async def test_what_it_wrote_alone_it_goes_on_with_until_somebody_else_writes(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).written()
    case = await phone.look()
    assert case["application"]["reason"] == "生病"
    assert [each["letter"] for each in case["letters"]] == ["receipt"]
    await phone.say("hardship", reason="腿断了")
    walk = await phone.officers()
    whole = {**LI_WEI, "reason": "邻居说的"}
    await walk.do(CHEN_HONG, "write", application=whole)
    read = await register.get(phone.path, phone.caller)
    assert read.json()["application"] is None
    assert "邻居" not in read.text


async def test_where_the_place_trusts_the_code_every_door_is_open(phone: Phone) -> None:
    state = phone.register.app.state
    usual = state.casework
    state.casework = replace(usual, words={**usual.words, "identity_seen_by": "code"})
    try:
        assert (await phone.act("withdraw")).status_code == 200
    finally:
        state.casework = usual


def test_every_act_of_an_applicant_is_shut_but_for_writing_and_handing_in() -> None:
    acts = {
        act.name
        for path in all_paths().values()
        for act in path.acts.values()
        if may_applicant(act) and not path.about_household
    }
    shut = acts - doors._UNSEEN_ACTS
    assert shut == {"authorise", "authorise-jointly", "explain-hits", "withdraw", "lodge"}


async def _visited(phone: Phone) -> Walk:
    """Accepted, its letter filed on paper, visited by two, and about to be compared."""
    walk = await phone.officers()
    await walk.do(WANG_FANG, "accept")
    letter = await walk.paper(WANG_FANG, "authorisation")
    today = phone.register.app.state.clock.today().isoformat()
    words = {"person_key": "head", "document_id": letter, "signed_on": today}
    await walk.do(WANG_FANG, "authorise", **words)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    return walk


@pytest.mark.breaks("A telephone is not guessed")
async def test_nobody_tries_endings_until_one_is_right(phone: Phone) -> None:
    walk = await phone.officers()
    on = {"seen_on": phone.register.app.state.clock.today().isoformat()}
    for guess in range(5):
        answer = await walk.ask(LIU_QIANG, "see-identity", phone_ending=f"000{guess}", **on)
        assert await _refusal(answer) == (409, "/problems/telephone-differs")
    right = await walk.ask(LIU_QIANG, "see-identity", phone_ending=PHONE[-4:], **on)
    assert await _refusal(right) == (429, "/problems/endings-spent")
    said = phone.register.audited("wrong-ending-said")
    assert sorted((row["actor"], row["details"]["today"]) for row in said) == [
        ("staff:liu-qiang", count) for count in range(1, 6)
    ]
    assert (await phone.look())["identity_seen"] is False
    later(phone.register, 1)
    await see(walk)
    assert (await phone.look())["identity_seen"] is True


@pytest.mark.breaks("Nobody sees their own telephone")
async def test_a_village_alone_makes_no_telephone_a_villagers(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.officers()
    said = {"seen_on": register.app.state.clock.today().isoformat(), "phone_ending": PHONE[-4:]}
    await walk.do(YANG_MEI, "see-identity", **said)
    assert (await phone.look())["identity_seen"] is False
    assert await _refusal(await phone.act("withdraw")) == NOT_SEEN
    for account in ("yang-mei", "yang-mei-2"):
        same = replace(YANG_MEI, subject=f"staff:{account}")
        assert await _wants(walk, same, **said) == ["not-seen-by-me"], "one person, two accounts"
    await walk.do(staff("peng-yu", WORKER, VILLAGE), "see-identity", **said)
    assert (await phone.look())["identity_seen"] is True
    await walk.do(WANG_FANG, "unsee-identity", reason="核错了人")
    await walk.do(YANG_MEI, "see-identity", **said)
    assert (await phone.look())["identity_seen"] is False, "and two see it anew"


async def test_a_place_may_let_a_village_see_alone(register: Register) -> None:
    sets(register, "village_sees_alone: yes")
    phone = await Phone(register, await admitted(register)).written()
    today = register.app.state.clock.today().isoformat()
    said = {"seen_on": today, "phone_ending": PHONE[-4:]}
    await (await phone.officers()).do(YANG_MEI, "see-identity", **said)
    assert (await phone.look())["identity_seen"] is True


@pytest.mark.breaks("Nobody sees their own telephone")
async def test_who_wrote_it_and_who_is_near_to_them_see_nobody(register: Register) -> None:
    walk = await Walk(register).open(YANG_MEI)
    proxy = await walk.proxy(YANG_MEI)
    words = {**LI_WEI, "proxy": proxy}
    await walk.do(CHEN_HONG, "write", application=words)
    await walk.do(YANG_MEI, "submit")
    said = {"seen_on": register.app.state.clock.today().isoformat(), "phone_ending": PHONE[-4:]}
    for by in (YANG_MEI, CHEN_HONG):
        assert await _wants(walk, by, **said) == ["not-the-writer"], by.subject
    await _files(register, LIU_QIANG, "self", proxy["id_number"])
    assert await _refusal(await walk.ask(LIU_QIANG, "see-identity", **said)) == (
        403, "/problems/near-relative",
    )  # fmt: skip
    await admitted(register, 7)
    await _files(register, ZHANG_LI, "spouse", id_number(7))
    zhang_li = replace(ZHANG_LI, scopes=ZHANG_LI.scopes | {"cases:identify"})
    assert await _refusal(await walk.ask(zhang_li, "see-identity", **said)) == (
        403, "/problems/telephone-of-yours",
    )  # fmt: skip
    await _files(register, WANG_FANG, "sibling", id_number(1))
    await walk.look()
    assert await _wants(walk, WANG_FANG, **said) == ["not-a-relative"]
    await walk.do(staff("peng-yu", OFFICER, VILLAGE[:9]), "see-identity", **said)
    for by, need in ((CHEN_HONG, "not-the-writer"), (WANG_FANG, "not-a-relative")):
        answer = await walk.ask(by, "unsee-identity", reason="核错了人")
        assert answer.json()["needs"] == [need], answer.text


async def _wants(walk: Walk, by: Caller, **said: Any) -> list[str]:
    """What is missing before somebody may see who holds the telephone."""
    answer = await walk.ask(by, "see-identity", **said)
    assert answer.status_code == 409, answer.text
    needs: list[str] = answer.json()["needs"]
    return needs


async def _files(register: Register, by: Caller, relation: str, number: str) -> None:
    """An officer puts a relative of theirs on record."""
    words = {"relation": relation, "name": "某人", "id_number": number}
    answer = await register.client.post("/relatives", json=words, headers=register.headers(by))
    assert answer.status_code == 201, answer.text
