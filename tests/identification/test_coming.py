"""Whoever comes from another household goes on with what they were granted; whoever was elsewhere
in between applies anew, and is told so before it is decided."""

from typing import Any

import pytest

from tests.identification.caseworkers import CHEN_HONG, HE_JUN, ZHANG_LI, Walk, in_month
from tests.identification.makers import a_csv, a_household, a_person, decided, id_number, rows_of
from tests.identification.owed import owed
from tests.identification.register import Register
from tests.identification.test_months_owed import NURSING, NURSING_FEN, handed_in

DRAWN = {"disability_nursing": "是", "disability_grade": "一级", "disability_kind": "肢体"}
NURSED = {NURSING: NURSING_FEN}


async def two_homes(register: Register) -> None:
    """Li Wei's son draws nursing at h-1; at h-2 an old woman draws her allowance."""
    son = a_person(2, name="李丙", **DRAWN)
    old = a_person(4, name="李戊", id_number=id_number(4, "19300304"), old_age="是")
    homes = (
        a_household("h-1", a_person(1, name="李乙"), son, **decided()),
        a_household("h-2", old, **decided()),
    )
    await register.imported(a_csv(rows_of(*homes)))


async def changed(
    register: Register, home: str, act: str, from_month: str, **words: Any
) -> dict[str, Any]:
    """A change of a household that is decided as the household itself reported it; what it showed
    before that."""
    walk = await Walk(register).open(category="change", household_number=home, village=None)
    await walk.look()
    if act == "move-out":
        members = walk.case["application"]["members"]
        words["person_key"] = next(e["key"] for e in members if e["name"] == "李丙")
    await walk.do(CHEN_HONG, act, **words)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    shown: dict[str, Any] = (await walk.look())["effect"]["households"][0]
    if walk.case["state"] == "surveying":
        await walk.looked_into()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    number = f"青民变〔2026〕{home}{act}{from_month}号"
    await walk.do(HE_JUN, "confirm", decision_number=number, from_month=from_month)
    return shown


async def moves_out(register: Register) -> None:
    """The son leaves h-1 with October."""
    in_month(register, 1)
    await changed(register, "h-1", "move-out", "2026-11", until="2026-10", reason="外出")
    assert await owed(register, "2026-11", NURSING) == {}


def the_son(since: str) -> dict[str, Any]:
    return {"name": "李丙", "relation": "子女", "id_number": id_number(2), "since": since}


@pytest.mark.parametrize("home", ["h-1", "h-2"])
async def test_who_moves_out_and_then_in_with_no_month_between_goes_on(
    register: Register, home: str
) -> None:
    await two_homes(register)
    await moves_out(register)
    shown = await changed(register, home, "move-in", "2026-11", **the_son("2026-11"))
    ((granted,),) = (each["goes_on"] for each in shown["comes"])
    assert granted["en"] == "the two disability subsidies"
    assert await owed(register, "2026-11", NURSING) == NURSED


@pytest.mark.parametrize("home", ["h-1", "h-2"])
async def test_who_comes_back_after_months_elsewhere_applies_anew(
    register: Register, home: str
) -> None:
    await two_homes(register)
    await moves_out(register)
    in_month(register, 1)
    shown = await changed(register, home, "move-in", "2026-12", **the_son("2026-12"))
    assert ["applies_anew" in each for each in shown["comes"]] == [True]
    assert await owed(register, "2026-12", NURSING) == {}


async def test_who_is_granted_something_in_another_household_brings_the_rest(
    register: Register,
) -> None:
    await two_homes(register)
    await moves_out(register)
    in_month(register, 1)
    alone = {"key": "head", "name": "李丙", "relation": "户主", "id_number": id_number(2)}
    walk = await handed_in(register, "old-age", members=[alone], whose="head")
    await walk.complete()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕931号")
    assert await owed(register, "2026-12", NURSING) == NURSED
