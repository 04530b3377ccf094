"""Hardship that a list tells of: who is in assistance is helped, who is not comes in, once."""

import pytest

from tests.identification.caseworkers import later
from tests.identification.ledgers import GAO_FEI
from tests.identification.lists import MAKER, a_register, alerts, compared, delivered
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_alert_outcomes import acted, checked, home

FLOOD = "2026-09-02"


@pytest.mark.shows("S03", "S60")
async def test_who_is_struck_is_helped_or_comes_in_and_each_is_told_of_once(
    register: Register,
) -> None:
    await a_register(register)
    struck = (
        (id_number(1), FLOOD, "房屋倒塌", "80000.00"),
        (id_number(5), FLOOD, "严重损坏", "30000.00"),
        (id_number(6), FLOOD, "严重损坏", "30000.00"),
        (id_number(3), "2026-03-31", "房屋倒塌", ""),
        (id_number(900), FLOOD, "房屋倒塌", ""),
    )
    await delivered(register, "disasters", *struck)
    await delivered(
        register, "hospital-bills", (id_number(4), "v-1", "住院", "10000.00", "2026-08")
    )
    found = await checked(register)
    homes = {kind: (each["household_id"], each["person_id"]) for kind, each in found.items()}
    assert homes == {
        "alert_disaster_assisted": (home(register, "h-1"), None),
        "alert_hospital_assisted": (home(register, "h-2"), None),
        "alert_disaster": (home(register, "h-3"), None),
    }
    shown = {
        kind: (await register.get(f"/alerts/{each['alert_id']}", MAKER)).json()
        for kind, each in found.items()
    }
    assert {kind: (each["leads_to"], each["against"]) for kind, each in shown.items()} == {
        "alert_disaster_assisted": (["help"], False),
        "alert_hospital_assisted": (["help"], False),
        "alert_disaster": (["start", "pair"], False),
    }
    said = {line["quantity"]: line["value"] for line in shown["alert_disaster"]["workings"]}
    # The house of one household fell once, whoever of them the list names.
    assert (said["alert_disaster_home_lost"], said["alert_disaster_loss_fen"]) == (1, 3_000_000)
    helped = await acted(register, found["alert_disaster_assisted"], "help")
    assert (helped["state"], helped["led_to"]["kind"]) == ("watched", "lead")
    (lead,) = (await register.get("/registers/lead", GAO_FEI)).json()["items"]
    assert (lead["shown"]["source"], lead["shown"]["programme"]) == ("alert", "temporary")
    led = (await acted(register, found["alert_disaster"], "pair"))["led_to"]
    (paired,) = (await register.get("/registers/pairing", GAO_FEI)).json()["items"]
    assert (paired["entry_id"], paired["about"]) == (led["id"], home(register, "h-3"))
    later(register, 30)
    when = {"month": "2026-11", "as_of": "2026-10-24"}
    await delivered(register, "deaths", (id_number(9), "2026-09-01"), **when)
    again = (id_number(6), FLOOD, "房屋倒塌", "35000.00")
    await delivered(register, "disasters", struck[0], again, **when)
    assert (await compared(register, when["month"]))["alerts_new"] == 0, "of one flood once"
    assert len(await alerts(register)) == 3
