"""A household that nobody lives in any more is granted nothing, however the last of them left."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    JPEG,
    SUN_LEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    somebody_else,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import told


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def _changed(walk: Walk, household_id: str, act: str, **words: Any) -> None:
    await walk.open(category="change", household_id=household_id)
    await walk.do(CHEN_HONG, act, **words)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    if (await walk.look())["state"] == "surveying":
        await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number="青民变〔2026〕7号", from_month="2026-10")


def _certificates(register: Register) -> list[str]:
    rows = register.rows("SELECT state FROM case_file WHERE category = 'certificate'")
    return [str(each["state"]) for each in rows]


async def test_where_the_last_one_moves_out_nothing_is_granted_and_no_certificate_made(
    walk: Walk,
) -> None:
    household_id = await a_known_household(walk.register, "h-1", 1)
    (head,) = walk.register.rows("SELECT id FROM person")
    out = {"person_key": str(head["id"]), "until": "2026-09", "reason": "去外省儿子家"}
    await _changed(walk, household_id, "move-out", **out)
    assert (await told(walk.register)).facts["on_dibao"] == 0
    assert _certificates(walk.register) == []


async def test_where_the_only_one_marries_into_another_household_theirs_is_granted_nothing(
    walk: Walk,
) -> None:
    household_id = await a_known_household(walk.register, "h-1", 1)
    await a_known_household(walk.register, "h-2", 2)
    (spouse,) = walk.register.rows(
        "SELECT name FROM person JOIN membership m ON m.person_id = person.id"
        " JOIN household h ON h.id = m.household_id WHERE h.number = 'h-2'"
    )
    who = {"name": spouse["name"], "relation": "配偶", "id_number": id_number(2)}
    await _changed(walk, household_id, "marriage", since="2026-10", **who)
    assert (await told(walk.register)).facts["on_dibao"] == 1
    assert (await told(walk.register, "h-2")).facts["on_dibao"] == 0


@pytest.mark.parametrize("leaving", ["move-out", "merge"])
async def test_what_is_won_for_those_who_have_left_since_is_granted_to_no_empty_household(
    walk: Walk, leaving: str
) -> None:
    left = await a_known_household(walk.register, "h-1", 1, from_month="2026-01")
    other = await a_known_household(walk.register, "h-2", 2, from_month="2026-01")
    (head,) = walk.register.rows("SELECT person_id FROM membership WHERE household_id = %s", left)
    ended = await Walk(walk.register).open(category="exit", household_id=left)
    signed = {"signed_on": "2026-09-25"}
    letter = await ended.paper(CHEN_HONG, "exit-letter")
    await ended.do(CHEN_HONG, "own-wish", ends="dibao", letter_id=letter, **signed)
    letter = await ended.paper(CHEN_HONG, "exit-letter", JPEG + b"2")
    signed |= {"letter_id": letter, "shown_on": "2026-09-25", "reasons": "自愿"}
    number = {"decision_number": "青民退〔2026〕9号", "from_month": "2026-10"}
    await ended.do(HE_JUN, "leave", **number, **signed)
    if leaving == "merge":
        joins = {"household_number": "h-1", "head_relation": "父亲", "since": "2026-10"}
        await _changed(walk, other, "merge", **joins)
    else:
        out = {"person_key": str(head["person_id"]), "until": "2026-10", "reason": "去外省"}
        await _changed(walk, left, "move-out", **out)
    appeal = await lodged(ended)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10")
    assert (await told(walk.register)).facts["on_dibao"] == 0
    assert (await told(walk.register, "h-2")).facts["on_dibao"] == 1
    listed = await walk.register.get("/reviews", HE_JUN, month="2027-10")
    homes = [
        each["number"] for village in listed.json()["villages"] for each in village["households"]
    ]
    assert "h-1" not in homes


async def test_what_is_merged_is_just_above_dibao_no_more(walk: Walk) -> None:
    proposal = {"income_fen_yearly": 270000, "property_within_rules": True}
    edge = Walk(walk.register, category="edge", proposal=proposal)
    await edge.confirming(members=[somebody_else()])
    await edge.do(HE_JUN, "confirm", decision_number="青民边〔2026〕1号")
    (row,) = walk.register.rows("SELECT number FROM household")
    household_id = await a_known_household(walk.register, "h-1", 1)
    joined = {"household_number": row["number"], "head_relation": "配偶", "since": "2026-11"}
    await walk.open(category="change", household_id=household_id)
    await walk.do(CHEN_HONG, "merge", **joined)
    await walk.do(CHEN_HONG, "submit")
    await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    merged = {"decision_number": "青民变〔2026〕8号", "from_month": "2026-11"}
    await walk.do(HE_JUN, "confirm", **merged)
    facts = (await told(walk.register, str(row["number"]))).facts
    assert (facts["on_edge"], facts["asks_for_low_income"]) == (0, 0)


async def test_what_is_decided_again_brings_back_nobody_who_left_since(walk: Walk) -> None:
    await walk.confirming(members=[somebody_else()])
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕1号")
    granted = walk.case
    (one,) = walk.register.rows("SELECT id FROM person")
    out = {"person_key": str(one["id"]), "until": "2026-10", "reason": "去外省儿子家"}
    change = Walk(walk.register)
    await _changed(change, granted["household_id"], "move-out", **out)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await walk.look()
    again = await walk.ask(FANG_TING, "confirm", decision_number="青民决〔2026〕2号")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/left-since")
