"""What a list says of somebody, looked into and decided, and what is paid for each month; through
identification and benefits as they speak to each other."""

from typing import Final

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    Walk,
    a_known_household,
    in_month,
    later,
)
from tests.identification.lists import alerts, compared, delivered
from tests.identification.makers import id_number
from tests.identification.test_alert_outcomes import acted, looked_into
from tests.identification.test_disputes import case_of, died, fading, settled
from tests.identification.test_exits import RISEN
from tests.identification.test_taken_back import alive, confirmed
from tests.journeys.test_foreseen_sums import Offices, offices

__all__ = ["offices"]
NUMBER: Final = "青民亡〔2026〕1号"
ALONE_FEN: Final = 7000
BOTH_FEN: Final = 26000


async def test_who_died_while_their_household_fades_out_is_paid_no_more(offices: Offices) -> None:
    register = offices.register
    household_id = await a_known_household(register, "h-1", 1, from_month="2026-09")
    assert (await offices.owed("2026-09"))["2026-09"]["dibao"] > 0
    await delivered(register, "deaths", (id_number(1), "2026-09-02"))
    await compared(register)
    (alert,) = await alerts(register)
    risen = await Walk(register).open(category="exit", household_id=household_id)
    await risen.look()
    await risen.found("over-standard", **RISEN)
    await fading(risen)
    await looked_into(register, alert)
    leaving = await case_of(register, (await acted(register, alert, "clear"))["led_to"])
    assert "2026-10" not in await offices.owed("2026-10")
    (dead,) = leaving.case["application"]["members"]
    await died(leaving, dead["key"])
    assert (await offices.owed("2026-11")).keys() == {"2026-09"}


@pytest.mark.parametrize(
    ("listed", "days"),
    [("2026-09-02", 0), ("2026-10-02", 25), (None, 25)],
    ids=["by a list that has it earlier", "by a list", "by nobody's list"],
)
async def test_the_month_of_a_death_is_owed_however_it_is_learned(
    offices: Offices, listed: str | None, days: int
) -> None:
    register = offices.register
    household_id = await a_known_household(register, "h-1", 1, 2, from_month="2026-10")
    today = later(register, days)
    if listed is not None:
        when = {"as_of": today.isoformat()}
        await delivered(register, "deaths", (id_number(2), listed), **when)
        await compared(register)
        (alert,) = await alerts(register)
        assert (await offices.owed("2026-10"))["2026-10"] == {"dibao": ALONE_FEN}
        await looked_into(register, alert, checked_on=today.isoformat())
        leaving = await case_of(register, (await acted(register, alert, "clear"))["led_to"])
    else:
        await offices.owed("2026-10")
        leaving = await Walk(register).open(category="exit", household_id=household_id)
        await leaving.look()
    later(register, 25 - days)
    dead = leaving.case["application"]["members"][1]["key"]
    await leaving.do(CHEN_HONG, "death", person_key=dead, died_on="2026-10-02")
    await leaving.paper(CHEN_HONG, "finding-proof")
    await leaving.do(HE_JUN, "end", decision_number=NUMBER, from_month="2026-11")
    owed = await offices.owed("2026-11")
    assert owed == {"2026-10": {"dibao": BOTH_FEN}, "2026-11": {"dibao": ALONE_FEN}}


async def test_who_was_dead_by_a_list_and_is_alive_is_owed_every_month(offices: Offices) -> None:
    register = offices.register
    await a_known_household(register, "h-1", 1, 2, from_month="2026-10")
    await delivered(register, "deaths", (id_number(2), "2026-09-02"))
    await compared(register)
    (alert,) = await alerts(register)
    await offices.owed("2026-10")
    await looked_into(register, alert)
    leaving = await case_of(register, (await acted(register, alert, "clear"))["led_to"])
    in_month(register, 1)
    await died(leaving, leaving.case["application"]["members"][1]["key"], "2026-11")
    owed = await offices.owed("2026-11")
    assert owed == {month: {"dibao": ALONE_FEN} for month in ("2026-10", "2026-11")}
    walk = Walk(register)
    await alive(walk, 2)
    await confirmed(walk, "青民变〔2026〕9号", "2026-10")
    assert settled(register) == [True, False]
    owed = await offices.owed("2026-12")
    assert owed == {f"2026-{month}": {"dibao": BOTH_FEN} for month in (10, 11, 12)}
