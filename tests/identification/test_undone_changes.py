"""A change that is set aside or undone: whoever came goes, whoever left is back, in every household
it touched; and where something was built on it, nobody guesses."""

from typing import Any

import httpx
import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    SUN_LEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_appeals import OTHER_HEAD, OUTCOME, lodged
from tests.identification.test_changes import decided, described, stays, told

MERGE: dict[str, Any] = {"household_number": "h-2", "head_relation": "父", "since": "2026-10"}
BRIDE: dict[str, Any] = {"name": "李己", "relation": "配偶", "since": "2026-10"}
SPLIT: dict[str, Any] = {
    "person_key": (1,),
    "since": "2026-10",
    "circumstance": "moved",
    "income_fen_monthly": 90000,
}
APART = {("h-1", "李乙"), ("h-1", "李丙"), ("h-2", "李戊"), ("h-2", "李己")}


@pytest.fixture
async def walk(register: Register) -> Walk:
    await a_known_household(register, "h-2", 4, 5)
    return Walk(register)


async def appealed(walk: Walk) -> Walk:
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    return appeal


async def won(walk: Walk) -> httpx.Response:
    """What was changed is undone on appeal, from the month it was decided for."""
    appeal = await appealed(walk)
    return await appeal.ask(SUN_LEI, "win", **OUTCOME, from_month="2026-10")


def living(register: Register) -> set[tuple[str, str]]:
    return {(number, name) for number, name, _, until in stays(register) if until is None}


async def counted(register: Register, number: str) -> tuple[int, Any, int]:
    """By the last decision: whether on dibao, with which income, and how many count."""
    found = await told(register, number)
    there = [each for each in found.members if each.until is None]
    return int(found.facts["on_dibao"] or 0), found.facts["income_fen_monthly"], len(there)


async def test_a_merge_that_is_undone_leaves_both_households_as_they_were(walk: Walk) -> None:
    before = await counted(walk.register, "h-2")
    await described(walk, ("merge", MERGE))
    await decided(walk)
    assert await counted(walk.register, "h-1") == (1, 12000, 4)
    assert await counted(walk.register, "h-2") == (0, 12000, 0)
    assert (await won(walk)).status_code == 200
    assert living(walk.register) == APART
    assert await counted(walk.register, "h-1") == (1, 12000, 2)
    assert await counted(walk.register, "h-2") == before == (1, 12000, 2)
    assert str((await told(walk.register, "h-2")).from_month) == "2026-10"


async def test_a_marriage_that_is_set_aside_counts_nobody_and_is_decided_again(walk: Walk) -> None:
    await described(walk, ("marriage", {**BRIDE, "id_number": id_number(5)}))
    await decided(walk)
    assert await counted(walk.register, "h-1") == (1, 12000, 3)
    appeal = await appealed(walk)
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert living(walk.register) == APART
    assert await counted(walk.register, "h-1") == (1, 12000, 2)
    assert await counted(walk.register, "h-2") == (1, 12000, 2)
    assert len((await told(walk.register)).members) == 2, "she never lived there"
    await walk.look()
    again = {"decision_number": "青民变〔2026〕12号", "from_month": "2026-10"}
    assert (await walk.do(OTHER_HEAD, "confirm", **again))["state"] == "changed"
    assert await counted(walk.register, "h-1") == (1, 12000, 3)
    assert await counted(walk.register, "h-2") == (1, 12000, 1)


async def test_a_split_that_is_set_aside_is_one_household_again_until_it_is_decided_again(
    walk: Walk,
) -> None:
    await described(walk, ("split", SPLIT))
    await decided(walk)
    number = walk.case["receipt"]
    assert await counted(walk.register, number) == (0, 90000, 1)
    appeal = await appealed(walk)
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert living(walk.register) == APART
    assert await counted(walk.register, "h-1") == (1, 12000, 2)
    assert (await told(walk.register, number)).members == []
    await walk.look()
    again = {"decision_number": "青民变〔2026〕12号", "from_month": "2026-10"}
    assert (await walk.do(OTHER_HEAD, "confirm", **again))["state"] == "changed"
    assert (number, "李丙") in living(walk.register)
    assert await counted(walk.register, number) == (0, 90000, 1)
    assert await counted(walk.register, "h-1") == (1, 12000, 1)


