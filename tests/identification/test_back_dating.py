"""No decision and no appeal reaches back further than there is ground for."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
)
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import NUMBER, decided, described, told

TOO_FAR = "/problems/too-far-back"
FOUND: dict[str, Any] = {"income_fen_monthly": 12000}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.mark.breaks("Owed from when it was asked")
async def test_nothing_is_owed_from_before_it_was_applied_for(walk: Walk) -> None:
    await walk.refused()
    in_month(walk.register, 1)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    for act, words in (
        ("set-aside", {"owed_from": "2026-08"}),
        ("win", {"from_month": "2024-11", **FOUND}),
    ):
        answer = await appeal.ask(SUN_LEI, act, **OUTCOME, **words)
        assert (answer.json()["type"], answer.json()["first_month"]) == (TOO_FAR, "2026-09")
    await appeal.do(SUN_LEI, "win", **OUTCOME, **FOUND, from_month="2026-09")
    assert str((await told(walk.register, walk.case["receipt"])).from_month) == "2026-09"


@pytest.mark.breaks("Owed from when it was asked")
async def test_another_income_is_not_decided_from_before_it_was_said(walk: Walk) -> None:
    await described(walk, ("income", {"income_fen_monthly": 90000, "reason": "有工作了"}))
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words: dict[str, Any] = {"decision_number": NUMBER, "from_month": "2026-08"}
    answer = await walk.ask(HE_JUN, "confirm", **words)
    assert (answer.json()["type"], answer.json()["first_month"]) == (TOO_FAR, "2026-09")
    assert len(walk.register.rows("SELECT 1 FROM determination")) == 1


async def test_what_was_so_earlier_is_decided_from_when_it_was_so(walk: Walk) -> None:
    household_id = await a_known_household(walk.register, from_month="2026-01")
    await walk.open(category="change", household_id=household_id)
    key = (await walk.look())["application"]["members"][1]["key"]
    await walk.do(CHEN_HONG, "death", person_key=key, died_on="2026-06-30")
    await walk.paper(CHEN_HONG, "finding-proof")
    await walk.do(CHEN_HONG, "submit")
    await decided(walk, "2026-07")
    assert str((await told(walk.register)).from_month) == "2026-07"


async def test_what_was_ended_wrongly_is_owed_from_when_it_was_ended(walk: Walk) -> None:
    household_id = await a_known_household(walk.register, from_month="2026-01")
    await walk.open(category="exit", household_id=household_id)
    await walk.found(
        "wrongly-in", ends="dibao", found_on="2026-09-20", findings="户主为财政供养人员"
    )
    removal = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-03"}
    await walk.do(HE_JUN, "remove", reasons="不符合条件", **removal)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    answer = await appeal.ask(SUN_LEI, "win", **OUTCOME, from_month="2026-02")
    assert (answer.json()["type"], answer.json()["first_month"]) == (TOO_FAR, "2026-03")
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-03")


@pytest.mark.breaks("Owed from when it was asked")
async def test_nothing_is_decided_from_before_anything_was(walk: Walk) -> None:
    await described(walk, ("death", {"person_key": (1,), "died_on": "2020-01-30"}))
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words: dict[str, Any] = {"decision_number": NUMBER, "from_month": "2020-01"}
    answer = await walk.ask(HE_JUN, "confirm", **words)
    assert (answer.json()["type"], answer.json()["first_month"]) == (TOO_FAR, "2026-09")
