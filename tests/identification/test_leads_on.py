"""Money that was found wrongly paid or missing has a case behind it, and each shows the other."""

from typing import Any, Final

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
    somebody_else,
    staff,
)
from tests.identification.ledgers import HEAD, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_changes import a_newcomer

KEEPER: Final = staff("xu-lan", HEAD | {"cases:read"}, VILLAGE[:9])
A_PROBLEM: Final[dict[str, Any]] = {
    "source": "audit",
    "problem": "家庭收入未核实",
    "owner": "zhou-jie",
    "due_on": "2026-10-30",
}


@pytest.fixture
def ledger(register: Register) -> Ledger:
    return Ledger(register, "rectification")


async def entries_of(register: Register, case_id: str) -> list[str]:
    found = (await register.get(f"/cases/{case_id}/dossier", KEEPER)).json()
    return [each["number"] for each in found["entries"]]


@pytest.mark.shows("S54")
@pytest.mark.breaks("What was acted on leads on")
@pytest.mark.parametrize(("money", "category"), [("wrongly-paid", "exit"), ("missing", "change")])
async def test_wrong_money_opens_its_case_and_is_mended_once_that_is_decided(
    ledger: Ledger, money: str, category: str
) -> None:
    register = ledger.register
    home = await a_known_household(register)
    await ledger.open(XU_LAN, about=("household", home), money=money, **A_PROBLEM)
    led = (await ledger.look(KEEPER))["leads_to"]
    case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    assert (case["category"], case["household_id"]) == (category, home)
    assert await entries_of(register, led["case_id"]) == [ledger.entry["number"]]
    second = await Ledger(register, "rectification").open(
        XU_LAN, about=("household", home), money=money, **A_PROBLEM
    )
    assert (await second.look(KEEPER))["leads_to"]["case_id"] == led["case_id"], "not a second one"
    await ledger.do(ZHOU_JIE, "plan", measure="复核")
    words = {
        "fixed_on": "2026-09-25",
        "evidence": "已复核",
        "evidence_id": await ledger.paper(ZHOU_JIE),
    }
    early = await ledger.ask(ZHOU_JIE, "fix", **words)
    assert early.json()["needs"] == ["its-case-is-over"]
    walk = Walk(register, category, case=case)
    await walk.do(HE_JUN, "dismiss", reasons="已核实，与实际相符")
    await ledger.look(ZHOU_JIE)
    await ledger.do(ZHOU_JIE, "fix", **words)


async def test_money_that_is_found_later_or_elsewhere_is_linked_only_to_their_own_case(
    ledger: Ledger,
) -> None:
    register = ledger.register
    nobody = await ledger.ask_to_open(XU_LAN, money="missing", **A_PROBLEM)
    assert nobody.json()["type"] == "/problems/nobodys-money"
    refused = await Walk(register).refused()
    await ledger.open(XU_LAN, about=("case", refused.case["case_id"]), **A_PROBLEM)
    assert (await ledger.look(KEEPER))["leads_to"] is None
    other = await Walk(register).open()
    await other.do(CHEN_HONG, "write", application=an_application(members=[somebody_else()]))
    theirs = await ledger.ask(XU_LAN, "link-case", receipt=other.case["receipt"])
    assert theirs.json()["type"] == "/problems/not-their-case"
    await ledger.do(XU_LAN, "find-money", money="missing")
    led = (await ledger.look(KEEPER))["leads_to"]
    again = (await register.get(f"/cases/{led['case_id']}", HE_JUN)).json()
    assert again["application"]["members"][0]["name"] == "李伟", "as they asked before"
    tekun = await Walk(register, "tekun").open()
    await tekun.do(CHEN_HONG, "write", application=an_application())
    dropped = await ledger.ask(XU_LAN, "link-case", receipt=tekun.case["receipt"])
    assert dropped.json()["type"] == "/problems/its-case-is-open"
    own = Walk(register, case=again)
    await own.do(CHEN_HONG, "withdraw", letter_id=await own.paper(CHEN_HONG, "withdrawal"))
    await ledger.do(XU_LAN, "link-case", receipt=tekun.case["receipt"])
    assert (await ledger.look(KEEPER))["leads_to"]["receipt"] == tekun.case["receipt"]


