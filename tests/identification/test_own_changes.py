"""Whoever is on assistance reports a change on their telephone; a village worker, as a proxy."""

from typing import Any

import pytest

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
    later,
)
from tests.identification.citizens import Phone, admitted, own, told
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_changes import a_newcomer
from tests.identification.test_changes import told as decided
from tests.identification.test_retention import swept

POORER: dict[str, Any] = {"income_fen_monthly": 5000, "reason": "失业"}


async def on_record(register: Register, name: str) -> Caller:
    """Somebody who signed in by the telephone the register has of them."""
    (row,) = register.rows(f"SELECT id FROM person WHERE name = '{name}'")  # noqa: S608  # A test's own word.
    return own(str(row["id"]), "my:read")


async def begun(register: Register, name: str = "李乙") -> Phone:
    """A change of the household h-1, on the telephone of one of it."""
    await a_known_household(register)
    phone = Phone(register, await on_record(register, name))
    answer = await phone.post("/my/cases", {"category": "change"})
    assert answer.status_code == 201, answer.text
    phone.case = answer.json()
    return phone


@pytest.mark.shows("S11", "S12")
async def test_a_change_is_reported_shown_and_goes_the_way_of_a_window(register: Register) -> None:
    phone = await begun(register)
    assert (await phone.act("submit")).json()["needs"] == ["change-described"]
    again = await phone.post("/my/cases", {"category": "change"})
    assert again.json()["case_id"] == phone.case["case_id"], "one goes on with what one began"
    hidden = await register.get(f"/cases/{phone.case['case_id']}", CHEN_HONG)
    assert hidden.status_code == 404, "until it is handed in it is theirs"
    assert {"birth", "marriage", "death", "move-out", "income", "card", "guardian"} <= {
        each["act"] for each in phone.case["reports"]
    }
    assert (await phone.act("income", **POORER)).status_code == 200
    assert phone.case["effect"]["income"] == {"before": 12000, "after": 5000}
    assert (await phone.act("submit")).status_code == 200
    assert "照原来的发" in phone.case["next"]["zh"]
    walk = await phone.officers()
    assert (walk.case["state"], walk.case["channel"]) == ("surveying", "own")
    await walk.do(WANG_FANG, "want-papers", missing=["失业证明"])
    assert (await phone.look())["missing"] == ["失业证明"]
    assert (await phone.paper("income-proof")).status_code == 201
    assert (await phone.act("bring-papers")).status_code == 200
    walk = await phone.officers()
    assert walk.case["state"] == "surveying", "back where it was"
    twice = await walk.ask(WANG_FANG, "want-papers", missing=["再要"])
    assert twice.json()["needs"] == ["papers-not-wanted-before"]
    await walk.looked_into(60_000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": "青民变〔2026〕41号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **words)
    assert (await decided(register)).facts["income_fen_monthly"] == 5000
    assert (await phone.look())["state_words"]["zh"] == "定了，按新情况办"
    happened = [each["happened"] for each in told(register)]
    assert happened == ["received", "papers-wanted", "papers-received", "changed"]


@pytest.mark.breaks("Looked into before it rises")
async def test_a_telephone_nobody_has_seen_learns_nothing_and_reports_nothing(
    register: Register,
) -> None:
    await a_known_household(register)
    for order in (1, 77):
        phone = Phone(register, await admitted(register, order))
        answer = await phone.post("/my/cases", {"category": "change"})
        assert answer.json()["type"] == "/problems/identity-not-seen", order


async def test_a_telephone_that_is_taken_back_hands_in_no_change(register: Register) -> None:
    await a_known_household(register)
    caller = await admitted(register)
    await register.change("UPDATE applicant SET seen_at = now()")
    phone = Phone(register, caller)
    answer = await phone.post("/my/cases", {"category": "change"})
    phone.case = answer.json()
    await phone.act("income", **POORER)
    await register.change("UPDATE applicant SET seen_at = NULL")
    assert (await phone.act("submit")).json()["type"] == "/problems/identity-not-seen"
    assert (await phone.look())["application"] is None
    await register.change("UPDATE applicant SET seen_at = now()")
    await phone.act("submit")
    walk = await phone.officers()
    await walk.looked_into(60_000)
    await walk.do(WANG_FANG, "unsee-identity", reason="核错了人")
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert answer.json()["needs"] == ["holder-stands"]


async def test_what_is_sent_back_is_shown_with_why_and_stays_on_the_desk(
    register: Register,
) -> None:
    phone = await begun(register)
    await phone.act("income", income_fen_monthly=13000, reason="零工")
    await phone.act("submit")
    walk = await phone.officers()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(ZHANG_LI, "reopen", reason="漏了补贴")
    assert (await phone.look())["sent_back"] == "漏了补贴"
    assert (await walk.look(ZHANG_LI))["state"] == "open"
    await phone.act("start-over")
    await phone.act("income", income_fen_monthly=14000, reason="零工和补贴")
    assert (await phone.act("submit")).json()["state"] == "requested"


