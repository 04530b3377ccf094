"""Helpers, visits and cards of households: nobody is without, nobody has too many, all add up."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import in_month, later
from tests.identification.ledgers import GAO_FEI, MA_CHAO, SUN_YU, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register

CADRE = {"owner": "he-jun", "helper_kind": "cadre", "helper_unit": "县民政局"}
RECORDER = {"recorder": "sun-yu"}
TOWNSHIP = {"owner": "sun-yu", "helper_kind": "township-cadre", "helper_unit": "青龙镇"}
ILLNESS = {"cause": "illness", "labour": 1, "skills": "瓦工\n养猪", "other_causes": "缺劳力"}


@pytest.fixture
def pairing(register: Register) -> Ledger:
    return Ledger(register, "pairing")


@pytest.fixture
def cards(register: Register) -> Ledger:
    return Ledger(register, "household-card")


async def on_assistance(register: Register, *numbers: str) -> None:
    """Households on dibao, one person each; and one that is on nothing."""
    households = [
        a_household(number, a_person(order), **on_dibao())
        for order, number in enumerate(numbers, 1)
    ]
    await register.imported(a_csv(rows_of(*households, a_household("h-none", a_person(900)))))


async def enter(ledger: Ledger, by: Caller = XU_LAN, **words: Any) -> dict[str, Any]:
    answer = await ledger.register.client.post(
        f"/registers/{ledger.kind}/missing", json=words, headers=ledger.register.headers(by)
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def missing(ledger: Ledger) -> list[str]:
    answer = await ledger.register.get(f"/registers/{ledger.kind}/missing", XU_LAN)
    return [each["number"] for each in answer.json()["items"]]


async def left(ledger: Ledger) -> list[str]:
    answer = await ledger.register.get(f"/registers/{ledger.kind}/missing", XU_LAN)
    found = answer.json()
    assert found["left_count"] == len(found["left"])
    return [each["number"] for each in found["left"]]


async def surplus(ledger: Ledger) -> list[str]:
    answer = await ledger.register.get(f"/registers/{ledger.kind}/missing", XU_LAN)
    found = answer.json()
    assert found["surplus_count"] == len(found["surplus"])
    return [each["number"] for each in found["surplus"]]


async def counted(ledger: Ledger, listing: str) -> int:
    lists = (await ledger.counts(XU_LAN))["lists"]
    return next(int(each["count"]) for each in lists if each["list"] == listing)


async def entries(ledger: Ledger) -> list[dict[str, Any]]:
    return list((await ledger.register.get(f"/registers/{ledger.kind}", XU_LAN)).json()["items"])


@pytest.mark.shows("S60")
async def test_every_household_on_assistance_gets_a_helper_and_no_helper_has_too_many(
    pairing: Ledger,
) -> None:
    await on_assistance(pairing.register, "h-1", "h-2", "h-3")
    assert await missing(pairing) == ["h-1", "h-2", "h-3"]
    assert await enter(pairing) == {"entered": 3, "left": 0}
    assert await enter(pairing) == {"entered": 0, "left": 0}
    assert await counted(pairing, "unassigned") == 3
    first, second, third = await entries(pairing)
    for each, words, status in ((first, CADRE, 200), (second, CADRE, 409), (second, TOWNSHIP, 200)):
        pairing.entry = each
        answer = await pairing.ask(XU_LAN, "assign", **words)
        assert answer.status_code == status, answer.text
    pairing.entry = third
    await pairing.do(XU_LAN, "assign", **TOWNSHIP)
    assert await counted(pairing, "unassigned") == 0
    assert await missing(pairing) == []
    await pairing.do(XU_LAN, "end", reason="已退出低保")
    owners = {each["owner"]: each for each in (await pairing.counts(XU_LAN))["owners"]}
    theirs = owners["staff:sun-yu"]
    assert (theirs["count"], theirs["open"]) == (2, 1), "one is over"
    assert await pairing.listed(XU_LAN, **theirs["query"], open="true") == [second["number"]]


@pytest.mark.shows("S60")
async def test_a_helper_of_two_ranks_has_no_more_than_the_lesser_rank_may(pairing: Ledger) -> None:
    await on_assistance(pairing.register, "h-1", "h-2", "h-3")
    await enter(pairing)
    first, second, third = await entries(pairing)
    leader = CADRE | {"helper_kind": "county-leader"}
    for each, words, status in (
        (first, CADRE, 200),
        (second, leader, 409),
        (second, CADRE | {"helper_kind": "township-cadre"}, 409),
        (first, leader, 200),
        (second, leader, 200),
        (third, CADRE, 409),
        (third, leader, 200),
    ):
        pairing.entry = each
        await pairing.look(XU_LAN)
        answer = await pairing.ask(XU_LAN, "assign", **words)
        assert answer.status_code == status, answer.text


async def test_two_who_give_a_helper_the_last_household_at_once_do_not_both_succeed(
    pairing: Ledger,
) -> None:
    await on_assistance(pairing.register, "h-1", "h-2")
    await enter(pairing)
    both = [Ledger(pairing.register, "pairing", each) for each in await entries(pairing)]
    answers = await asyncio.gather(*(each.ask(XU_LAN, "assign", **CADRE) for each in both))
    assert sorted(each.status_code for each in answers) == [200, 409]


async def test_two_who_enter_whoever_is_missing_at_once_enter_each_once(pairing: Ledger) -> None:
    await on_assistance(pairing.register, "h-1", "h-2", "h-3")
    done = await asyncio.gather(enter(pairing), enter(pairing))
    assert sorted(each["entered"] for each in done) == [0, 3]


@pytest.mark.shows("S61")
async def test_the_kinds_of_helpers_add_up_to_all_who_are_helped(pairing: Ledger) -> None:
    await on_assistance(pairing.register, "h-1", "h-2", "h-3")
    await enter(pairing)
    for each, words in zip(await entries(pairing), (CADRE, TOWNSHIP, TOWNSHIP), strict=True):
        pairing.entry = each
        await pairing.do(XU_LAN, "assign", **words)
    counts = await pairing.counts(XU_LAN)
    (kinds,) = counts["fields"]
    by_kind = {each["word"]: each["count"] for each in kinds["choices"]}
    assert by_kind == {
        "county-leader": 0, "section-leader": 0, "cadre": 1, "township-cadre": 2, "": 0,
    }  # fmt: skip
    assert sum(by_kind.values()) == counts["all"] == 3
    behind = await pairing.listed(XU_LAN, found="helper_kind:township-cadre")
    assert len(behind) == 2


@pytest.mark.shows("S61")
async def test_who_has_no_helper_yet_or_left_assistance_is_counted_and_listed(
    pairing: Ledger,
) -> None:
    register = pairing.register
    await on_assistance(register, "h-1", "h-2", "h-3")
    await enter(pairing)
    for each in await entries(pairing):
        if each["about_words"] != "h-3":
            pairing.entry = each
            await pairing.do(XU_LAN, "assign", **TOWNSHIP)
    counts = await pairing.counts(XU_LAN)
    (kinds,) = counts["fields"]
    assert sum(each["count"] for each in kinds["choices"]) == counts["all"] == 3
    (none_yet,) = [each for each in kinds["choices"] if each["words"]["en"] == "none yet"]
    assert none_yet["count"] == 1
    assert len(await pairing.listed(XU_LAN, **none_yet["query"])) == 1
    in_month(register, 1)
    off = on_dibao(dibao="否", decision_number="青民决〔2026〕9号", from_month="2026-11")
    await register.imported(a_csv(rows_of(a_household("h-1", a_person(1), **off))))
    assert await surplus(pairing) == [], "it is on assistance for this month still"
    in_month(register, 1)
    assert await surplus(pairing) == ["h-1"]
    (pairing.entry,) = [e for e in await entries(pairing) if e["about_words"] == "h-1"]
    await pairing.do(XU_LAN, "end", reason="已退出低保")
    assert await surplus(pairing) == []


@pytest.mark.shows("S62", "S79")
async def test_a_month_without_a_visit_is_listed_by_the_day_of_the_visit_not_of_its_typing(
    pairing: Ledger,
) -> None:
    await on_assistance(pairing.register, "h-1")
    await enter(pairing)
    (pairing.entry,) = await entries(pairing)
    await pairing.do(XU_LAN, "assign", **TOWNSHIP)
    assert await counted(pairing, "unvisited") == 1
    await pairing.do(SUN_YU, "visit", visited_on="2026-09-25", content="送去棉被，讲了低保政策")
    assert await counted(pairing, "unvisited") == 0
    in_month(pairing.register, 1)
    assert await counted(pairing, "unvisited") == 1
    assert await counted(pairing, "unvisited-last-month") == 0
    in_month(pairing.register, 1)
    assert await counted(pairing, "unvisited-last-month") == 1
    await pairing.do(SUN_YU, "visit", visited_on="2026-10-12", content="十月走访，补录")
    assert await counted(pairing, "unvisited-last-month") == 0
    assert await counted(pairing, "unvisited") == 1
    await pairing.do(SUN_YU, "report-change", changes="儿子外出务工，有了工资收入")
    assert len(await pairing.listed(XU_LAN, list="changed")) == 1


@pytest.mark.shows("S62")
async def test_a_month_that_is_asked_for_is_the_month_without_a_visit(pairing: Ledger) -> None:
    await on_assistance(pairing.register, "h-1", "h-2")
    await enter(pairing)
    for each in await entries(pairing):
        pairing.entry = each
        await pairing.do(XU_LAN, "assign", **TOWNSHIP)
    visited = pairing.entry["number"]
    await pairing.do(SUN_YU, "visit", visited_on="2026-09-25", content="走访")
    in_month(pairing.register, 2)
    for month, count in (("2026-08", 0), ("2026-09", 1), ("2026-10", 2)):
        found = await pairing.listed(XU_LAN, list="unvisited", month=month)
        assert (len(found), visited in found) == (count, month == "2026-10"), month
        lists = (await pairing.counts(XU_LAN, month=month))["lists"]
        assert {each["list"]: each["count"] for each in lists}["unvisited"] == count
    assert len(await pairing.listed(XU_LAN, list="unvisited-last-month", month="2026-11")) == 2


async def test_a_card_waits_for_its_day_however_it_came_to_wait(cards: Ledger) -> None:
    await on_assistance(cards.register, "h-1")
    await cards.open(ZHOU_JIE, about=("household", "h-1"))
    waits = cards.entry["state_due_on"]
    assert waits > cards.entry["opened_on"]
    await cards.do(ZHOU_JIE, "describe", **ILLNESS)
    await cards.do(ZHOU_JIE, "plan", plan="公益岗位")
    assert cards.entry["state_due_on"] == waits, "it waits since it was drawn up"
    await cards.do(XU_LAN, "confirm")
    later(cards.register, 60)
    assert await counted(cards, "overdue") == 0
    for by, act, words in (
        (ZHOU_JIE, "describe", ILLNESS),
        (XU_LAN, "leave", {"reason": "收入稳定"}),
        (XU_LAN, "come-back", {"reason": "又在保"}),
    ):
        await cards.do(by, act, **words)
        if act != "leave":
            assert cards.entry["state_due_on"] > waits, act
    later(cards.register, 60)
    assert await counted(cards, "overdue") == 1


async def test_another_plan_of_a_card_waits_to_be_confirmed_as_the_first_did(
    cards: Ledger,
) -> None:
    await on_assistance(cards.register, "h-1")
    await cards.open(ZHOU_JIE, about=("household", "h-1"))
    await cards.do(ZHOU_JIE, "describe", **ILLNESS)
    await cards.do(ZHOU_JIE, "plan", plan="公益岗位")
    await cards.do(XU_LAN, "confirm")
    assert (await cards.do(ZHOU_JIE, "plan", plan="另一个计划"))["state"] == "drafted"
    await cards.do(XU_LAN, "confirm")


async def test_a_card_that_was_not_looked_at_this_year_is_on_a_list(cards: Ledger) -> None:
    await on_assistance(cards.register, "h-1")
    await cards.open(ZHOU_JIE, about=("household", "h-1"))
    await cards.do(ZHOU_JIE, "describe", **ILLNESS)
    await cards.do(ZHOU_JIE, "plan", plan="公益岗位")
    await cards.do(XU_LAN, "confirm")
    assert await counted(cards, "unrenewed") == 1
    await cards.do(ZHOU_JIE, "renew", renewed_on="2026-09-25", situation="好转")
    assert await counted(cards, "unrenewed") == 0
    in_month(cards.register, 4)
    assert await counted(cards, "unrenewed") == 1


@pytest.mark.shows("S62")
async def test_a_visit_is_recorded_by_the_helper_or_whom_they_named_once_a_day(
    pairing: Ledger,
) -> None:
    await on_assistance(pairing.register, "h-1")
    await enter(pairing)
    (pairing.entry,) = await entries(pairing)
    await pairing.do(XU_LAN, "assign", **(TOWNSHIP | {"owner": "gao-fei"}))
    visit: dict[str, Any] = {"visited_on": "2026-09-25", "content": "走访"}
    for by, act, words in ((SUN_YU, "visit", visit), (SUN_YU, "name-recorder", RECORDER)):
        answer = await pairing.ask(by, act, **words)
        assert answer.status_code == 409, f"{act} is the helper's own"
    await pairing.do(GAO_FEI, "name-recorder", **RECORDER)
    await pairing.do(SUN_YU, "visit", **visit)
    for by in (SUN_YU, GAO_FEI):
        twice = await pairing.ask(by, "visit", **visit)
        assert twice.json()["needs"] == ["not-visited-that-day"]
    later(pairing.register, 1)
    await pairing.do(GAO_FEI, "visit", **{**visit, "visited_on": "2026-09-26"})
    await pairing.do(XU_LAN, "assign", **TOWNSHIP | {"owner": "zhou-jie"})
    answer = await pairing.ask(SUN_YU, "visit", **{**visit, "visited_on": "2026-09-26"})
    assert answer.json()["needs"] == ["helper-or-recorder"], "another helper, another word"


async def test_who_helps_does_not_evaluate_and_nobody_before_a_visit(pairing: Ledger) -> None:
    await on_assistance(pairing.register, "h-1")
    await enter(pairing)
    (pairing.entry,) = await entries(pairing)
    await pairing.do(XU_LAN, "assign", **(TOWNSHIP | {"owner": "gao-fei"}))
    words: dict[str, Any] = {"evaluated_on": "2026-09-25", "result": "good", "reasons": "收入增加"}
    early = await pairing.ask(XU_LAN, "evaluate", **words)
    assert early.json()["needs"] == ["visited-before"]
    await pairing.do(GAO_FEI, "visit", visited_on="2026-09-25", content="走访")
    own = await pairing.ask(GAO_FEI, "evaluate", **words)
    assert own.json()["needs"] == ["not-the-owner", "not-who-did-it"]
    again = replace(GAO_FEI, subject="staff:gao-fei.2", person="staff:gao-fei")
    other = await pairing.ask(again, "evaluate", **words)
    assert other.json()["needs"] == ["not-the-owner"], "a second account is the same person"
    assert (await pairing.do(XU_LAN, "evaluate", **words))["state"] == "evaluated"


async def test_a_helper_visits_since_they_were_named_and_is_evaluated_by_visits_of_their_own(
    pairing: Ledger,
) -> None:
    await on_assistance(pairing.register, "h-1")
    await enter(pairing)
    (pairing.entry,) = await entries(pairing)
    later(pairing.register, 20)
    await pairing.do(XU_LAN, "assign", **TOWNSHIP)
    for day in ("1990-01-01", "2026-10-14"):
        early = await pairing.ask(SUN_YU, "visit", visited_on=day, content="走访")
        assert early.json()["needs"] == ["dates-in-order"]
    await pairing.do(SUN_YU, "visit", visited_on="2026-10-15", content="走访")
    await pairing.do(XU_LAN, "assign", **(TOWNSHIP | {"owner": "zhou-jie"}))
    words: dict[str, Any] = {"evaluated_on": "2026-10-15", "result": "good", "reasons": "好"}
    other = await pairing.ask(XU_LAN, "evaluate", **words)
    assert other.json()["needs"] == ["visited-before"], "the visit was another's"
    await pairing.do(ZHOU_JIE, "visit", visited_on="2026-10-15", content="走访")
    await pairing.do(XU_LAN, "evaluate", **words)


@pytest.mark.shows("S79")
async def test_what_a_visit_finds_changed_is_on_the_list_of_changes(pairing: Ledger) -> None:
    await on_assistance(pairing.register, "h-1", "h-2")
    await enter(pairing)
    for each in await entries(pairing):
        pairing.entry = each
        await pairing.do(XU_LAN, "assign", **TOWNSHIP)
    visit = {"visited_on": "2026-09-25", "content": "走访"}
    await pairing.do(SUN_YU, "visit", **visit)
    assert await pairing.listed(XU_LAN, list="changed") == []
    later(pairing.register, 1)
    found = visit | {"visited_on": "2026-09-26", "changes": "户主去世"}
    await pairing.do(SUN_YU, "visit", **found)
    assert await pairing.listed(XU_LAN, list="changed") == [pairing.entry["number"]]


@pytest.mark.shows("S63")
async def test_a_household_has_one_card_and_the_villages_register_equals_its_cards(
    cards: Ledger,
) -> None:
    await on_assistance(cards.register, "h-1", "h-2")
    await cards.open(ZHOU_JIE, about=("household", "h-1"))
    again = await cards.ask_to_open(ZHOU_JIE, about=("household", "h-1"))
    assert again.status_code == 409
    assert await missing(cards) == ["h-2"]
    await enter(cards)
    assert await missing(cards) == []
    on_cards = sorted(each["about_words"] for each in await entries(cards))
    assert on_cards == ["h-1", "h-2"]
    early = await cards.ask(XU_LAN, "confirm")
    assert early.json()["needs"] == ["is-described", "is-planned"]
    await cards.do(ZHOU_JIE, "describe", **ILLNESS)
    await cards.do(ZHOU_JIE, "plan", plan="落实大病救助，推荐公益岗位")
    assert (await cards.do(XU_LAN, "confirm"))["state"] == "confirmed"
    await cards.do(XU_LAN, "leave", reason="收入稳定")
    assert (await missing(cards), await left(cards)) == ([], ["h-1"]), "it is on assistance"
    entered = {"entered": 0, "left": 0}
    assert await enter(cards, ZHOU_JIE) == entered, "who writes cards lets nobody come back"
    assert await enter(cards) == entered | {"entered": 1}
    assert await left(cards) == []
    back = await cards.look(XU_LAN)
    assert (back["state"], back["history"][-1]["act"]) == ("drafted", "come-back")


@pytest.mark.shows("S78")
async def test_causes_and_skills_are_found_by_search_and_stand_nowhere_in_clear(
    cards: Ledger,
) -> None:
    await on_assistance(cards.register, "h-1", "h-2")
    await cards.open(ZHOU_JIE, about=("household", "h-1"))
    await cards.do(ZHOU_JIE, "describe", **ILLNESS)
    number = cards.entry["number"]
    for asked in ("cause:illness", "skills:养猪", "skills: 养 猪 ", "other_causes:缺劳力"):
        assert await cards.listed(XU_LAN, found=asked) == [number], asked
    assert await cards.listed(XU_LAN, found="skills:木工") == []
    assert await cards.listed(MA_CHAO, found="cause:illness") == []
    wrong = await cards.register.get("/registers/household-card", XU_LAN, found="plan:x")
    assert wrong.status_code == 422
    tags = cards.register.rows(
        "SELECT name, word_index, row_to_json(t)::text AS whole FROM register_tag t"
    )
    assert tags
    assert not [each for each in tags if "养猪" in each["whole"] or "illness" in each["whole"]]
    await cards.do(ZHOU_JIE, "describe", **(ILLNESS | {"cause": "labour", "skills": "木工"}))
    assert await cards.listed(XU_LAN, found="cause:illness") == []
    assert await cards.listed(XU_LAN, found="skills:木工") == [number]


@pytest.mark.shows("S60")
async def test_every_village_has_one_unit_and_one_cadre_or_is_listed(register: Register) -> None:
    villages = Ledger(register, "village-pairing")
    said = {"each": "village", "area": VILLAGE[:9], "words": {}}
    path = "/registers/village-pairing/each"
    for first in (True, False):
        answer = await register.client.post(path, json=said, headers=register.headers(XU_LAN))
        assert answer.status_code == 201, answer.text
        assert bool(answer.json()["opened"]) == first, "each village once"
    every = await villages.listed(XU_LAN, list="without")
    twice = await villages.ask_to_open(XU_LAN, about=("village", VILLAGE))
    assert twice.json()["type"] == "/problems/already-on-register"
    found = await register.get("/registers/village-pairing", XU_LAN, about=VILLAGE)
    (villages.entry,) = found.json()["items"]
    today = register.app.state.clock.today().isoformat()
    unit = {"unit": "县农业农村局", "owner": "he-jun", "since": today}
    no = await villages.ask(ZHOU_JIE, "assign", **unit)
    assert no.status_code == 403, "whoever answers for the township names it"
    given = await villages.do(XU_LAN, "assign", **unit)
    assert (given["state"], given["owner"], given["due_on"]) == ("helped", "staff:he-jun", None)
    assert len(await villages.listed(XU_LAN, list="without")) == len(every) - 1
    await villages.do(XU_LAN, "assign", **unit | {"owner": "sun-yu"})
    gone = await villages.do(XU_LAN, "withdraw", reason="单位撤并")
    assert (gone["state"], gone["due_on"] is not None) == ("without", True)
    assert await villages.listed(XU_LAN, list="without") == every
    later(register, 90)
    assert await villages.listed(XU_LAN, list="overdue") == every
    await villages.do(XU_LAN, "end", reason="村已合并")
    await villages.open(XU_LAN, about=("village", VILLAGE))
