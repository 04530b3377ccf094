"""Whoever leaves tekun counts for their household's dibao then, once that was looked into."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHECKED,
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    Walk,
    an_application,
)
from tests.identification.makers import a_csv, a_household, a_person, decided, on_dibao, rows_of
from tests.identification.register import Register
from tests.identification.test_changes import told
from tests.identification.test_in_place_of import LI_NA

UNSEEN = "/problems/counts-again-unseen"


async def leaving(register: Register, **head: Any) -> tuple[Walk, dict[str, Any]]:
    """Somebody on tekun lives in a household: a case of their leaving, and whose it is."""
    parent = a_person(2, "父母", name="李丙", tekun="是", care_mode="分散")
    home = a_household("h-1", a_person(1, name="李乙"), parent, **head)
    await register.imported(a_csv(rows_of(home)))
    (row,) = register.rows("SELECT id FROM household")
    walk = await Walk(register).open(category="exit", household_id=str(row["id"]))
    people = (await walk.look())["application"]["members"]
    (key,) = (each["key"] for each in people if each["name"] == "李丙")
    return walk, {"ends": "tekun", "person_key": key}


async def left(register: Register) -> tuple[int, int, int]:
    """How many are on tekun, whether the household is on dibao, and its income a month."""
    decision = await told(register, "h-1")
    on_tekun = sum(each.facts["on_tekun"] for each in decision.members)
    return on_tekun, decision.facts["on_dibao"], decision.facts["income_fen_monthly"]


@pytest.mark.breaks("Looked into before it rises")
async def test_who_asks_to_leave_tekun_counts_for_dibao_once_that_was_looked_into(
    register: Register,
) -> None:
    walk, whose = await leaving(register, **on_dibao())
    today = register.app.state.clock.today().isoformat()
    letter = await walk.paper(CHEN_HONG, "exit-letter")
    await walk.do(CHEN_HONG, "own-wish", **whose, letter_id=letter, signed_on=today)
    assert (await walk.look(HE_JUN))["effect"]["may_rise"]
    words = {
        "decision_number": "退1",
        "reasons": "自愿",
        "from_month": "2026-10",
        "shown_on": today,
    }
    refused = await walk.ask(HE_JUN, "leave", **words)
    assert refused.json()["type"] == UNSEEN
    await walk.look()
    await walk.visit(300000)
    assert (await walk.ask(HE_JUN, "leave", **words)).json()["type"] == UNSEEN, "not compared"
    await walk.look()
    await walk.authorise()
    report = {"report_number": "核〔2026〕9号", "reported_on": today}
    await walk.do(WANG_FANG, "compare", **report)
    await walk.do(HE_JUN, "leave", **words)
    assert await left(register) == (0, 1, 25000), "with the income the visit found"


@pytest.mark.parametrize(("finding", "act"), [("ground-gone", "leave"), ("wrongly-in", "remove")])
async def test_who_is_found_to_leave_tekun_counts_for_dibao_with_what_the_visit_found(
    register: Register, finding: str, act: str
) -> None:
    walk, whose = await leaving(register, **on_dibao())
    today = register.app.state.clock.today().isoformat()
    ground = {"rests_on": "identity", "found_on": today, "findings": "有收入", **whose}
    await walk.do(WANG_FANG, finding, **ground)
    await walk.paper(WANG_FANG, "finding-proof")
    await walk.tell()
    words: dict[str, Any] = {"decision_number": "退1", "reasons": "不符合条件"}
    words |= {"from_month": "2026-10"}
    if act == "leave":
        letter = await walk.paper(CHEN_HONG, "exit-letter")
        words |= {"letter_id": letter, "signed_on": today, "shown_on": today}
    assert (await walk.look(HE_JUN))["effect"]["counts_again"], "whoever decides reads it before"
    refused = await walk.ask(HE_JUN, act, **words)
    assert refused.json()["type"] == UNSEEN
    await walk.look()
    await walk.visit(240000)
    report = {"report_number": "核〔2026〕9号", "reported_on": today}
    await walk.do(WANG_FANG, "compare", **report, authorised_on="2024-03-01")
    await walk.do(HE_JUN, act, **words)
    assert await left(register) == (0, 1, 20000), "by the letters on file: nobody need sign again"


async def test_a_child_on_tekun_draws_basic_living_in_a_home_on_dibao_once_it_left(
    register: Register,
) -> None:
    child = a_person(2, id_number=LI_NA["id_number"], name="李娜", tekun="是", care_mode="分散")
    home = a_household("h-1", a_person(1, name="李伟"), child, **on_dibao())
    await register.imported(a_csv(rows_of(home)))
    walk = await Walk(register, "children").open()
    await walk.do(CHEN_HONG, "write", application=an_application(whose="child"))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    await walk.child_checked(**CHECKED)
    refused = await walk.ask(HE_JUN, "confirm", decision_number="青民童〔2026〕1号")
    assert refused.json()["type"] == "/problems/leaves-tekun-first"


async def test_where_there_is_no_dibao_whoever_leaves_tekun_is_looked_into_by_nobody(
    register: Register,
) -> None:
    walk, whose = await leaving(register, **decided())
    today = register.app.state.clock.today().isoformat()
    letter = await walk.paper(CHEN_HONG, "exit-letter")
    await walk.do(CHEN_HONG, "own-wish", **whose, letter_id=letter, signed_on=today)
    words = {
        "decision_number": "退1",
        "reasons": "自愿",
        "from_month": "2026-10",
        "shown_on": today,
    }
    await walk.do(HE_JUN, "leave", **words)
    decision = await told(register, "h-1")
    assert sum(each.facts["on_tekun"] for each in decision.members) == 0
