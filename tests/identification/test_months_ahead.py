"""No decision names a month further ahead than the next, and nobody is asked for who comes then."""

from typing import Any

import pytest

from services.identification.casework.needs import months
from services.identification.casework.paths import all_paths
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import NUMBER, a_newcomer, described, stays, written

AHEAD = "2026-11"
"""The month after the next, of a decision in September."""
REMOVAL: dict[str, Any] = {"decision_number": "青民退〔2026〕2号", "reasons": "不符合条件"}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def at_hand_wanted(walk: Walk, by: Any, act: str, **words: Any) -> bool:
    answer = await walk.ask(by, act, **words)
    return answer.status_code == 409 and "month-at-hand" in answer.json()["needs"]


def decided(register: Register) -> list[str]:
    rows = register.rows("SELECT from_month FROM determination ORDER BY id")
    return [row["from_month"] for row in rows]


def test_every_month_of_a_case_is_one_at_hand() -> None:
    for category, path in all_paths().items():
        for act in path.acts.values():
            said = {field.name for field in act.fields.values() if field.type == "month"}
            assert said <= set(months.NAMED), (category, act.name)
            assert not said or "month-at-hand" in act.needs, (category, act.name)


@pytest.mark.breaks("Decided for now")
async def test_who_was_wrongly_in_does_not_stay_for_years_out_of_sight(walk: Walk) -> None:
    household_id = await a_known_household(walk.register, from_month="2026-01")
    await walk.open(category="exit", household_id=household_id)
    await walk.found(
        "wrongly-in", ends="dibao", found_on="2026-09-20", findings="户主为财政供养人员"
    )
    for month in ("2035-03", AHEAD):
        assert await at_hand_wanted(walk, HE_JUN, "remove", **REMOVAL, from_month=month)
    assert decided(walk.register) == ["2026-01"]
    await walk.do(HE_JUN, "remove", **REMOVAL, from_month="2026-10")
    assert decided(walk.register) == ["2026-01", "2026-10"]


@pytest.mark.breaks("Decided for now")
async def test_an_end_and_a_lower_sum_are_decided_for_the_next_month_at_the_latest(
    walk: Walk,
) -> None:
    household_id = await a_known_household(walk.register, from_month="2026-01")
    await walk.open(category="exit", household_id=household_id)
    key = (await walk.look())["application"]["members"][1]["key"]
    await walk.do(CHEN_HONG, "death", person_key=key, died_on="2026-09-20")
    await walk.paper(CHEN_HONG, "finding-proof")
    number = {"decision_number": "青民退〔2026〕3号"}
    assert await at_hand_wanted(walk, HE_JUN, "end", **number, from_month="2035-10")
    await walk.do(HE_JUN, "end", **number, from_month="2026-10")
    income = Walk(walk.register)
    await income.open(category="change", household_id=household_id)
    await income.do(CHEN_HONG, "income", income_fen_monthly=13000, reason="有工作了")
    await income.paper(CHEN_HONG, "change-letter")
    await income.do(CHEN_HONG, "submit")
    await income.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": NUMBER}
    assert await at_hand_wanted(income, HE_JUN, "confirm", **words, from_month=AHEAD)
    await income.do(HE_JUN, "confirm", **words, from_month="2026-10")


async def test_whoever_wishes_to_leave_does_so_with_the_next_month(walk: Walk) -> None:
    household_id = await a_known_household(walk.register, from_month="2026-01")
    await walk.open(category="exit", household_id=household_id)
    letter = await walk.paper(CHEN_HONG, "exit-letter")
    await walk.do(CHEN_HONG, "own-wish", ends="dibao", letter_id=letter, signed_on="2026-09-25")
    leaving = {**REMOVAL, "shown_on": "2026-09-25"}
    assert await at_hand_wanted(walk, HE_JUN, "leave", **leaving, from_month=AHEAD)
    await walk.do(HE_JUN, "leave", **leaving, from_month="2026-10")


async def test_no_appeal_puts_back_from_a_month_to_come_what_was_ended(walk: Walk) -> None:
    household_id = await a_known_household(walk.register, from_month="2026-01")
    await walk.open(category="exit", household_id=household_id)
    await walk.found(
        "wrongly-in", ends="dibao", found_on="2026-09-20", findings="户主为财政供养人员"
    )
    await walk.do(HE_JUN, "remove", **REMOVAL, from_month="2026-10")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    assert await at_hand_wanted(appeal, SUN_LEI, "set-aside", **OUTCOME, owed_from=AHEAD)
    assert await at_hand_wanted(appeal, SUN_LEI, "win", **OUTCOME, from_month=AHEAD)
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("move-out", {"person_key": (1,), "until": "2035-12", "reason": "外出"}),
        ("move-in", a_newcomer(since=AHEAD)),
        ("marriage", a_newcomer(since=AHEAD)),
        ("birth", a_newcomer(since=AHEAD)),
        (
            "split",
            {"person_key": (1,), "since": AHEAD, "circumstance": "moved", "income_fen_monthly": 0},
        ),
        ("merge", {"household_number": "h-2", "head_relation": "配偶", "since": AHEAD}),
    ],
)
@pytest.mark.breaks("Decided for now")
async def test_nobody_is_asked_for_who_comes_or_goes_after_the_next_month(
    walk: Walk, act: str, words: dict[str, Any]
) -> None:
    await written(walk)
    said = {
        name: walk.case["application"]["members"][word[0]]["key"]
        if isinstance(word, tuple)
        else word
        for name, word in words.items()
    }
    assert await at_hand_wanted(walk, CHEN_HONG, act, **said)


async def test_who_goes_with_the_next_month_is_asked_for_now(walk: Walk) -> None:
    await described(walk, ("move-out", {"person_key": (1,), "until": "2026-10", "reason": "外出"}))
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    assert ("h-1", "李丙", "2010-01", "2026-10") in stays(walk.register)


async def test_what_was_asked_for_long_ahead_once_is_not_decided_before_it_comes(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as once:
        once.setattr(months, "MONTHS_AHEAD", 120)
        leaves = {"person_key": (1,), "until": "2035-12", "reason": "外出"}
        await described(walk, ("move-out", leaves))
        await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": NUMBER, "from_month": "2026-10"}
    assert await at_hand_wanted(walk, HE_JUN, "confirm", **words)
    await walk.do(HE_JUN, "reopen", reason="月份写错了")
    await walk.do(CHEN_HONG, "start-over")


async def test_nobody_lives_there_before_they_are_born(walk: Walk) -> None:
    await written(walk)
    without = {"no_id_reason": "未办出生登记", "born_on": "2026-09-01"}
    unnumbered = {**without, "name": "李新", "relation": "子女", "since": "2026-09"}
    for said in (a_newcomer(), unnumbered):
        answer = await walk.ask(WANG_FANG, "birth", **{**said, "since": "2026-08"})
        assert answer.json()["needs"] == ["here-since-birth"]
        await walk.do(WANG_FANG, "birth", **said)
        await walk.do(WANG_FANG, "start-over")
    grown = a_newcomer(id_number=id_number(9, "19900901"), since="2011-01")
    await walk.do(WANG_FANG, "move-in", **grown)