@pytest.mark.parametrize(("undone_from", "is_free"), [("2026-11", True), ("2026-12", False)])
async def test_what_was_decided_since_about_whom_it_brought_is_undone_first(
    walk: Walk, undone_from: str, is_free: bool
) -> None:
    await described(walk, ("merge", MERGE))
    await decided(walk)
    in_month(walk.register, 1)
    later = await Walk(walk.register).open(
        category="change", household_id=walk.case["household_id"]
    )
    await later.do(CHEN_HONG, "income", income_fen_monthly=20000, reason="务工")
    await later.paper(CHEN_HONG, "change-letter")
    await later.do(CHEN_HONG, "submit")
    await decided_later(later)
    answer = await won(walk)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/built-on")
    assert len([one for one in living(walk.register) if one[0] == "h-1"]) == 4
    in_month(walk.register, 1)
    undone = {"decision_number": "川民复〔2026〕8号", "reasons": "依据不足"}
    await (await appealed(later)).do(SUN_LEI, "win", **undone, from_month=undone_from)
    barred = (await won(walk)).json().get("type")
    assert barred == (None if is_free else "/problems/built-on"), "while it stands in any month"


async def test_of_two_merges_the_later_is_undone_first_and_then_the_earlier(walk: Walk) -> None:
    third = await a_known_household(walk.register, "h-3", 6)
    before = {number: await counted(walk.register, number) for number in ("h-2", "h-3")}
    await described(walk, ("merge", MERGE))
    await decided(walk)
    in_month(walk.register, 1)
    later = await Walk(walk.register).open(category="change", household_id=third)
    into = {"household_number": "h-1", "head_relation": "父", "since": "2026-11"}
    await later.do(CHEN_HONG, "merge", **into)
    await later.paper(CHEN_HONG, "change-letter")
    await later.do(CHEN_HONG, "submit")
    await decided_later(later)
    assert (await won(walk)).json()["type"] == "/problems/built-on"
    undone = {"decision_number": "川民复〔2026〕8号", "reasons": "依据不足"}
    await (await appealed(later)).do(SUN_LEI, "win", **undone, from_month="2026-11")
    assert (await won(walk)).status_code == 200
    assert living(walk.register) == APART | {("h-3", "李庚")}
    assert before == {number: await counted(walk.register, number) for number in before}


async def test_who_moved_on_since_they_came_stays_where_they_are(walk: Walk) -> None:
    await a_known_household(walk.register, "h-3", 6)
    await described(walk, ("marriage", {**BRIDE, "id_number": id_number(5)}))
    await decided(walk)
    in_month(walk.register, 1)
    (third,) = walk.register.rows("SELECT id FROM household WHERE number = 'h-3'")
    on = await Walk(walk.register).open(category="change", household_id=str(third["id"]))
    moved = {**BRIDE, "id_number": id_number(5), "relation": "子女", "since": "2026-11"}
    await on.do(CHEN_HONG, "move-in", **moved)
    await on.paper(CHEN_HONG, "change-letter")
    await on.do(CHEN_HONG, "submit")
    await decided_later(on)
    answer = await won(walk)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/built-on")
    assert ("h-3", "李己") in living(walk.register)


async def test_whoever_goes_as_the_head_is_followed_by_another_first(walk: Walk) -> None:
    await described(walk, ("marriage", {**BRIDE, "id_number": id_number(5)}))
    await decided(walk)
    in_month(walk.register, 1)
    await headed_by(walk, "李己", before="李乙")
    appeal = await appealed(walk)
    words = {**OUTCOME, "from_month": "2026-10"}
    answer = await appeal.ask(SUN_LEI, "win", **words)
    assert (answer.json()["type"], answer.json()["household"]) == ("/problems/head-wanted", "h-1")
    assert ("h-1", "李己") in living(walk.register)
    await headed_by(walk, "李丙", before="李己")
    await appeal.do(SUN_LEI, "win", **words)
    assert living(walk.register) == APART


async def headed_by(walk: Walk, name: str, *, before: str) -> None:
    """Another heads it from now on, by a change of its own."""
    change = await Walk(walk.register).open(
        category="change", household_id=walk.case["household_id"]
    )
    keys = {e["name"]: e["key"] for e in (await change.look())["application"]["members"]}
    await change.do(CHEN_HONG, "head", person_key=keys[name], rests_on="协商")
    await change.do(CHEN_HONG, "relation", person_key=keys[before], relation="其他")
    await change.paper(CHEN_HONG, "change-letter", JPEG + name.encode())
    await change.do(CHEN_HONG, "submit")
    await decided_later(change, f"青民变〔2026〕{name}")


async def decided_later(walk: Walk, number: str = "青民变〔2026〕13号") -> None:
    if (await walk.look())["state"] == "surveying":
        await walk.looked_into(240000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": number, "from_month": "2026-11"}
    await walk.do(HE_JUN, "confirm", **words)
