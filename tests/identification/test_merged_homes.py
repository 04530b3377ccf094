"""What is open about a household that merged is about the home in which its people live now."""

from typing import Any
from uuid import uuid4

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    SUN_LEI,
    TOWN_HEAD,
    WORKER,
    ZHANG_LI,
    Walk,
    in_month,
    later,
    staff,
)
from tests.identification.caseworkers import OFFICER as TOWN_OFFICER
from tests.identification.ledgers import HEAD as KEEPER
from tests.identification.ledgers import Ledger
from tests.identification.lists import MAKER, alerts, compared, delivered
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.owed import owed
from tests.identification.register import Register
from tests.identification.rounds import begun, found, signed
from tests.identification.test_aid_stages import buried
from tests.identification.test_alerts import CHECKED, HEAD, OFFICER, act
from tests.identification.test_appeals import OUTCOME
from tests.identification.test_decided_since import heard

MERGE: dict[str, Any] = {"head_relation": "配偶", "since": "2026-10"}
DECISION: dict[str, Any] = {"decision_number": "青民变〔2026〕77号", "from_month": "2026-10"}
HERE = staff("zhou-jie", KEEPER | {"cases:read", "cases:apply", "cases:accept"}, VILLAGE[:9])
NEED: dict[str, Any] = {
    "source": "visit", "found_on": "2026-09-25", "visitor": "周杰", "name": "李己",
    "situation": "重病",
}  # fmt: skip

ALL_OVER = staff("xu-lan", WORKER | TOWN_OFFICER)
"""Of the whole county, as the two who sign with them and propose."""
SIGNS = staff("deng-hui", TOWN_OFFICER)
PROPOSES = staff("tang-jie", TOWN_HEAD)


@pytest.fixture
async def homes(register: Register) -> dict[str, str]:
    """Two households on dibao in one village and one on nothing, by their numbers."""
    three = [
        a_household(
            "h-1",
            a_person(1, name="李乙"),
            a_person(2, name="李丙"),
            **on_dibao(from_month="2026-01"),
        ),
        a_household(
            "h-2",
            a_person(4, name="李戊"),
            a_person(5, name="李己"),
            **on_dibao(decision_number="青民决〔2026〕3号", from_month="2026-01"),
        ),
        a_household("h-3", a_person(6, name="李庚")),
    ]
    await register.imported(a_csv(rows_of(*three)))
    found = register.rows("SELECT number, id::text FROM household")
    return {row["number"]: row["id"] for row in found}


async def merged(register: Register, home: str) -> None:
    """The other households are one with this."""
    walk = await Walk(register).open(category="change", household_id=home)
    for other in ("h-2", "h-3"):
        await walk.do(CHEN_HONG, "merge", household_number=other, **MERGE)
    await walk.paper(CHEN_HONG, "change-letter")
    if (await walk.do(CHEN_HONG, "submit"))["state"] == "surveying":
        await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", **DECISION)


async def changed(
    register: Register, home: str, act: str, since: str = "2026-10", **words: Any
) -> Walk:
    """A change between two townships, looked into where it may raise, and decided."""
    walk = await Walk(register).open(ALL_OVER, category="change", household_id=home)
    await walk.do(ALL_OVER, act, since=since, **words)
    await walk.paper(ALL_OVER, "change-letter", JPEG + str(uuid4()).encode())
    if (await walk.do(ALL_OVER, "submit"))["state"] == "surveying":
        for each in (await walk.look(ALL_OVER))["application"]["members"]:
            await walk.letter(each["key"], ALL_OVER)
        visit, today = str(uuid4()), register.app.state.clock.today().isoformat()
        seen = {"family_member": "李伟", "findings": "属实", "income_fen_yearly": 144000}
        await walk.do(ALL_OVER, "survey", survey_id=visit, visited_on=today, **seen)
        await walk.do(SIGNS, "sign-survey", survey_id=visit)
        await walk.do(ALL_OVER, "finish-survey")
        await walk.do(ALL_OVER, "compare", report_number="核〔2026〕8号", reported_on=today)
        await walk.do(ALL_OVER, "finish-comparison")
    await walk.do(PROPOSES, "propose", opinion="grant", reasons="属实")
    number = f"青民变〔2026〕{words.get('household_number', act)}号"
    await walk.do(HE_JUN, "confirm", decision_number=number, from_month=since)
    return walk


