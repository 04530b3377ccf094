"""A part in dispute is held until the case decides that it led to, and paid where it was wrong."""

from datetime import datetime
from typing import Any, Final

from tests.identification.caseworkers import CHEN_HONG, FANG_TING, HE_JUN, SUN_LEI, ZHANG_LI, Walk
from tests.identification.citizens import Phone, own
from tests.identification.ledgers import GAO_FEI
from tests.identification.lists import MAKER, a_register, officer
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_alert_outcomes import acted, checked, home, refusal
from tests.identification.test_alerts import CHECKED, HEAD, act
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import told
from tests.identification.test_exits import RISEN
from tests.identification.test_own_changes import on_record

OTHER: Final = officer("sun-yu", "alerts:check", "alerts:read")
"""Who looks again, after another."""
NUMBER: Final = "青民退〔2026〕1号"


def settled(register: Register) -> list[bool]:
    """Of each end of a dispute that was told, whether it was upheld."""
    return [each["body"]["upheld"] for each in register.told("dispute-settled")]


async def case_of(register: Register, led: dict[str, Any]) -> Walk:
    """The case an alert led to."""
    walk = Walk(register, case={"case_id": led["id"]})
    await walk.look()
    return walk


async def died(leaving: Walk, person_key: str, from_month: str = "2026-10") -> None:
    """A leaving decides that somebody is dead."""
    await leaving.do(CHEN_HONG, "death", person_key=person_key, died_on="2026-09-02")
    await leaving.paper(CHEN_HONG, "finding-proof")
    await leaving.do(HE_JUN, "end", decision_number=NUMBER, from_month=from_month)


async def fading(leaving: Walk) -> None:
    """A leaving that found an income above the standard decides that it fades out."""
    await leaving.do(HE_JUN, "fade", decision_number="青民退〔2026〕9号")


async def taken_out(change: Walk, person_key: str, from_month: str = "2026-10") -> None:
    """A change decides that somebody in prison no longer counts."""
    words = {"why": "prison", "away_from": "2026-09-02", "proof": "判决书"}
    await change.do(CHEN_HONG, "away", person_key=person_key, **words)
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": "青民变〔2026〕2号", "from_month": from_month}
    await change.do(HE_JUN, "confirm", **words)


async def test_a_death_is_upheld_by_the_leaving_that_decides_it_and_not_before(
    register: Register,
) -> None:
    people = await a_register(register)
    alert = (await checked(register, ("deaths", (id_number(2), "2026-09-02"))))["alert_death"]
    idle = await Walk(register).open(category="exit", household_id=home(register, "h-1"))
    await idle.do(HE_JUN, "dismiss", reasons="查无此情")
    why = await refusal(register, alert, "clear", number=idle.case["receipt"])
    assert why == "/problems/not-for-this-alert", "nothing was changed by it"
    leaving = await case_of(register, (await acted(register, alert, "clear"))["led_to"])
    assert settled(register) == [], "nobody has decided anything"
    await died(leaving, people[id_number(2)])
    (event,) = register.told("dispute-settled")
    said = event["body"]
    assert (said["dispute_id"], said["person_id"], said["upheld"]) == (
        alert["alert_id"], people[id_number(2)], True,
    )  # fmt: skip
    decided = await told(register)
    assert datetime.fromisoformat(said["decided_at"]) == decided.recorded_at
    # What a hearing sets aside is in dispute again.
    appeal = await lodged(leaving)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    first, again = (each["body"] for each in register.told("person-disputed"))
    assert again["dispute_id"] == first["dispute_id"]
    there = [each.until for each in (await told(register)).members]
    assert there == [None, None], "nobody is dead by a decision that is none"
    await leaving.look()
    await leaving.do(FANG_TING, "dismiss", reasons="人还在")
    assert settled(register) == [True, False]


async def test_an_income_that_rose_upholds_no_death_and_the_leaving_for_it_is_another(
    register: Register,
) -> None:
    people = await a_register(register)
    risen = await Walk(register).open(category="exit", household_id=home(register, "h-1"))
    await risen.look()
    alert = (await checked(register, ("deaths", (id_number(2), "2026-09-02"))))["alert_death"]
    leaving = await case_of(register, (await acted(register, alert, "clear"))["led_to"])
    assert leaving.case["receipt"] == risen.case["receipt"], "it may be found in that one yet"
    # Found there is something else: once that is decided, the alert is to be acted on again.
    await risen.found("over-standard", **RISEN)
    await fading(risen)
    assert settled(register) == []
    (back,) = (await register.get("/alerts", MAKER, state="checked")).json()["items"]
    assert (back["alert_id"], back["led_to"]) == (alert["alert_id"], None)
    why = await refusal(register, back, "clear", number=risen.case["receipt"])
    assert why == "/problems/not-for-this-alert", "what fades out is paid still"
    leaving = await case_of(register, (await acted(register, back, "clear"))["led_to"])
    assert leaving.case["receipt"] != risen.case["receipt"]
    await died(leaving, people[id_number(2)])
    assert settled(register) == [True]
    dead = register.rows("SELECT id FROM person WHERE died_on = '2026-09-02'")
    assert [str(each["id"]) for each in dead] == [people[id_number(2)]]


