"""Who lets go of what was begun: the household of what it asked for, and of what an office found
somebody else than who found it.
"""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    LIU_QIANG,
    SUN_LEI,
    TAN_YAN,
    WANG_FANG,
    YANG_MEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    later,
    staff,
)
from tests.identification.citizens import Phone
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_own_changes import POORER, begun, on_record
from tests.identification.test_reviews import found, known, the_review

__all__ = ["known"]  # A fixture.
NOTHING: dict[str, Any] = {"reasons": "同名他人的收入"}


async def reviewed(known: Register, leads_to: str) -> Walk:
    """The case a review of Wang Fang's opened, of whoever it found to earn otherwise."""
    review = await the_review(known)
    income = 60_000 if leads_to == "change" else 12_000_000
    await found(review, income, "find-changed", found=leads_to)
    (row,) = known.rows(f"SELECT id FROM case_file WHERE category = '{leads_to}'")  # noqa: S608  # A test's own word.
    walk = Walk(known, case={"case_id": str(row["id"])})
    await walk.look(CHEN_HONG)
    return walk


@pytest.mark.breaks("A review leads on")
async def test_what_a_review_found_is_withdrawn_by_nobody_and_dismissed_by_another(
    known: Register,
) -> None:
    walk = await reviewed(known, "change")
    assert "withdraw" not in {each["act"] for each in walk.case["acts"]}
    letter = await walk.paper(CHEN_HONG, "withdrawal")
    for by in (CHEN_HONG, ZHANG_LI):
        answer = await walk.ask(by, "withdraw", letter_id=letter)
        assert answer.json()["needs"] == ["households-matter"]
    finder = staff("wang-fang", {"cases:read", "cases:accept", "cases:decide"})
    answer = await walk.ask(finder, "dismiss", **NOTHING)
    assert answer.json()["needs"] == ["not-the-opener", "not-the-requester"]
    answer = await walk.ask(finder, "start-over")
    assert answer.json()["needs"] == ["by-another-where-found"]
    answer = await walk.ask(TAN_YAN, "dismiss", **NOTHING)
    assert answer.json()["needs"] == ["authority-of-its-day"]
    assert (await walk.do(HE_JUN, "dismiss", **NOTHING))["state"] == "kept"


@pytest.mark.breaks("A review leads on")
@pytest.mark.parametrize("leads_to", ["change", "exit"])
async def test_what_a_review_opened_waits_with_a_clock(known: Register, leads_to: str) -> None:
    walk = await reviewed(known, leads_to)
    days = known.app.state.casework.add_workdays(known.app.state.clock.today(), 5)
    assert walk.case["state_due_on"] == days.isoformat()
    later(known, 20)
    late = (await known.get("/cases", CHEN_HONG, overdue=True)).json()["items"]
    assert walk.case["receipt"] in [each["receipt"] for each in late]


@pytest.mark.breaks("A review leads on")
async def test_who_opened_a_leaving_does_not_find_that_there_is_nothing_in_it(
    known: Register,
) -> None:
    walk = await reviewed(known, "exit")
    finder = staff("wang-fang", {"cases:read", "cases:decide"})
    assert (await walk.ask(finder, "dismiss", **NOTHING)).json()["needs"] == ["not-the-opener"]
    assert (await walk.do(HE_JUN, "dismiss", **NOTHING))["state"] == "kept"


@pytest.mark.breaks("Nothing ends on one word")
async def test_what_was_sent_back_is_theirs_to_withdraw_as_it_was_before(
    register: Register,
) -> None:
    phone = await begun(register)
    await phone.act("income", **POORER)
    await phone.act("submit")
    walk = await phone.officers()
    await walk.do(ZHANG_LI, "describe-again", reason="收入写错了")
    assert walk.case["state_due_on"] is None, "it is the household's turn"
    assert "dismiss" not in {each["act"] for each in (await walk.look(HE_JUN))["acts"]}
    for by in (YANG_MEI, WANG_FANG):
        answer = await walk.ask(by, "withdraw")
        assert answer.json()["needs"] == ["withdrawn-by-the-applicant"]
    assert (await phone.act("withdraw")).json()["state"] == "withdrawn"


async def risen(register: Register) -> Walk:
    """A change an official handed in: somebody earns more than was decided."""
    household = await a_known_household(register)
    walk = await Walk(register).open(CHEN_HONG, category="change", household_id=household)
    await walk.do(WANG_FANG, "income", income_fen_monthly=50_000, reason="外出务工")
    assert (await walk.do(WANG_FANG, "submit"))["state"] == "surveying"
    return walk


@pytest.mark.breaks("Nothing ends on one word")
async def test_what_an_official_found_is_neither_the_households_to_withdraw_nor_theirs_to_drop(
    register: Register,
) -> None:
    walk = await risen(register)
    head = Phone(register, await on_record(register, "李乙"))
    head.case = {"case_id": walk.case["case_id"]}
    assert "withdraw" not in {each["act"] for each in (await head.look())["acts"]}
    assert (await head.act("withdraw")).json()["needs"] == ["households-matter"]
    sent_back = await walk.do(ZHANG_LI, "describe-again", reason="工资是别人的")
    assert sent_back["state_due_on"] is not None, "it is the office's turn"
    answer = await walk.ask(WANG_FANG, "withdraw")
    assert answer.json()["needs"] == ["households-matter", "withdrawn-by-the-applicant"]
    assert (await walk.ask(WANG_FANG, "start-over")).json()["needs"] == ["by-another-where-found"]
    await walk.do(LIU_QIANG, "start-over")
    assert (await walk.do(FANG_TING, "dismiss", **NOTHING))["state"] == "kept"


async def test_who_decided_withdraws_no_appeal_that_is_only_begun(register: Register) -> None:
    walk = Walk(register)
    await walk.refused()
    appeal = Walk(register)
    await appeal.open(category="appeal", about_case_id=walk.case["case_id"], village=None)
    decider = staff("he-jun", {"cases:read", "cases:review"})
    answer = await appeal.ask(decider, "withdraw")
    assert answer.json()["needs"] == ["withdrawn-by-the-applicant"]
    assert (await appeal.do(YANG_MEI, "withdraw"))["state"] == "withdrawn", "begun by mistake"


@pytest.mark.breaks("Nothing ends on one word")
async def test_what_was_granted_and_set_aside_is_decided_again_and_not_withdrawn(
    register: Register,
) -> None:
    walk = Walk(register)
    await walk.confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕901号")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await walk.look()
    letter = await walk.paper(CHEN_HONG, "withdrawal")
    answer = await walk.ask(WANG_FANG, "withdraw", letter_id=letter)
    assert answer.json()["needs"] == ["not-to-be-decided-again"]
    await walk.do(FANG_TING, "confirm", decision_number="青民决〔2026〕902号")