@pytest.mark.breaks("Nothing is left behind")
async def test_an_alert_about_it_leads_to_the_home_they_live_in(
    register: Register, homes: dict[str, str]
) -> None:
    await delivered(register, "vehicles", (id_number(5), "川A12345", "2026-09-01"))
    bill = (id_number(6), "v-1", "住院", "31000.00", "2026-08")
    await delivered(register, "hospital-bills", bill)
    await delivered(register, "deaths", (id_number(99), "2026-09-01"))
    await compared(register)
    raised = {each["kind"]: each for each in await alerts(register)}
    assert {each["household_id"] for each in raised.values()} == {homes["h-2"], homes["h-3"]}
    await merged(register, homes["h-1"])
    for kind, outcome, led_to in (
        ("alert_vehicles", "clear", "case"),
        ("alert_hospital", "start", "lead"),
    ):
        alert = raised[kind]
        await act(register, alert, MAKER, "assign", officer="liu-qiang")
        await act(register, alert, MAKER, "ask", asked_how="上门告知")
        await act(register, alert, OFFICER, "check", **CHECKED)
        later(register, 20)
        answer = await act(register, alert, HEAD, "act", outcome=outcome, reasons="属实")
        assert answer.status_code == 200, answer.text
        assert answer.json()["led_to"]["kind"] == led_to
    (exits,) = register.rows("SELECT household_id::text FROM case_file WHERE category = 'exit'")
    assert exits["household_id"] == homes["h-1"]
    (lead,) = register.rows(
        "SELECT name FROM register_entry JOIN person ON person.id::text = about WHERE kind = 'lead'"
    )
    assert lead["name"] == "李庚", "of whoever the bill is, not of who heads the home"


@pytest.mark.breaks("Nothing is left behind")
async def test_a_lead_about_it_is_followed_where_they_live(
    register: Register, homes: dict[str, str]
) -> None:
    leads = [Ledger(register, "lead"), Ledger(register, "lead")]
    for lead in leads:
        await lead.open(HERE, about=("household", homes["h-2"]), programme="tekun", **NEED)
        await lead.do(HERE, "contact", contacted_on="2026-09-25", findings="属实")
    await merged(register, homes["h-1"])
    await leads[0].do(HERE, "open-application")
    rows = register.rows("SELECT household_id::text FROM case_file WHERE category = 'tekun'")
    assert rows == [{"household_id": homes["h-1"]}]
    await leads[1].do(HERE, "pair")
    rows = register.rows("SELECT about FROM register_entry WHERE kind = 'pairing'")
    assert rows == [{"about": homes["h-1"]}]


async def test_who_was_paired_before_they_merged_stays_so(
    register: Register, homes: dict[str, str]
) -> None:
    lead = Ledger(register, "lead")
    await lead.open(HERE, about=("household", homes["h-2"]), programme="tekun", **NEED)
    await lead.do(HERE, "contact", contacted_on="2026-09-25", findings="属实")
    await Ledger(register, "pairing").open(HERE, about=("household", homes["h-2"]))
    await merged(register, homes["h-1"])
    await lead.do(HERE, "pair")
    rows = register.rows("SELECT about FROM register_entry WHERE kind = 'pairing'")
    assert rows == [{"about": homes["h-2"]}], "and none begins beside it"


