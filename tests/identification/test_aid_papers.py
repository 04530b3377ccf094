"""Papers of temporary assistance: letters and a report before the rest is decided, never before
help in an emergency."""

from typing import Any

import pytest

from tests.identification.caseworkers import CHEN_HONG, HE_JUN, WANG_FANG, ZHANG_LI, Walk, later
from tests.identification.register import Register
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    approved,
    papers,
    proposed,
    register_with,
    reported,
    today,
)

ASKED: dict[str, Any] = {"missing": ["户口簿"]}
OPINION: dict[str, Any] = {
    "opinion": "grant", "amount_fen": 50000, "stages": 1, "reasons": "符合条件"
}  # fmt: skip


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register_with(register, **LIMITS))


async def test_a_small_sum_goes_the_simple_way_and_a_larger_one_does_not(walk: Walk) -> None:
    await reported(walk, kind="expenditure", cause="illness")
    await walk.do(WANG_FANG, "accept")
    form = await walk.paper(WANG_FANG, "application-form")
    answer = await walk.ask(WANG_FANG, "complete-papers", form_id=form)
    assert answer.json()["needs"] == ["visited-or-simple", "adults-authorised"]
    await papers(walk, simple=True)
    words: dict[str, Any] = {"opinion": "grant", "stages": 1, "reasons": "符合条件"}
    answer = await walk.ask(ZHANG_LI, "propose", amount_fen=50001, **words)
    assert answer.json()["needs"] == ["small-if-simple"]
    await proposed(walk, 50000)
    await approved(walk, ZHAO_GANG)


async def test_in_an_emergency_nobody_waits_for_papers(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    answer = await walk.ask(WANG_FANG, "want-papers", **ASKED)
    assert answer.json()["needs"] == ["helped-before-papers"]
    words = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-7"}
    await walk.do(ZHANG_LI, "advance", **words)
    assert (await walk.do(WANG_FANG, "want-papers", **ASKED))["state"] == "papers-wanted"
    assert (await walk.do(CHEN_HONG, "bring-papers"))["state"] == "advanced"


async def test_what_was_paid_first_stays_paid_and_counts_where_the_papers_never_come(
    walk: Walk,
) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    words: dict[str, Any] = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-7"}
    await walk.do(ZHANG_LI, "advance", **words)
    await walk.do(WANG_FANG, "want-papers", **ASKED)
    later(walk.register, 60)
    ended = {"decision_number": "救终〔2026〕1号", "reasons": "期满未补手续"}
    assert (await walk.do(HE_JUN, "lapse", **ended))["state"] == "lapsed"
    again = await reported(Walk(walk.register))
    await again.do(WANG_FANG, "accept")
    words["paid_on"] = today(walk)
    answer = await again.ask(ZHANG_LI, "advance", **words)
    assert answer.json()["type"] == "/problems/helped-before"


async def test_what_is_left_after_help_first_rests_on_letters_and_a_report(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    words = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-7"}
    await walk.do(ZHANG_LI, "advance", **words)
    await walk.do(WANG_FANG, "simplify", reason="情况已掌握")
    form = await walk.paper(WANG_FANG, "application-form")
    answer = await walk.ask(WANG_FANG, "complete-papers", form_id=form)
    assert answer.json()["needs"] == ["adults-authorised"]
    await walk.authorise()
    await walk.do(WANG_FANG, "complete-papers", form_id=form)
    said = {**OPINION, "amount_fen": 60001}
    answer = await walk.ask(ZHANG_LI, "propose", **said)
    assert set(answer.json()["needs"]) == {"compared", "small-if-simple"}


async def test_what_was_hit_is_answered_before_the_opinion(walk: Walk) -> None:
    await reported(walk, kind="expenditure", cause="illness")
    await walk.do(WANG_FANG, "accept")
    assert (await walk.do(WANG_FANG, "want-papers", **ASKED))["state"] == "papers-wanted"
    assert (await walk.do(CHEN_HONG, "bring-papers"))["state"] == "accepted"
    await papers(walk, simple=True)
    report = {"report_number": "核〔2026〕8号", "reported_on": today(walk)}
    await walk.do(WANG_FANG, "compare", **report, hits=["名下有车"])
    answer = await walk.ask(ZHANG_LI, "propose", **OPINION)
    assert answer.json()["needs"] == ["hits-settled"]
    await walk.do(WANG_FANG, "explain-hits", explanation="车已报废")
    await walk.do(ZHANG_LI, "accept-answer", reason="有注销证明")
    await proposed(walk, 50000)
    assert (await approved(walk, ZHAO_GANG))["state"] == "aided"
