"""Whoever is near to whom a complaint is about, or what is to be mended, leaves it to another."""

from typing import Any, Final

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import Walk, a_known_household
from tests.identification.ledgers import GAO_FEI, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_complaints import A_CLUE
from tests.identification.test_relatives import filed

TODAY: Final = "2026-09-25"
NOT_SO: Final = {"checked_on": TODAY, "findings": "不属实", "founded": "unfounded"}
TOLD: Final = {"answer": "不属实", "answered_on": TODAY, "answered_by": "letter"}
A_PROBLEM: Final = {
    "source": "audit",
    "problem": "收入未核实",
    "owner": "zhou-jie",
    "due_on": "2026-12-10",
}


async def near(register: Register, *officers: Caller) -> None:
    """The head of the household is a cousin of these."""
    for each in officers:
        allowed = Caller(
            each.subject, each.kind, each.county, each.person,
            each.scopes | {"cases:read"}, each.areas,
        )  # fmt: skip
        await filed(Walk(register), allowed, id_number(1))


async def is_left_to_another(ledger: Ledger, by: Caller, act: str, **words: Any) -> None:
    """Whether an act is refused because it is about a relative."""
    answer = await ledger.ask(by, act, **words)
    assert answer.json()["needs"] == ["not-a-relative"], act


@pytest.mark.shows("S50", "S53")
@pytest.mark.breaks("A relative settles no complaint")
@pytest.mark.parametrize("about", ["household", "person", "case"])
async def test_a_complaint_is_looked_into_and_settled_by_nobody_near_to_whom_it_is_about(
    register: Register, about: str
) -> None:
    if about == "case":
        which = (await Walk(register).accepted()).case["case_id"]
    else:
        home = await a_known_household(register)
        which = home if about == "household" else id_number(1)
    await near(register, XU_LAN)
    ledger = Ledger(register, "complaint")
    words = A_CLUE | {"accused_kind": "household"}
    await ledger.open(GAO_FEI, about=(about, which), **words)
    await ledger.do(GAO_FEI, "register")
    await ledger.do(GAO_FEI, "assign", owner="xu-lan")
    await is_left_to_another(ledger, XU_LAN, "check", **NOT_SO)
    await ledger.do(XU_LAN, "hand-on", owner="zhou-jie", reason="回避")
    await ledger.do(ZHOU_JIE, "check", **NOT_SO)
    await ledger.do(ZHOU_JIE, "hand-on", owner="xu-lan", reason="换人")
    await is_left_to_another(ledger, XU_LAN, "answer", **TOLD)
    await ledger.do(XU_LAN, "hand-on", owner="zhou-jie", reason="回避")
    await ledger.do(ZHOU_JIE, "answer", **TOLD)
    await is_left_to_another(ledger, XU_LAN, "close")
    await ledger.do(GAO_FEI, "close")


@pytest.mark.breaks("A relative settles no complaint")
async def test_what_the_discipline_inspection_replies_is_recorded_by_nobody_near(
    register: Register,
) -> None:
    home = await a_known_household(register)
    await near(register, XU_LAN)
    ledger = Ledger(register, "complaint")
    await ledger.open(GAO_FEI, about=("household", home), **A_CLUE)
    await ledger.do(GAO_FEI, "register")
    paper = {"transferred_on": TODAY, "transfer_paper": "移〔2026〕1号"}
    await ledger.do(GAO_FEI, "transfer", body="township-discipline", **paper)
    reply = {"reply": "不属实", "founded": "unfounded"}
    await is_left_to_another(ledger, XU_LAN, "take-reply", **reply)
    await ledger.do(GAO_FEI, "take-reply", **reply)


@pytest.mark.shows("S50", "S54")
@pytest.mark.breaks("A relative settles no complaint")
async def test_what_is_to_be_mended_is_settled_by_nobody_near_to_whom_it_is_about(
    register: Register,
) -> None:
    home = await a_known_household(register)
    await near(register, XU_LAN, ZHOU_JIE)
    item = Ledger(register, "rectification")
    await item.open(GAO_FEI, about=("household", home), **A_PROBLEM)
    await item.do(ZHOU_JIE, "plan", measure="复核")
    mended = {"fixed_on": TODAY, "evidence": "x", "evidence_id": await item.paper(ZHOU_JIE)}
    await is_left_to_another(item, ZHOU_JIE, "fix", **mended)
    await item.do(GAO_FEI, "hand-on", owner="gao-fei", reason="回避")
    await item.do(GAO_FEI, "fix", **mended)
    await is_left_to_another(item, XU_LAN, "cancel", checked="在")
    await is_left_to_another(item, XU_LAN, "send-back", reason="缺")