async def test_what_was_asked_of_it_before_is_decided_of_the_months_they_lived_there(
    register: Register, homes: dict[str, str]
) -> None:
    ended = await Walk(register).open(category="exit", household_id=homes["h-2"])
    await ended.found("wrongly-in", ends="dibao", found_on="2026-09-20", findings="有房产")
    walk = await Walk(register).open(category="change", household_id=homes["h-2"])
    await walk.do(CHEN_HONG, "income", income_fen_monthly=15000, reason="务工")
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await merged(register, homes["h-1"])
    effect = (await walk.look())["effect"]
    assert effect["merged"] == {"into": "h-1", "until": "2026-09"}
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    number: dict[str, Any] = {"decision_number": "青民变〔2026〕79号"}
    answer = await walk.ask(HE_JUN, "confirm", **number, from_month="2026-10")
    assert answer.json()["type"] == "/problems/lives-elsewhere-now"
    assert answer.json()["household"] == "h-1"
    await walk.do(HE_JUN, "confirm", **number, from_month="2026-09")
    assert await owed(register, "2026-08", "dibao") == {"dibao": 52000}
    assert await owed(register, "2026-09", "dibao") == {"dibao": 49000}
    await ended.look()
    never: dict[str, Any] = {"decision_number": "青民退〔2026〕80号", "reasons": "不符合条件"}
    answer = await ended.ask(HE_JUN, "remove", **never, from_month="2026-10")
    assert answer.json()["type"] == "/problems/lives-elsewhere-now"
    await ended.do(HE_JUN, "remove", **never, from_month="2026-03")
    assert await owed(register, "2026-05", "dibao") == {"dibao": 26000}


async def test_what_was_refused_of_it_before_is_won_of_the_months_they_lived_there(
    register: Register, homes: dict[str, str]
) -> None:
    walk = await Walk(register).open(category="change", household_id=homes["h-2"])
    await walk.do(CHEN_HONG, "income", income_fen_monthly=7000, reason="失业")
    await walk.do(CHEN_HONG, "submit")
    await walk.looked_into(84000)
    await walk.do(ZHANG_LI, "propose", opinion="refuse", reasons="不属实")
    await walk.do(HE_JUN, "refuse", decision_number="青民变〔2026〕1号", reasons="不属实")
    await merged(register, homes["h-1"])
    appeal, found = await heard(walk), {"income_fen_monthly": 7000}
    answer = await appeal.ask(SUN_LEI, "win", **OUTCOME, **found, from_month="2026-10")
    assert answer.json()["type"] == "/problems/lives-elsewhere-now"
    joint = await owed(register, "2026-10", "dibao")
    await appeal.do(SUN_LEI, "win", **OUTCOME, **found, from_month="2026-09")
    assert await owed(register, "2026-09", "dibao") == {"dibao": 57000}
    assert await owed(register, "2026-10", "dibao") == joint


async def test_a_round_that_finds_it_gone_has_nothing_put_right(
    register: Register, homes: dict[str, str]
) -> None:
    round_id = await begun(register)
    await merged(register, homes["h-1"])
    in_month(register, 1)
    assert (await found(register, round_id, serial=2, finding="left")).status_code == 201
    answer = await signed(register, round_id, serial=2, finding="left")
    assert (answer.status_code, answer.json()["put_right"]) == (201, None)
    assert register.rows("SELECT id FROM case_file WHERE category = 'exit'") == []


@pytest.mark.breaks("Nothing is left behind")
async def test_what_is_open_of_who_died_alone_is_not_theirs_who_moved_out_before(
    register: Register,
) -> None:
    father = a_person(1, name="李父", id_number=id_number(1, "19400101"))
    here = a_household("h-1", father, a_person(2, name="李子"), **on_dibao())
    there = a_household("h-9", a_person(4, name="王妻"), village=OTHER_VILLAGE, **on_dibao())
    await register.imported(a_csv(rows_of(here, there)))
    rows = register.rows("SELECT number, id::text FROM household")
    homes = {row["number"]: row["id"] for row in rows}
    await delivered(register, "vehicles", (id_number(1, "19400101"), "川A12345", "2026-09-01"))
    await delivered(register, "deaths", (id_number(99), "2026-09-01"))
    await compared(register)
    (alert,) = await alerts(register)
    need = {**NEED, "name": "李父"}
    about = ("household", homes["h-1"])
    await Ledger(register, "lead").open(HERE, about=about, programme="tekun", **need)
    who = {"name": "李子", "relation": "配偶", "id_number": id_number(2)}
    await changed(register, homes["h-9"], "marriage", **who)
    in_month(register, 1)
    await buried(Walk(register, case={"household_id": homes["h-1"]}), "李父")
    assert register.rows("SELECT village FROM alert") == [{"village": VILLAGE}]
    assert register.rows("SELECT area FROM register_entry") == [{"area": VILLAGE}]
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    await act(register, alert, MAKER, "ask", asked_how="上门告知")
    await act(register, alert, OFFICER, "check", **CHECKED)
    later(register, 20)
    answer = await act(register, alert, HEAD, "act", outcome="clear", reasons="属实")
    assert answer.json()["type"] == "/problems/leads-nowhere"


