"""Pupils kept in school, people placed in work: one line each, and what came of it."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    in_month,
    later,
    sets,
)
from tests.identification.ledgers import XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import a_csv, a_household, a_person, id_number, on_dibao, rows_of
from tests.identification.register import Register, benefits

PRIMARY = {
    "stage": "primary",
    "school": "青龙小学",
    "hardship": "dibao",
    "surveyed_on": "2026-09-10",
}
POST = {
    "post": "保洁员",
    "employer": "青龙镇人民政府",
    "offered_on": "2026-09-20",
    "suitable": True,
}
AT_WORK = {"status": "employed", "placed_on": "2026-09-24", "wage_fen_monthly": 200000}
LOST = {"status": "unemployed", "lost_on": "2026-09-24", "reason": "没去"}


@pytest.fixture
def pupils(register: Register) -> Ledger:
    return Ledger(register, "pupil")


@pytest.fixture
def workers(register: Register) -> Ledger:
    return Ledger(register, "employment")


async def known(register: Register, count: int) -> list[str]:
    """People of the register, by ID number."""
    orders = range(1, count + 1)
    households = [a_household(f"h-{each}", a_person(each), **on_dibao()) for each in orders]
    await register.imported(a_csv(rows_of(*households)))
    return [id_number(each) for each in orders]


async def counted(ledger: Ledger, listing: str) -> dict[str, Any]:
    lists = (await ledger.counts(XU_LAN))["lists"]
    found: dict[str, Any] = next(each for each in lists if each["list"] == listing)
    return found


async def refused(workers: Ledger) -> tuple[int, bool]:
    """One more suitable post refused: how many in a row, and whether a change is opened."""
    words = {"refused_on": "2026-09-24", "good_reason": False, "reason": "嫌远"}
    await workers.do(ZHOU_JIE, "offer", **POST)
    await workers.do(ZHOU_JIE, "refuse", **words)
    said = workers.entry["history"][-1]["words"]
    return said["refused_in_a_row"], "change_case" in said


@pytest.mark.shows("S30")
async def test_each_absence_is_listed_until_something_came_of_it(pupils: Ledger) -> None:
    (one,) = await known(pupils.register, 1)
    await pupils.open(ZHOU_JIE, about=("person", one), **PRIMARY)
    assert (await counted(pupils, "unchecked"))["count"] == 1
    await pupils.do(ZHOU_JIE, "absent", month="2026-09", absent_days=6, reason="随父母外出")
    assert (await counted(pupils, "absent"))["count"] == 1
    silent = await pupils.ask(ZHOU_JIE, "check", month="2026-09")
    assert silent.status_code == 409
    later(pupils.register, 30)
    assert (await counted(pupils, "overdue"))["count"] == 1
    assert (await counted(pupils, "absent-unsaid"))["count"] == 1
    since = pupils.entry["state_due_on"]
    await pupils.do(ZHOU_JIE, "absent", month="2026-10", absent_days=12, reason="仍在外地")
    assert pupils.entry["state_due_on"] == since, "their days run from when they first stayed away"
    assert (await counted(pupils, "absent-unsaid"))["count"] == 0
    assert len(await pupils.listed(XU_LAN, list="absent-this-month")) == 1
    await pupils.do(ZHOU_JIE, "returned", returned_on="2026-10-20", measures="三次上门劝返")
    assert (await counted(pupils, "absent"))["count"] == 0
    assert (await counted(pupils, "absent-this-month"))["count"] == 1, "with what came of it"
    await pupils.do(ZHOU_JIE, "check", month="2026-10")
    assert (await counted(pupils, "unchecked"))["count"] == 0
    in_month(pupils.register, 1)
    assert (await counted(pupils, "unchecked"))["count"] == 1


@pytest.mark.shows("S32")
async def test_the_summary_of_pupils_equals_the_sum_of_their_forms(pupils: Ledger) -> None:
    for order, one in enumerate(await known(pupils.register, 4)):
        stage = "primary" if order < 3 else "junior"
        await pupils.open(ZHOU_JIE, about=("person", one), **(PRIMARY | {"stage": stage}))
    again = await pupils.ask_to_open(ZHOU_JIE, about=("person", id_number(1)), **PRIMARY)
    assert again.status_code == 409
    await pupils.do(XU_LAN, "change-school", stage="senior", school="青神中学")
    counts = await pupils.counts(XU_LAN)
    stages, hardships = counts["fields"]
    by_stage = {each["word"]: each for each in stages["choices"] if each["count"]}
    assert {word: each["count"] for word, each in by_stage.items()} == {"primary": 3, "senior": 1}
    for each in by_stage.values():
        assert len(await pupils.listed(XU_LAN, **each["query"])) == each["count"]
    for summary in (stages, hardships):
        assert sum(each["count"] for each in summary["choices"]) == counts["all"] == 4
    assert len(await pupils.listed(XU_LAN, found="school:青龙小学")) == 3


@pytest.mark.shows("S33")
async def test_one_line_a_person_dated_and_the_placed_are_counted_against_the_target(
    workers: Ledger,
) -> None:
    one, two = await known(workers.register, 2)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed", skills="焊工")
    again = await workers.ask_to_open(ZHOU_JIE, about=("person", one), status="unemployed")
    assert again.status_code == 409
    await workers.do(ZHOU_JIE, "offer", **POST)
    placed = {"status": "employed", "placed_on": "2026-09-24", "wage_fen_monthly": 200000}
    await workers.do(ZHOU_JIE, "place", **placed)
    assert (await counted(workers, "placed"))["count"] == 1
    history = (await workers.look(XU_LAN))["history"]
    assert [(each["act"], each["on"]) for each in history] == [
        ("open", "2026-09-25"), ("offer", "2026-09-25"), ("place", "2026-09-25"),
    ]  # fmt: skip
    await workers.open(ZHOU_JIE, about=("person", two), status="unemployed")
    assert (await counted(workers, "placed"))["target"] is None
    assert await workers.listed(XU_LAN, found="skills:焊工") == ["JY-2026-0001"]
    in_month(workers.register, 4)
    assert (await counted(workers, "placed"))["count"] == 0


@pytest.mark.shows("S35")
async def test_suitable_posts_refused_in_a_row_change_what_is_decided_of_the_person(
    workers: Ledger,
) -> None:
    (one,) = await known(workers.register, 1)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed")
    refusal = {"refused_on": "2026-09-24", "good_reason": False, "reason": "嫌远"}
    reckoned = []
    for suits, words in (
        (True, refusal),
        (False, refusal),
        (True, refusal | {"good_reason": True}),
        (True, refusal),
        (True, refusal),
    ):
        await workers.do(ZHOU_JIE, "offer", **(POST | {"suitable": suits}))
        await workers.do(ZHOU_JIE, "refuse", **words)
        said = workers.entry["history"][-1]["words"]
        reckoned.append((said["refused_in_a_row"], "change_case" in said))
    assert reckoned == [(1, False), (1, False), (1, False), (2, False), (3, True)]
    found = await workers.register.get("/cases", CHEN_HONG, query=said["change_case"])
    walk = Walk(workers.register, case=found.json()["items"][0])
    (home,) = (await walk.look(ZHANG_LI))["effect"]["households"]
    assert [each["facts"] for each in home["members"]] == [{"work_offers_refused": 3}]
    await walk.do(CHEN_HONG, "submit")
    await walk.paper(WANG_FANG, "finding-proof")
    await walk.tell()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number="青民变〔2026〕12号", from_month="2026-10")
    rows = workers.register.rows("SELECT id FROM determination ORDER BY id DESC LIMIT 1")
    answer = await workers.register.client.get(
        "/determinations",
        params={"determination_id": str(rows[0]["id"])},
        headers=workers.register.headers(benefits(), "benefits"),
    )
    (decided,) = answer.json()["items"]
    assert [each["facts"]["work_offers_refused"] for each in decided["members"]] == [3]
    later(workers.register, 1)
    again = [await refused(workers) for _ in range(3)]
    assert again == [(1, False), (2, False), (3, True)], "counted from what was decided"
    assert await refused(workers) == (4, False), "a change is open"


async def test_refusals_count_anew_once_the_county_found_nothing_in_them(
    workers: Ledger,
) -> None:
    (one,) = await known(workers.register, 1)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed")
    assert [await refused(workers) for _ in range(3)][-1] == (3, True)
    receipt = workers.entry["history"][-1]["words"]["change_case"]
    found = await workers.register.get("/cases", CHEN_HONG, query=receipt)
    walk = Walk(workers.register, case=found.json()["items"][0])
    answer = await walk.ask(CHEN_HONG, "withdraw", reason="误登")
    assert answer.json()["needs"] == ["households-matter"], "an office found it"
    await walk.do(HE_JUN, "dismiss", reasons="岗位并不合适")
    assert await refused(workers) == (1, False)


async def test_a_place_that_lowers_its_number_acts_on_those_who_are_past_it(
    workers: Ledger,
) -> None:
    (one,) = await known(workers.register, 1)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed")
    await refused(workers)
    assert await refused(workers) == (2, False)
    sets(workers.register, "refused_offers_max: 1")
    assert await refused(workers) == (3, True)


@pytest.mark.shows("S35")
async def test_only_a_placing_that_lasted_begins_the_count_of_refusals_anew(
    workers: Ledger,
) -> None:
    (one,) = await known(workers.register, 1)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed")
    assert await refused(workers) == (1, False)
    await _placed(workers)
    await workers.do(
        ZHOU_JIE, "follow", followed_on="2026-09-25", situation="在岗", status="employed"
    )
    await workers.do(ZHOU_JIE, "lose", **LOST)
    assert await refused(workers) == (2, False), "placed and lost by one word of one day"
    await _placed(workers)
    await workers.do(XU_LAN, "lose", **LOST)
    assert await refused(workers) == (1, False), "another says that it was lost"
    await _placed(workers)
    later(workers.register, 3)
    gone = {"status": "unemployed", "situation": "没有上岗"}
    await workers.do(ZHOU_JIE, "follow", followed_on="2026-09-28", **gone)
    await workers.do(ZHOU_JIE, "lose", **LOST)
    assert await refused(workers) == (2, False), "nobody saw them at work"
    await _placed(workers)
    later(workers.register, 1)
    await workers.do(
        ZHOU_JIE, "follow", followed_on="2026-09-29", situation="在岗", status="employed"
    )
    await workers.do(ZHOU_JIE, "lose", **LOST)
    assert await refused(workers) == (1, False)


async def test_a_placing_that_is_over_is_not_shown_to_have_lasted_by_what_is_said_later(
    workers: Ledger,
) -> None:
    (one,) = await known(workers.register, 1)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed")
    assert await refused(workers) == (1, False)
    await _placed(workers)
    await workers.do(ZHOU_JIE, "lose", **LOST)
    await workers.do(XU_LAN, "end", reason="不再援助")
    await workers.do(ZHOU_JIE, "begin-again", status="unemployed")
    assert await refused(workers) == (2, False), "what ended was not that placing"
    await _placed(workers)
    await workers.do(XU_LAN, "end", reason="已就业")
    await workers.do(ZHOU_JIE, "begin-again", status="unemployed")
    assert await refused(workers) == (1, False), "another ended it at the post"


@pytest.mark.shows("S33")
async def test_whoever_is_placed_works_for_a_wage_since_it_was_offered(workers: Ledger) -> None:
    (one,) = await known(workers.register, 1)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed")
    await workers.do(ZHOU_JIE, "offer", **POST)
    for status in ("unemployed", "unfit"):
        answer = await workers.ask(ZHOU_JIE, "place", **(AT_WORK | {"status": status}))
        assert answer.status_code == 422
    for wrong, need in (
        ({"wage_fen_monthly": 0}, "wage-is-paid"),
        ({"placed_on": "2026-09-19"}, "dates-in-order"),
    ):
        answer = await workers.ask(ZHOU_JIE, "place", **(AT_WORK | wrong))
        assert answer.json()["needs"] == [need]
    await workers.do(ZHOU_JIE, "place", **AT_WORK)
    early = await workers.ask(ZHOU_JIE, "lose", **(LOST | {"lost_on": "2026-09-23"}))
    assert early.json()["needs"] == ["dates-in-order"]
    await workers.do(ZHOU_JIE, "lose", **LOST)


async def _placed(workers: Ledger) -> None:
    await workers.do(ZHOU_JIE, "offer", **POST)
    await workers.do(ZHOU_JIE, "place", **AT_WORK)


async def test_refusals_of_somebody_who_lives_nowhere_any_more_change_no_household(
    workers: Ledger,
) -> None:
    (one,) = await known(workers.register, 1)
    await workers.open(ZHOU_JIE, about=("person", one), status="unemployed")
    await workers.register.change("UPDATE membership SET until = '2026-09'")
    most = workers.register.app.state.casework.number("refused_offers_max")
    for _ in range(most):
        await workers.do(ZHOU_JIE, "offer", **POST)
        words = {"refused_on": "2026-09-24", "good_reason": False, "reason": "已离开本县"}
        await workers.do(ZHOU_JIE, "refuse", **words)
    said = workers.entry["history"][-1]["words"]
    assert said["refused_in_a_row"] == most
    assert "change_case" not in said
