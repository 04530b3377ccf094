"""A citizen applies for themselves: saved part by part, seen by nobody else, told at every step."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from services.identification import reaching
from services.identification.casework.own import view
from services.identification.casework.paths import all_paths
from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    WANG_FANG,
    YANG_MEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
)
from tests.identification.citizens import ANOTHER, PHONE, Phone, admitted, own, see, told
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register


@pytest.mark.shows("S11", "S12")
async def test_a_stranger_to_the_register_applies_on_a_phone_and_is_granted(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).written()
    assert phone.case["state"] == "submitted"
    assert "收到了" in phone.case["state_words"]["zh"]
    assert "最晚" in phone.case["next"]["zh"]
    walk = await phone.officers()
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿每一页", "李伟的收入证明"])
    phone.case = (await register.get(phone.path, phone.caller)).json()
    assert phone.case["missing"] == ["户口簿每一页", "李伟的收入证明"]
    assert (await phone.paper("id-card")).status_code == 201
    for page in (b"1", b"2"):
        assert (await phone.paper("household-register", JPEG + page)).status_code == 201
    assert (await phone.act("bring-papers")).status_code == 200
    assert [each["replaced"] for each in phone.case["papers"]][-2:] == [False, False]
    walk.case = await _as_officer(register, phone, WANG_FANG)
    await walk.do(WANG_FANG, "accept")
    walk = await phone.seen()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=20000, reasons="符合")
    await walk.put_up()
    later(register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民〔2026〕9号")
    case = (await register.get(phone.path, phone.caller)).json()
    assert case["state_words"]["zh"] == "批准了"
    assert "2026年11月" in case["next"]["zh"]
    assert [each["stands"] for each in case["steps"]] == ["done"] * 5
    assert [event["happened"] for event in told(register)] == [
        "received", "papers-wanted", "papers-received", "visit-coming", "posted", "granted",
    ]  # fmt: skip
    letter = await register.get(f"{phone.path}/letters/decision", phone.caller)
    assert letter.headers["content-type"] == "application/pdf"
    (person,) = register.rows("SELECT id FROM person WHERE name = '李伟'")
    assert str(person["id"]) == phone.caller.person, "who applied is the same in the register"
    await reaching.hand_on(register.app.state.context)
    household = (await _as_officer(register, phone, WANG_FANG))["household_id"]
    # The process hands on by itself too, and may be at an earlier word of the same person.
    of_household = {
        (contact["person_id"], contact["phone"])
        for contact in register.neighbours.contacts
        if household in contact["beneficiary_ids"]
    }
    assert of_household == {(phone.caller.person, PHONE)}, "payments are told to them too"


async def _as_officer(register: Register, phone: Phone, by: Caller) -> dict[str, Any]:
    found: dict[str, Any] = (await register.get(f"/cases/{phone.case['case_id']}", by)).json()
    return found


async def test_every_part_is_kept_at_once_and_the_same_again_adds_nobody_twice(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).begin()
    key = {"Idempotency-Key": str(uuid4())}
    words = {"name": "李娜", "relation": "子女", "id_number": id_number(2, "20180910")}
    for _ in range(2):
        answer = await phone.post(f"{phone.path}/parts/person", words, **key)
        assert answer.status_code == 200, answer.text
    assert [each["name"] for each in answer.json()["application"]["members"]] == ["李伟", "李娜"]
    again = await Phone(register, phone.caller).begin()
    assert again.case["case_id"] == phone.case["case_id"], "an open application is gone on with"
    changed = await phone.say("person", key="m1", name="李娜", relation="女儿")
    child = changed["application"]["members"][1]
    assert (child["relation"], child["id_number"]) == (
        "女儿",
        "511425***********" + child["id_number"][-1:],
    )
    baby = await phone.say(
        "person", name="李新", relation="子女", no_id_reason="还没上户口", born_on="2026-08-01"
    )
    assert baby["application"]["members"][2]["id_number"] is None
    left = await phone.say("gone", key="m1")
    assert [each["name"] for each in left["application"]["members"]] == ["李伟", "李新"]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("gone", {"key": "me"}),
        ("person", {"key": "stranger", "name": "谁", "relation": "谁"}),
        ("person", {"name": "李娜", "relation": "子女"}),
        ("person", {"name": "李娜", "relation": "子女", "id_number": "123"}),
        ("member-means", {"key": "me", "means": {"gambling_fen": 1}}),
        ("member-means", {"key": "me", "means": {"wage_fen": -1}}),
        ("means", {"means": {"wage_fen": 1}}),
        ("means", {"means": {"paddy_hundredths": "1.5"}}),
        ("home", {"registration": "rural", "address": "村", "status": "approved"}),
        ("hardship", {"reason": ""}),
    ],
)
async def test_words_that_cannot_be_are_refused_by_their_field(
    register: Register, part: str, words: dict[str, Any]
) -> None:
    phone = await Phone(register, await admitted(register)).begin()
    answer = await phone.post(f"{phone.path}/parts/{part}", words)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"].startswith(part)


@pytest.mark.shows("S11")
async def test_somebody_elses_case_is_not_there(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).written()
    strangers = [
        await admitted(register, order=5, phone=ANOTHER),
        await admitted(register, order=1, phone=ANOTHER),
    ]
    await a_known_household(register, "h-9", 9)
    (person,) = register.rows("SELECT id FROM person")
    strangers.append(own(str(person["id"]), "my:read"))
    paper = (await phone.paper("id-card")).json()["document_id"]
    for stranger in strangers:
        other = Phone(register, stranger)
        other.case = phone.case
        for path in ("", f"/papers/{paper}", "/letters/receipt"):
            assert (await register.get(phone.path + path, stranger)).status_code == 404
        assert (await other.act("withdraw")).status_code == 404
        assert (await other.paper("id-card")).status_code == 404
        posted = await other.post(f"{phone.path}/parts/hardship", {"reason": "假的"})
        assert posted.status_code == 404
        assert (await register.get("/my/cases", stranger)).json()["items"] == []
    for path in ("/cases", f"/cases/{phone.case['case_id']}", "/people"):
        assert (await register.get(path, phone.caller)).status_code == 403


async def test_no_inner_word_reaches_the_applicant(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.seen()
    await walk.do(WANG_FANG, "accept")
    await walk.complete()
    await walk.do(WANG_FANG, "declare-relative", officer="chen-hong", relation="表兄弟")
    await walk.visit()
    inner = await walk.paper(WANG_FANG, "minutes")
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(
        ZHANG_LI, "propose", opinion="grant", income_fen_monthly=20000, reasons="内部意见"
    )
    await walk.put_up()
    await walk.object(WANG_FANG, "邻居王五说他家有车")
    read = (await register.get(phone.path, phone.caller)).text
    for word in (
        "表兄弟",
        "chen-hong",
        "wang-fang",
        "土坯房两间，无固定收入",
        "内部意见",
        "王五",
        inner,
    ):
        assert word not in read, word
    assert id_number(1) not in read
    assert PHONE not in read
    looked = await register.get(f"{phone.path}/papers/{inner}", phone.caller)
    assert looked.status_code == 404
    assert "再看一次" in json.loads(read)["state_words"]["zh"]


async def test_only_acts_marked_for_applicants_are_theirs(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).written()
    await phone.seen()
    for act in ("accept", "want-papers", "keep-secret", "confirm"):
        assert (await phone.act(act)).status_code in {403, 422}, act
    whole = {"application": an_application()}
    assert (await phone.act("write", **whole)).status_code == 403
    assert (await phone.paper("minutes")).status_code == 422
    assert (await phone.paper("id-card", b"<html>")).status_code == 422
    assert (await phone.act("withdraw")).status_code == 200
    assert (await phone.paper("id-card")).status_code == 409


async def test_one_signs_with_ones_own_name_and_every_adult_signs(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).written()
    await see(await phone.officers())
    wife = {"name": "王芳", "relation": "配偶", "id_number": id_number(3, "19850910")}
    await phone.say("person", **wife)
    wrong = await phone.post(f"{phone.path}/signature", {"name": "王芳"})
    assert wrong.status_code == 409
    await phone.sign()
    case = await phone.look()
    assert (case["authorising"], case["authorised"]) == (["me", "m2"], ["me"])
    letter = (await phone.paper("authorisation", of_person="m2")).json()["document_id"]
    today = register.app.state.clock.today().isoformat()
    await phone.act("authorise", person_key="m2", document_id=letter, signed_on=today)
    assert phone.case["authorised"] == ["m2", "me"]


@pytest.mark.shows("S14")
async def test_whoever_is_applied_for_is_told_and_sees_it(register: Register) -> None:
    known = await a_known_household(register, "h-1", 1, 2)
    (person,) = register.rows("SELECT id FROM person WHERE name = '李乙'")
    people = [{**an_application()["members"][0], "id_number": id_number(1), "name": "李乙"}]
    walk = await Walk(register, "edge").open(YANG_MEI)
    said = an_application(members=people, phone=ANOTHER, proxy=await walk.proxy())
    await walk.do(YANG_MEI, "write", application=said)
    head = own(str(person["id"]), "my:read")
    assert (await register.get("/my/cases", head)).json()["items"] == [], "a draft is its writer's"
    await walk.do(YANG_MEI, "submit")
    (event,) = told(register)
    assert (event["happened"], event["person_id"]) == ("applied-for", str(person["id"]))
    (row,) = (await register.get("/my/cases", head)).json()["items"]
    case = (await register.get(f"/my/cases/{row['case_id']}", head)).json()
    assert case["written_by"] == "王五"
    assert (await Phone(register, head).begin("old-age")).case["application"]["members"][0][
        "name"
    ] == "李乙", known


async def test_who_is_not_in_the_register_is_told_by_the_telephone_that_was_given(
    register: Register,
) -> None:
    walk = await Walk(register).open(YANG_MEI)
    proxy = await walk.proxy()
    await walk.do(YANG_MEI, "write", application=an_application(phone=PHONE, proxy=proxy))
    await walk.do(YANG_MEI, "submit")
    (event,) = told(register)
    assert (event["happened"], event["handed_on"]) == ("applied-for", True)
    await reaching.hand_on(register.app.state.context)
    for _ in range(100):
        if register.neighbours.contacts:
            break
        await asyncio.sleep(0.05)
    (contact,) = register.neighbours.contacts
    assert (contact["phone"], contact["called"]) == (PHONE, "李*")
    assert contact["person_id"] == event["person_id"]
    later_on = await admitted(register)
    assert later_on.person == event["person_id"], "signing in with both is the same applicant"
    assert len((await register.get("/my/cases", later_on)).json()["items"]) == 1


async def test_an_application_by_another_telephone_is_told_to_whom_the_register_knows(
    register: Register,
) -> None:
    await a_known_household(register, "h-1", 1, 2)
    (person,) = register.rows("SELECT id FROM person WHERE name = '李乙'")
    phone = Phone(register, await admitted(register))
    await phone.begin("old-age")
    await phone.act("submit")
    happened = {event["person_id"]: event["happened"] for event in told(register)}
    assert happened == {phone.caller.person: "received", str(person["id"]): "applied-for"}
    known = Phone(register, own(str(person["id"]), "my:read"))
    known.case = (await register.get(phone.path, known.caller)).json()
    assert known.case["written_by"] == "another-phone"
    assert [act["act"] for act in known.case["acts"]] == ["withdraw"]
    assert (await known.paper("id-card")).status_code == 403, "a stranger would see it"
    posted = await known.post(f"{known.path}/parts/hardship", {"reason": "生病"})
    assert posted.status_code == 403
    assert (await known.act("withdraw")).status_code == 200


async def test_a_telephone_alone_opens_nothing_of_the_register(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).begin()
    await a_known_household(register, "h-1", 1, 2)
    (found,) = register.rows("SELECT id FROM person WHERE name = '李乙'")
    by_code, on_record = phone.caller, own(str(found["id"]), "my:read")
    for caller, people in ((by_code, ["李伟"]), (on_record, ["李乙", "李丙"])):
        other = await Phone(register, caller).begin("old-age")
        assert [each["name"] for each in other.case["application"]["members"]] == people


async def test_nobody_begins_without_end_for_each_tells_somebody(register: Register) -> None:
    phone = Phone(register, await admitted(register))
    most = register.app.state.casework.number("own_cases_monthly_max")
    await (await phone.begin("old-age")).act("submit")
    await see(await phone.officers())
    for _ in range(most - 1):
        await phone.act("withdraw")
        await phone.begin("old-age")
    await phone.act("withdraw")
    words = {"category": "old-age", "village": VILLAGE}
    answer = await phone.post("/my/cases", words)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-applications")
    later(register, 31)
    assert (await phone.post("/my/cases", words)).status_code == 201


async def test_urgent_need_is_reported_on_the_phone_with_what_its_form_asks(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).begin("temporary")
    assert phone.case["hands_in"]["act"] == "report"
    assert set(phone.case["hands_in"]["fields"]) >= {"kind", "cause", "happened_on"}
    assert (await phone.act("report")).status_code == 422
    today = register.app.state.clock.today().isoformat()
    words = {"kind": "urgent", "cause": "fire", "happened_on": today, "elsewhere": "no"}
    assert (await phone.act("report", **words)).status_code == 200
    assert phone.case["hands_in"] is None
    assert "镇里马上看" in phone.case["state_words"]["zh"]


def test_every_state_an_applicant_can_meet_has_plain_words() -> None:
    words = view._words()["states"]
    for path in all_paths().values():
        if path.plain is not None:
            for state in path.states:
                assert {state, f"{path.category}.{state}"} & words.keys(), (path.category, state)


async def test_events_of_cases_carry_nothing_personal(register: Register) -> None:
    await Phone(register, await admitted(register)).written()
    said = json.dumps(told(register), ensure_ascii=False)
    for word in ("李伟", PHONE, id_number(1), "柳溪", VILLAGE):
        assert word not in said
    assert set(told(register)[0]) == {
        "event_id", "county", "occurred_at", "case_id", "person_id", "handed_on", "category",
        "receipt", "happened", "by_day", "from_month",
    }  # fmt: skip


async def test_what_is_not_handed_in_is_nobodys_but_the_writers(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).begin()
    path = f"/cases/{phone.case['case_id']}"
    for path_of, query, found in ((path, "", 404), ("/cases", "李伟", 200), ("/cases", "", 200)):
        answer = await register.get(path_of, CHEN_HONG, query=query)
        assert answer.status_code == found
        assert not answer.json().get("items")
    await phone.act("submit")
    assert (await register.get(path, CHEN_HONG)).status_code == 200


@pytest.mark.shows("S12")
async def test_a_refusal_is_read_with_its_reasons_and_appealed_on_the_phone(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.seen()
    await walk.do(WANG_FANG, "accept")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="refuse", income_fen_monthly=9, reasons="内部")
    await walk.do(HE_JUN, "refuse", decision_number="青民〔2026〕9号", reasons="存款超过规定")
    case = (await register.get(phone.path, phone.caller)).json()
    assert (case["decision"]["reasons"], case["may_appeal"]) == ("存款超过规定", True)
    assert case["may_appeal_until"] is None, "nobody handed the reasons over"
    await walk.look()
    await walk.do(ZHANG_LI, "tell-refusal", told_on="2026-09-25")
    case = (await register.get(phone.path, phone.caller)).json()
    assert case["may_appeal_until"] == "2026-11-24"
    passed = [(each["en"], each["stands"]) for each in case["steps"]]
    assert passed == [("received", "done"), ("visit", "done"), ("decision", "done")], "none to come"
    words = {"grounds": "存款是治病借来的"}
    lodged = (await phone.post(f"{phone.path}/appeals", words)).json()
    assert (lodged["category"], lodged["state"]) == ("appeal", "lodged")
    again = (await phone.post(f"{phone.path}/appeals", words)).json()
    assert again["case_id"] == lodged["case_id"], "one decision has one open appeal"
    last = told(register)[-1]
    assert (last["happened"], last["person_id"]) == ("appeal-received", phone.caller.person)
    later(register, 61)
    phone.case = case
    assert not (await register.get(phone.path, phone.caller)).json()["may_appeal"]
    other = await Phone(register, phone.caller).begin("old-age")
    assert (await other.post(f"{other.path}/appeals", words)).status_code == 409


def test_whatever_one_may_apply_for_tells_how_it_went_and_can_be_taken_back() -> None:
    for path in all_paths().values():
        if path.plain is None:
            continue
        told_of = {act.tells for act in path.acts.values()}
        assert {"received", "refused", "withdrawn"} <= told_of, path.category
        assert told_of & {"granted", "recognised"}, path.category
        assert "cases:own" in path.acts["withdraw"].scopes, path.category


async def test_who_is_away_is_written_on_the_phone_with_why_and_since_when(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).begin()
    son = {"name": "李强", "relation": "子女", "id_number": id_number(7, "19900101")}
    await phone.say("person", **son, away="prison", away_since="2026-03-01")
    away = phone.case["application"]["members"][-1]
    assert (away["away"], away["away_since"]) == ("prison", "2026-03-01")
    half = await phone.post(f"{phone.path}/parts/person", {"key": away["key"], "away": "prison"})
    assert half.status_code == 422
    await phone.say("person", key=away["key"], name="李强", relation="子女")
    assert phone.case["application"]["members"][-1]["away"] is None
