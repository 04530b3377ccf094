"""A household of the register changes: shown before the decision, and carried out as shown."""

from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.identification import Determination
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_known_household,
    staff,
)
from tests.identification.makers import id_number
from tests.identification.register import Register, benefits

NUMBER = "青民变〔2026〕11号"


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def described(walk: Walk, *requests: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A change of the household h-1, described by its own signed letter and handed in."""
    await written(walk, *requests)
    await walk.paper(CHEN_HONG, "change-letter")
    return await walk.do(CHEN_HONG, "submit")


async def written(walk: Walk, *requests: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A change of the household h-1, described."""
    household_id = await a_known_household(walk.register)
    await walk.open(category="change", household_id=household_id)
    await walk.look()
    for act, words in requests:
        await walk.do(CHEN_HONG, act, **{name: _said(walk, word) for name, word in words.items()})
    return walk.case


def _said(walk: Walk, word: Any) -> Any:
    """A member named by their place stands for their key."""
    if isinstance(word, tuple):
        return walk.case["application"]["members"][word[0]]["key"]
    return word


async def decided(
    walk: Walk, from_month: str = "2026-10", income_fen_yearly: int = 144000
) -> dict[str, Any]:
    """Looked into where it may raise what is paid; found as described; decided by the county."""
    if walk.case["state"] == "surveying":
        await walk.looked_into(income_fen_yearly)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    return await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month=from_month)


async def told(register: Register, number: str = "h-1") -> Determination:
    """What was last decided of a household, as benefits fetches it."""
    (row,) = register.rows(
        "SELECT d.id FROM determination d JOIN household h ON h.id = d.household_id"  # noqa: S608  # A test's own word.
        f" WHERE h.number = '{number}' ORDER BY d.id DESC LIMIT 1"
    )
    answer = await register.client.get(
        "/determinations",
        params={"determination_id": str(row["id"])},
        headers=register.headers(benefits(), "benefits"),
    )
    return Determination.model_validate(answer.json()["items"][0])


def stays(register: Register) -> set[tuple[str, str, str, str | None]]:
    """Who lived where from when to when."""
    rows = register.rows(
        "SELECT h.number, p.name, m.since, m.until FROM membership m"
        " JOIN person p ON p.id = m.person_id JOIN household h ON h.id = m.household_id"
    )
    return {(row["number"], row["name"], row["since"], row["until"]) for row in rows}


def a_newcomer(order: int = 9, **words: Any) -> dict[str, Any]:
    born = id_number(order, "20260901")
    return {"name": "李新", "relation": "子女", "id_number": born, "since": "2026-09", **words}


async def test_a_case_about_a_household_begins_with_what_the_register_knows(walk: Walk) -> None:
    household_id = await a_known_household(walk.register)
    await walk.open(category="change", household_number="h-1", village=None)
    case = await walk.look()
    members = case["application"]["members"]
    assert [(each["name"], each["relation"]) for each in members] == [
        ("李乙", "户主"),
        ("李丙", "子女"),
    ]
    assert case["household_id"] == household_id
    assert case["effect"]["households"] == []


async def test_a_case_is_opened_only_about_a_household_of_ones_area(register: Register) -> None:
    household_id = await a_known_household(register)
    for by, words, status in (
        (ZHAO_MIN, {"household_id": household_id}, 404),
        (CHEN_HONG, {"household_id": str(uuid4())}, 404),
        (CHEN_HONG, {"village": "511425001200"}, 422),
        (ZHAO_MIN, {"household_number": "h-1"}, 404),
        (CHEN_HONG, {"household_number": "h-9"}, 404),
    ):
        answer = await register.client.post(
            "/cases", json={"category": "change", **words}, headers=register.headers(by)
        )
        assert answer.status_code == status, answer.text
    assert register.rows("SELECT 1 FROM case_file") == []