@pytest.mark.breaks("What was acted on leads on")
async def test_money_is_mended_by_no_case_that_is_not_about_it(ledger: Ledger) -> None:
    register = ledger.register
    home = await a_known_household(register)
    before = await a_change(register, home)
    await before.do(WANG_FANG, "withdraw", letter_id=await before.paper(CHEN_HONG, "withdrawal"))
    birth = await a_change(register, home)
    leaving = await Walk(register).open(category="exit", household_id=home)
    later(register, 1)
    await ledger.open(XU_LAN, about=("household", home), money="missing", **A_PROBLEM)
    led = (await ledger.look(KEEPER))["leads_to"]
    assert led["receipt"] != birth.case["receipt"], "what is under way is about something else"
    for wrong in (before, leaving):
        answer = await ledger.ask(XU_LAN, "link-case", receipt=wrong.case["receipt"])
        assert answer.json()["type"] == "/problems/not-what-mends-it"
    case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    answer = await Walk(register, "change", case=case).ask(CHEN_HONG, "withdraw")
    assert answer.json()["needs"] == ["households-matter"], "an official takes nothing back of it"


async def test_what_is_found_wrong_beside_another_leaving_has_one_of_its_own(
    ledger: Ledger,
) -> None:
    register = ledger.register
    home = await a_known_household(register, old_age="是")
    wrong: dict[str, Any] = {"about": ("household", home), "money": "wrongly-paid", **A_PROBLEM}
    await ledger.open(XU_LAN, **wrong)
    led = (await ledger.look(KEEPER))["leads_to"]
    case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    found = {"found_on": "2026-09-20", "rests_on": "age", "findings": "年龄有误"}
    person = case["application"]["members"][0]["key"]
    await Walk(register, "exit", case=case).do(
        ZHANG_LI, "ground-gone", ends="old-age", person_key=person, **found
    )
    second = await Ledger(register, "rectification").open(XU_LAN, **wrong)
    own = (await second.look(KEEPER))["leads_to"]
    assert own["case_id"] != led["case_id"], "that one ends the allowance for old age"
    assert (await register.get(f"/cases/{own['case_id']}", CHEN_HONG)).json()["state"] == "open"
    third = await Ledger(register, "rectification").open(XU_LAN, **wrong)
    assert (await third.look(KEEPER))["leads_to"]["case_id"] == own["case_id"]


async def test_what_one_person_is_owed_is_mended_by_nobody_elses_case(ledger: Ledger) -> None:
    register = ledger.register
    await a_known_household(register)
    own = id_number(1)
    await ledger.open(XU_LAN, about=("person", own), money="missing", **A_PROBLEM)
    led = (await ledger.look(KEEPER))["leads_to"]
    change = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    await Walk(register, "change", case=change).do(HE_JUN, "dismiss", reasons="应另行申请")
    people = (("a", "李乙", 1, "户主"), ("b", "李丙", 2, "子女"))
    members = [
        {"key": key, "name": name, "id_number": id_number(number), "relation": relation}
        for key, name, number, relation in people
    ]
    for whose, status in (("b", 409), ("a", 200)):
        walk = await Walk(register, "disability").open()
        application = an_application(members=members, whose=whose)
        await walk.do(CHEN_HONG, "write", application=application)
        answer = await ledger.ask(XU_LAN, "link-case", receipt=walk.case["receipt"])
        assert answer.status_code == status, answer.text


@pytest.mark.shows("S54")
@pytest.mark.breaks("What was acted on leads on")
async def test_what_was_wrongly_paid_is_mended_by_no_change_that_moves_no_money(
    ledger: Ledger,
) -> None:
    register = ledger.register
    home = await a_known_household(register)
    await ledger.open(XU_LAN, about=("household", home), money="wrongly-paid", **A_PROBLEM)
    led = (await ledger.look(KEEPER))["leads_to"]
    named = await Walk(register).open(category="change", household_id=home)
    await ledger.do(ZHOU_JIE, "plan", measure="复核")
    early = await ledger.ask(ZHOU_JIE, "link-case", receipt=named.case["receipt"])
    assert early.json()["type"] == "/problems/its-case-is-open", "the leaving is to be decided"
    leaving = Walk(register, "exit")
    leaving.case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    await leaving.do(HE_JUN, "dismiss", reasons="与实际相符")
    person = (await named.look())["application"]["members"][1]["key"]
    await named.do(CHEN_HONG, "relation", person_key=person, relation="配偶")
    refused = await ledger.ask(ZHOU_JIE, "link-case", receipt=named.case["receipt"])
    assert refused.json()["type"] == "/problems/not-what-mends-it"
    birth = await a_change(register, home)
    refused = await ledger.ask(ZHOU_JIE, "link-case", receipt=birth.case["receipt"])
    assert refused.json()["type"] == "/problems/not-what-mends-it", "it may raise what is paid"


