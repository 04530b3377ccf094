"""What a list says of somebody, looked into and decided, and what is paid for each month; through
identification and benefits as they speak to each other."""

from tests.identification.caseworkers import Walk, a_known_household
from tests.identification.lists import alerts, compared, delivered
from tests.identification.makers import id_number
from tests.identification.test_alert_outcomes import acted, looked_into
from tests.identification.test_disputes import case_of, died, fading
from tests.identification.test_exits import RISEN
from tests.journeys.test_foreseen_sums import Offices, offices

__all__ = ["offices"]


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
