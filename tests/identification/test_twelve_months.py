"""Sums of twelve months are of the twelve before the month compared, whatever a list holds."""

from tests.identification.lists import MAKER, a_register, alerts, compared, delivered
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_comparison import billed


async def test_only_bills_of_the_twelve_months_before_count(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    old, new = ("v-1", "25000.00", "2025-09"), ("v-2", "29000.00", "2025-10")
    assert await billed(register, old, new) == (0, 0), "thirteen months ago"
    assert await billed(register, old, new, ("v-3", "1000.00", "2026-10")) == (0, 0), "not yet"
    assert await billed(register, old, new, ("v-3", "1000.00", "2026-09")) == (1, 1)
    lists = {each["feed"]: each for each in (await register.get("/feeds", MAKER)).json()["items"]}
    reach = {"months": 12, "since": "2025-09", "short": False}
    assert lists["hospital-bills"]["reach"] == reach
    await billed(register, ("v-3", "1000.00", "2026-09"))
    lists = {each["feed"]: each for each in (await register.get("/feeds", MAKER)).json()["items"]}
    assert lists["hospital-bills"]["reach"] == {**reach, "since": "2026-09", "short": True}
    assert lists["deaths"]["reach"] is None


async def test_only_subsidies_of_the_twelve_months_before_count(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    await delivered(register, "public-payroll", (id_number(800), "u-1", "3000.00"))
    await delivered(register, "unemployment", (id_number(800), "2026-09-01", ""))
    for paid_on, found in (("2025-09-30", 0), ("2025-10-01", 1), ("", 1)):  # Of no day: it counts.
        await delivered(register, "subsidies", (id_number(2), "搬迁补助", "90000.00", paid_on))
        assert (await compared(register))["alerts_found"] == found, f"paid on {paid_on}"
    assert [each["kind"] for each in await alerts(register)] == ["alert_income"]