async def test_a_change_nobody_hands_in_goes_like_a_draft_and_one_sent_back_stays(
    register: Register,
) -> None:
    left = await begun(register)
    assert (await left.act("income", **POORER)).status_code == 200
    back = Phone(register, await on_record(register, "李丙"))
    back.case = (await back.post("/my/cases", {"category": "change"})).json()
    await back.act("income", **POORER)
    await back.act("submit")
    await (await back.officers()).do(WANG_FANG, "describe-again", reason="写错了")
    later(register, 31)
    assert await swept(register, "drafts") == {"drafts": 1}
    assert (await register.get(left.path, left.caller)).status_code == 404
    assert (await back.look())["sent_back"] == "写错了"


async def test_whoever_is_granted_nothing_applies(register: Register) -> None:
    await a_known_household(register, "h-1", 1, 2)
    await register.change("UPDATE membership SET until = '2026-08'")
    phone = Phone(register, await on_record(register, "李乙"))
    answer = await phone.post("/my/cases", {"category": "change"})
    assert answer.json()["type"] == "/problems/nothing-granted"


async def test_a_citizen_learns_of_nobody_whom_the_register_knows(register: Register) -> None:
    await a_known_household(register, "h-2", 4, 5)
    phone = await begun(register)
    effects = []
    for order in (5, 78):
        words = {"name": "李己", "relation": "配偶", "id_number": id_number(order)}
        assert (await phone.act("move-in", **words, since="2026-10")).status_code == 200
        effects.append(phone.case["effect"])
        await phone.act("start-over")
    assert effects[0] == effects[1], "of the register, or of nowhere"
    await phone.act("move-in", **words, since="2026-10")
    assert (await phone.act("submit")).status_code == 200
    merge = {"household_number": "h-2", "head_relation": "父", "since": "2026-10"}
    assert (await phone.act("merge", **merge)).status_code == 403


@pytest.mark.breaks("Authorised before compared")
async def test_each_signs_on_the_telephone_for_themselves_alone(register: Register) -> None:
    phone = await begun(register, "李丙")
    await phone.act("birth", **a_newcomer())
    assert (await phone.act("submit")).status_code == 200
    assert phone.case["signs_on_phone"]
    as_head = await phone.post(f"{phone.path}/signature", {"name": "李乙"})
    assert as_head.json()["type"] == "/problems/another-name"
    assert (await phone.post(f"{phone.path}/signature", {"name": "李丙"})).status_code == 200
    assert (await register.get(f"{phone.path}/means", phone.caller)).status_code == 404
    shown = phone.case["application"]
    assert all(not each["means"] for each in (shown, *shown["members"])), "of each their own"
    me = phone.caller.person
    assert (await phone.look())["authorised"] == [me]
    assert {each["person_id"] for each in told(register)} >= {me}, "who asked is told too"
    head = Phone(register, await on_record(register, "李乙"))
    head.case = phone.case
    assert (await head.look())["acts"], "the head reads it too"
    assert (await head.act("withdraw")).json()["state"] == "withdrawn"


@pytest.mark.breaks("The channel is the caller's")
async def test_a_village_asks_as_a_named_proxy_and_reports_what_it_finds(
    register: Register,
) -> None:
    household = await a_known_household(register)
    walk = await Walk(register).open(YANG_MEI, category="change", household_id=household)
    await walk.do(YANG_MEI, "income", **POORER)
    assert (await walk.ask(YANG_MEI, "submit")).json()["needs"] == ["asked-by-themselves"]
    words = {"name": "王五", "id_number": id_number(5), "relation": "村干部"}
    consent = await walk.paper(YANG_MEI, "consent", JPEG + b"consent")
    await walk.do(YANG_MEI, "name-proxy", **words, consent_document_id=consent)
    assert (await walk.ask(YANG_MEI, "submit")).json()["needs"] == ["applicants-id-filed"]
    await walk.paper(YANG_MEI, "id-card", JPEG + b"card")
    await walk.do(YANG_MEI, "submit")
    assert walk.case["application"]["proxy"]["name"] == "王五", "kept when it is handed in"
    found = await Walk(register).open(YANG_MEI, category="change", household_id=household)
    (_, second) = (await found.look(YANG_MEI))["application"]["members"]
    await found.do(YANG_MEI, "death", person_key=second["key"], died_on="2026-08-30")
    assert (await found.do(YANG_MEI, "submit"))["state"] == "requested"
