"""An exit that is set aside took nothing away: what it ended is granted until others decide again,
and however they do, each month is owed what the last word on it says."""

from typing import Any, Final

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    Walk,
    a_known_household,
    in_month,
)
from tests.identification.owed import owed
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import stays, told
from tests.identification.test_exits import RISEN

WRONG: Final[dict[str, Any]] = {
    "ends": "dibao",
    "found_on": "2026-09-20",
    "findings": "户主为财政供养人员",
}
DIBAO: Final = {"dibao": 2 * 19000 - 12000}


async def leaving(register: Register) -> Walk:
    """An exit of a household that has drawn dibao since January."""
    household_id = await a_known_household(register, from_month="2026-01")
    return await Walk(register).open(category="exit", household_id=household_id)


async def removed(walk: Walk, by: Caller, number: str, from_month: str) -> None:
    words = {"decision_number": number, "from_month": from_month, "reasons": "不符合条件"}
    await walk.do(by, "remove", **words)


async def set_aside(walk: Walk, number: str) -> str:
    """The decision that stands is set aside; the state in which its case stands again."""
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **{**OUTCOME, "decision_number": number})
    return str((await walk.look())["state"])


async def of_months(register: Register, *months: str) -> list[dict[str, int | None]]:
    return [await owed(register, month, "dibao") for month in months]


async def test_an_exit_that_is_set_aside_took_no_month_however_it_is_decided_again(
    register: Register,
) -> None:
    walk = await leaving(register)
    await walk.found("wrongly-in", **WRONG)
    await removed(walk, HE_JUN, "青民退〔2026〕2号", "2026-03")
    months = "2026-02", "2026-03", "2026-08"
    assert await of_months(register, *months) == [DIBAO, {}, {}]
    assert await set_aside(walk, "青政复〔2026〕3号") == "wrongly-in"
    assert await of_months(register, *months) == [DIBAO, DIBAO, DIBAO]
    await removed(walk, FANG_TING, "青民退〔2026〕5号", "2026-08")
    assert await of_months(register, *months) == [DIBAO, DIBAO, {}], "the months between are owed"
    await set_aside(walk, "青政复〔2026〕4号")
    assert (await walk.do(HE_JUN, "dismiss", reasons="系同名他人"))["state"] == "kept"
    assert await of_months(register, *months) == [DIBAO, DIBAO, DIBAO]


@pytest.mark.breaks("Six months of fading")
async def test_a_fade_out_that_is_set_aside_begins_again_and_one_whose_end_is_fades_on(
    register: Register,
) -> None:
    walk = await leaving(register)
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    faded = await of_months(register, "2026-09", "2026-10")
    assert await set_aside(walk, "青政复〔2026〕3号") == "over-standard"
    assert await of_months(register, "2026-09", "2026-10") == [DIBAO, DIBAO]
    again = await walk.do(FANG_TING, "fade", decision_number="青民退〔2026〕6号")
    assert (again["state"], await of_months(register, "2026-09", "2026-10")) == ("fading", faded)
    in_month(register, 7)
    last: dict[str, Any] = {"shown_on": "2027-04-01", "unsigned_because": "拒不签字"}
    await walk.do(FANG_TING, "exit", decision_number="青民退〔2027〕1号", **last)
    assert await set_aside(walk, "青政复〔2027〕4号") == "fading"
    assert (await told(register)).facts["dibao_above_standard_on"] == 20260920


async def test_a_move_that_is_set_aside_left_nobody(register: Register) -> None:
    walk = await leaving(register)
    await walk.do(CHEN_HONG, "moved-away", moved_on="2026-09-25", moved_to="成都市武侯区")
    await walk.paper(WANG_FANG, "finding-proof")
    await walk.tell()
    words = {"reasons": "迁出本县", "from_month": "2026-10"}
    await walk.do(HE_JUN, "leave", decision_number="青民退〔2026〕9号", **words)
    assert await set_aside(walk, "青政复〔2026〕3号") == "moved"
    assert {until for *_, until in stays(register)} == {None}
    assert await of_months(register, "2026-10") == [DIBAO]
    await walk.do(FANG_TING, "leave", decision_number="青民退〔2026〕10号", **words)
    assert {until for *_, until in stays(register)} == {"2026-09"}
    assert await of_months(register, "2026-09", "2026-10") == [DIBAO, {}]