async def test_a_birth_is_shown_before_it_is_decided_and_then_so(walk: Walk) -> None:
    asked = await described(
        walk,
        ("birth", a_newcomer()),
        ("income", {"income_fen_monthly": 5000, "reason": "照顾婴儿"}),
    )
    (effect,) = asked["effect"]["households"]
    assert effect["comes"] == [
        {"name": "李新", "relation": "子女", "since": "2026-09", "known": False}
    ]
    assert effect["facts"]["income_fen_monthly"] == {"before": 12000, "after": 5000}
    assert len(stays(walk.register)) == 2, "a preview changes nothing"
    assert (await decided(walk, income_fen_yearly=60000))["state"] == "changed"
    assert ("h-1", "李新", "2026-09", None) in stays(walk.register)
    found = await told(walk.register)
    assert str(found.from_month) == "2026-10"
    assert (found.facts["income_fen_monthly"], found.facts["on_dibao"]) == (5000, 1)
    assert sorted(int(m.facts["born_on"]) for m in found.members)[-1] == 20260901
    # True from September, learned on the day it was decided.
    assert found.decided_on.isoformat() == "2026-09-25"


async def test_a_death_ends_a_stay_and_is_told(walk: Walk) -> None:
    await described(walk, ("death", {"person_key": (1,), "died_on": "2026-08-30"}))
    await decided(walk)
    assert ("h-1", "李丙", "2010-01", "2026-08") in stays(walk.register)
    (said,) = walk.register.told("person-died")
    assert said["body"]["died_on"] == "2026-08-30"
    found = await told(walk.register)
    assert [m.facts["died_on"] for m in found.members if m.until] == [20260830]
    assert found.facts["on_dibao"] == 1, "who lives on is paid on"


async def test_a_split_makes_a_household_that_is_decided_with_the_old_one(walk: Walk) -> None:
    words: dict[str, Any] = {"person_key": (1,), "since": "2026-10", "circumstance": "moved"}
    words |= {"income_fen_monthly": 90000}
    asked = await described(walk, ("split", words))
    assert [each["household"] for each in asked["effect"]["households"]] == ["h-1", None]
    await decided(walk)
    number = walk.case["receipt"]
    assert stays(walk.register) == {
        ("h-1", "李乙", "2010-01", None),
        ("h-1", "李丙", "2010-01", "2026-09"),
        (number, "李丙", "2026-10", None),
    }
    assert (await told(walk.register, number)).facts["on_dibao"] == 0
    assert (await told(walk.register)).facts["on_dibao"] == 1


async def test_who_parts_beside_relatives_is_not_refused_and_their_support_is_reckoned(
    walk: Walk,
) -> None:
    await walk.open(category="change", household_id=await a_known_household(walk.register))
    await walk.look()
    words: dict[str, Any] = {
        "person_key": _said(walk, (1,)), "since": "2026-10", "circumstance": "same-address",
        "income_fen_monthly": 30000,
    }  # fmt: skip
    for support in ({}, {"support_fen_monthly": 30001}):
        answer = await walk.ask(CHEN_HONG, "split", **words, **support)
        assert answer.json()["needs"] == ["support-reckoned"]
    await walk.do(CHEN_HONG, "split", **words, support_fen_monthly=20000)


async def test_who_is_in_prison_leaves_the_count_from_the_month_decided_and_comes_back(
    walk: Walk,
) -> None:
    away = {"person_key": (1,), "why": "prison", "away_from": "2026-08-02", "proof": "判决书"}
    asked = await described(walk, ("away", away))
    assert asked["effect"]["households"][0]["members"] == [{"name": "李丙", "facts": {"away": 1}}]
    await decided(walk)
    key = asked["application"]["members"][1]["key"]
    facts = {str(m.person_id): m.facts for m in (await told(walk.register)).members}
    assert (facts[key]["away"], len(facts)) == (1, 2)
    assert {until for *_, until in stays(walk.register)} == {None}, "he is still of the household"
    back = Walk(walk.register)
    await back.open(category="change", household_id=asked["household_id"])
    await back.do(CHEN_HONG, "back", person_key=key, back_on="2026-09-20")
    await back.do(CHEN_HONG, "submit")
    await back.looked_into()
    await back.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": "青民变〔2026〕12号", "from_month": "2026-10"}
    await back.do(HE_JUN, "confirm", **words)
    facts = {str(m.person_id): m.facts for m in (await told(walk.register)).members}
    assert facts[key]["away"] == "not-applicable"