@pytest.mark.breaks("Nothing is left behind")
@pytest.mark.parametrize("is_named", [False, True])
async def test_an_alert_about_it_leads_to_what_is_open_of_it(
    register: Register, homes: dict[str, str], is_named: bool
) -> None:
    bill = (id_number(6), "v-1", "住院", "31000.00", "2026-08")
    await delivered(register, "hospital-bills", bill)
    await delivered(register, "deaths", (id_number(99), "2026-09-01"))
    await compared(register)
    (alert,) = await alerts(register)
    need, about = {**NEED, "name": "李庚"}, ("household", homes["h-3"])
    lead = await Ledger(register, "lead").open(HERE, about=about, programme="tekun", **need)
    number = lead.entry["number"]
    await merged(register, homes["h-1"])
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    await act(register, alert, MAKER, "ask", asked_how="上门告知")
    await act(register, alert, OFFICER, "check", **CHECKED)
    later(register, 20)
    named = {"number": number} if is_named else {}
    answer = await act(register, alert, HEAD, "act", outcome="start", reasons="属实", **named)
    assert answer.status_code == 200, answer.text
    assert answer.json()["led_to"]["number"] == number


@pytest.mark.breaks("Nothing is left behind")
async def test_what_is_open_of_it_goes_on_with_the_home_they_live_in(register: Register) -> None:
    dibao = on_dibao(from_month="2026-01")
    three = [
        a_household("h-1", a_person(1, name="李乙"), **dibao),
        a_household("h-2", a_person(4, name="李戊"), village=OTHER_VILLAGE, **dibao),
        a_household("h-3", a_person(6, name="李庚"), village=OTHER_VILLAGE),
    ]
    await register.imported(a_csv(rows_of(*three)))
    rows = register.rows("SELECT number, id::text FROM household")
    homes = {row["number"]: row["id"] for row in rows}
    bill = (id_number(6), "v-1", "住院", "31000.00", "2026-08")
    await delivered(register, "hospital-bills", bill)
    await delivered(register, "deaths", (id_number(99), "2026-09-01"))
    await compared(register)
    there = staff("ma-chao", set(HERE.scopes), OTHER_VILLAGE[:9])
    need, about = {**NEED, "name": "李庚"}, ("household", homes["h-3"])
    await Ledger(register, "lead").open(there, about=about, programme="tekun", **need)

    def lies() -> set[Any]:
        tables = ("SELECT village FROM alert", "SELECT area AS village FROM register_entry")
        return {row["village"] for table in tables for row in register.rows(table)}

    await changed(register, homes["h-2"], "merge", household_number="h-3", head_relation="配偶")
    assert lies() == {OTHER_VILLAGE}
    in_month(register, 1)
    into = {"household_number": "h-2", "head_relation": "配偶", "since": "2026-11"}
    await changed(register, homes["h-1"], "merge", **into)
    assert lies() == {VILLAGE}
    walk = await Walk(register).open(category="change", household_id=homes["h-1"])
    proof = await walk.paper(CHEN_HONG, "household-register")
    today = register.app.state.clock.today().isoformat()
    moves = {"village": OTHER_VILLAGE, "address": "1组", "moved_on": today, "proof_id": proof}
    await walk.do(CHEN_HONG, "move-home", **moves)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number="青民变〔2026〕9号", from_month="2026-11")
    assert lies() == {OTHER_VILLAGE}