async def test_a_leaving_about_an_income_gives_back_nothing_of_a_death(register: Register) -> None:
    await a_register(register)
    alert = (await checked(register, ("deaths", (id_number(2), "2026-09-02"))))["alert_death"]
    leaving = await case_of(register, (await acted(register, alert, "clear"))["led_to"])
    await leaving.found("over-standard", **RISEN)
    await leaving.do(FANG_TING, "dismiss", reasons="收入未超标")
    assert settled(register) == [], "nobody looked whether they are dead"
    (back,) = (await register.get("/alerts", MAKER, state="checked")).json()["items"]
    assert back["alert_id"] == alert["alert_id"]


async def test_a_decision_about_somebody_else_settles_nothing_and_the_alert_comes_back(
    register: Register,
) -> None:
    people = await a_register(register)
    prison = ("prisoners", (id_number(2), "2026-09-02", ""))
    alert = (await checked(register, prison))["alert_custody"]
    leaving = await case_of(register, (await acted(register, alert, "clear"))["led_to"])
    assert (await act(register, alert, HEAD, "close")).json()["state"] == "closed"
    await died(leaving, people[id_number(1)])
    assert settled(register) == []
    (back,) = (await register.get("/alerts", MAKER, state="checked")).json()["items"]
    assert (back["alert_id"], back["outcome"], back["led_to"]) == (alert["alert_id"], None, None)
    assert back["state_due_on"] is not None
    shown = (await register.get(f"/alerts/{alert['alert_id']}", HEAD)).json()
    assert shown["history"][-1]["words"] == {"case": leaving.case["receipt"]}
    await act(register, alert, MAKER, "assign", officer="sun-yu")
    await act(register, alert, OTHER, "check", **{**CHECKED, "found": "not-so"})
    assert (await act(register, alert, HEAD, "dismiss", reasons="同名")).status_code == 200
    assert settled(register) == [False]


async def test_where_a_prisoners_family_is_helped_a_change_takes_the_prisoner_out_of_the_count(
    register: Register,
) -> None:
    people = await a_register(register)
    prison = ("prisoners", (id_number(2), "2026-09-02", ""))
    alert = (await checked(register, prison))["alert_custody"]
    shown = await acted(register, alert, "help")
    assert (shown["state"], shown["led_to"]["kind"]) == ("watched", "case")
    (lead,) = (await register.get("/registers/lead", GAO_FEI)).json()["items"]
    assert lead["state"] == "lead", "the family is helped as well"
    away = await case_of(register, shown["led_to"])
    assert (away.case["category"], settled(register)) == ("change", [])
    # A decision about somebody else leaves the prisoner's part where it is.
    leaving = await Walk(register).open(category="exit", household_id=home(register, "h-1"))
    await died(leaving, people[id_number(1)])
    assert settled(register) == []
    await taken_out(away, people[id_number(2)])
    (event,) = register.told("dispute-settled")
    decided = await told(register)
    said = event["body"]
    assert (said["dispute_id"], said["upheld"]) == (alert["alert_id"], True)
    assert datetime.fromisoformat(said["decided_at"]) == decided.recorded_at


async def test_who_counts_no_more_needs_no_change_where_the_family_is_helped(
    register: Register,
) -> None:
    people = await a_register(register)
    prison = ("prisoners", (id_number(2), "2026-09-02", ""))
    alert = (await checked(register, prison))["alert_custody"]
    walk = await Walk(register).open(category="change", household_id=home(register, "h-1"))
    await taken_out(walk, people[id_number(2)], "2026-10")
    assert (await acted(register, alert, "help"))["led_to"]["kind"] == "lead"
    (event,) = register.told("dispute-settled")
    assert (event["body"]["upheld"], event["body"]["ended_from"]) == (True, "2026-10")


async def test_an_alert_leads_to_no_change_that_was_not_handed_in(register: Register) -> None:
    await a_register(register)
    prison = ("prisoners", (id_number(2), "2026-09-02", ""))
    alert = (await checked(register, prison))["alert_custody"]
    (row,) = register.rows(f"SELECT name FROM person WHERE id = '{alert['person_id']}'")  # noqa: S608  # A test's own word.
    phone = Phone(register, await on_record(register, row["name"]))
    begun = (await phone.post("/my/cases", {"category": "change"})).json()
    away = await case_of(register, (await acted(register, alert, "help"))["led_to"])
    assert away.case["category"] == "change"
    assert away.case["case_id"] != begun["case_id"], "that is theirs, and may never come"


async def test_a_citizen_reads_what_is_held_of_them_as_it_is(register: Register) -> None:
    """Held though the alert is closed, until the exit is decided; and no longer once dismissed."""
    people = await a_register(register)
    lists = (
        ("deaths", (id_number(2), "2026-09-02")),
        ("prisoners", (id_number(1), "2026-09-02", "")),
    )
    found = await checked(register, *lists)
    death, prison = found["alert_death"], found["alert_custody"]
    me = own(people[id_number(1)], "my:read")

    async def held(alert: dict[str, Any]) -> bool:
        told: bool = (await register.get(f"/my/alerts/{alert['alert_id']}", me)).json()["holds"]
        return told

    leaving = await case_of(register, (await acted(register, death, "clear"))["led_to"])
    await act(register, death, HEAD, "close")
    assert await held(death)
    await died(leaving, people[id_number(2)])
    assert not await held(death)
    await act(register, prison, MAKER, "assign", officer="sun-yu")
    await act(register, prison, OTHER, "check", **{**CHECKED, "found": "not-so"})
    assert await held(prison)
    await act(register, prison, HEAD, "dismiss", reasons="同名")
    assert not await held(prison)