async def test_a_merge_brings_everybody_over_and_ends_the_other(walk: Walk) -> None:
    await a_known_household(walk.register, "h-2", 4, 5)
    words = {"household_number": "h-2", "head_relation": "配偶", "since": "2026-10"}
    await described(walk, ("merge", words))
    await decided(walk)
    open_stays = {(number, name) for number, name, _, until in stays(walk.register) if not until}
    assert open_stays == {("h-1", name) for name in ("李乙", "李丙", "李戊", "李己")}
    assert (await told(walk.register, "h-2")).facts["on_dibao"] == 0


async def test_who_marries_leaves_the_household_they_lived_in(walk: Walk) -> None:
    await a_known_household(walk.register, "h-2", 4, 5)
    words = {"name": "李己", "relation": "配偶", "id_number": id_number(5), "since": "2026-10"}
    asked = await described(walk, ("marriage", words))
    assert asked["effect"]["households"][1]["goes"] == [
        {"name": "李己", "until": "2026-09", "died_on": None}
    ]
    await decided(walk)
    assert {("h-2", "李己", "2010-01", "2026-09"), ("h-1", "李己", "2026-10", None)} <= stays(
        walk.register
    )
    assert len((await told(walk.register, "h-2")).members) == 2


@pytest.mark.parametrize(
    ("requests", "problem"),
    [
        ([("move-out", {"person_key": (1,), "until": "2009-12", "reason": "外出"})], "too-early"),
        ([("birth", a_newcomer()), ("birth", a_newcomer(since="2026-10"))], "named-twice"),
        ([("move-in", a_newcomer(id_number=id_number(2), name="李丙"))], "lives-here"),
        ([("move-in", a_newcomer(id_number=id_number(2)))], "name-differs"),
        (
            [("merge", {"household_number": "h-9", "head_relation": "父", "since": "2026-10"})],
            "no-other-household",
        ),
        (
            [
                ("death", {"person_key": (1,), "died_on": "2026-08-30"}),
                ("move-out", {"person_key": (1,), "until": "2026-09", "reason": "外出"}),
            ],
            "no-longer-there",
        ),
    ],
)
async def test_what_cannot_be_is_shown_so_and_not_handed_in(
    walk: Walk, requests: list[tuple[str, dict[str, Any]]], problem: str
) -> None:
    asked = await written(walk, *requests)
    assert asked["effect"]["impossible"]["type"] == f"/problems/{problem}"
    assert (await walk.ask(CHEN_HONG, "submit")).json()["type"] == f"/problems/{problem}"
    await walk.do(CHEN_HONG, "start-over")
    assert (await walk.look())["effect"]["households"] == []
    assert (await walk.ask(CHEN_HONG, "submit")).json()["needs"] == ["change-described"]


async def test_who_asks_does_not_decide(walk: Walk) -> None:
    await described(walk, ("birth", a_newcomer()))
    await walk.looked_into()
    both = staff("chen-hong", {"cases:review", "cases:decide"})
    answer = await walk.ask(both, "propose", opinion="grant", reasons="属实")
    assert answer.json()["needs"] == ["not-the-requester"]
    await walk.do(ZHANG_LI, "propose", opinion="refuse", reasons="查无此人")
    answer = await walk.ask(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    assert answer.json()["needs"] == ["proposed-to-grant"]
    refused = await walk.do(HE_JUN, "refuse", decision_number=NUMBER, reasons="查无此人")
    assert refused["due_on"] == "2026-09-30"
    assert len(stays(walk.register)) == 2


async def test_a_number_that_is_no_id_number_is_refused(walk: Walk) -> None:
    await walk.open(category="change", household_id=await a_known_household(walk.register))
    answer = await walk.ask(WANG_FANG, "birth", **a_newcomer(id_number="511425"))
    assert (answer.status_code, answer.json()["field"]) == (422, "id_number")