@pytest.mark.breaks("What was acted on leads on")
async def test_a_change_that_was_named_empty_mends_nothing_if_it_comes_to_no_money(
    ledger: Ledger,
) -> None:
    register = ledger.register
    home = await a_known_household(register)
    await ledger.open(XU_LAN, about=("household", home), **A_PROBLEM)
    named = await Walk(register).open(category="change", household_id=home)
    await ledger.do(XU_LAN, "link-case", receipt=named.case["receipt"])
    await ledger.do(ZHOU_JIE, "plan", measure="复核")
    person = (await named.look())["application"]["members"][1]["key"]
    await named.do(CHEN_HONG, "relation", person_key=person, relation="配偶")
    await named.paper(CHEN_HONG, "change-letter")
    await named.do(CHEN_HONG, "submit")
    await named.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await named.do(HE_JUN, "confirm", decision_number="青民变〔2026〕12号", from_month="2026-10")
    mended = await ledger.paper(ZHOU_JIE)
    words = {"fixed_on": "2026-09-25", "evidence": "已改", "evidence_id": mended}
    found = await Ledger(register, "rectification").open(
        XU_LAN, about=("household", home), money="missing", **A_PROBLEM
    )
    own = Walk(register, "change")
    led = (await found.look(KEEPER))["leads_to"]
    own.case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    await own.do(HE_JUN, "dismiss", reasons="已核实")
    await found.look(ZHOU_JIE)
    refused = await found.ask(ZHOU_JIE, "link-case", receipt=named.case["receipt"])
    assert refused.json()["type"] == "/problems/not-what-mends-it"
    await ledger.do(ZHOU_JIE, "fix", **words)  # Where no money is wrong, any will do.


@pytest.mark.breaks("What was acted on leads on")
@pytest.mark.parametrize(
    ("income_fen_monthly", "mends"), [(20_000, False), (100, True)], ids=["higher", "lower"]
)
async def test_what_is_missing_is_mended_by_no_income_that_is_higher(
    ledger: Ledger, income_fen_monthly: int, mends: bool
) -> None:
    register = ledger.register
    home = await a_known_household(register)
    await ledger.open(XU_LAN, about=("household", home), money="missing", **A_PROBLEM)
    own = Walk(register, "change")
    led = (await ledger.look(KEEPER))["leads_to"]
    own.case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    await own.do(HE_JUN, "dismiss", reasons="已核实")
    change = await Walk(register).open(category="change", household_id=home)
    await change.do(CHEN_HONG, "income", income_fen_monthly=income_fen_monthly, reason="工资有变")
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await ledger.look(ZHOU_JIE)
    answer = await ledger.ask(ZHOU_JIE, "link-case", receipt=change.case["receipt"])
    assert answer.is_success == mends, answer.text
    if not mends:
        assert answer.json()["type"] == "/problems/not-what-mends-it"


@pytest.mark.breaks("What was acted on leads on")
async def test_what_is_missing_is_mended_by_no_application_that_lapsed(ledger: Ledger) -> None:
    register = ledger.register
    refused = await Walk(register).refused()
    words = A_PROBLEM | {"due_on": "2027-03-30"}
    await ledger.open(XU_LAN, about=("case", refused.case["case_id"]), money="missing", **words)
    led = (await ledger.look(KEEPER))["leads_to"]
    case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    walk = Walk(register, case=case)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    later(register, 60)
    await walk.do(HE_JUN, "lapse", decision_number="青民终〔2026〕1号", reasons="未补正")
    await ledger.look(ZHOU_JIE)
    await ledger.do(ZHOU_JIE, "plan", measure="复核")
    mended = {
        "fixed_on": "2026-10-25",
        "evidence": "x",
        "evidence_id": await ledger.paper(ZHOU_JIE),
    }
    early = await ledger.ask(ZHOU_JIE, "fix", **mended)
    assert early.json()["needs"] == ["its-case-is-over"]


async def a_change(register: Register, home: str) -> Walk:
    """A change of theirs that reports a birth."""
    walk = await Walk(register).open(category="change", household_id=home)
    await walk.do(CHEN_HONG, "birth", **a_newcomer())
    await walk.do(CHEN_HONG, "submit")
    return walk
