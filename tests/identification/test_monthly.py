"""Each month is compared by itself once its lists are there, and what it waits for is said."""

from dataclasses import replace
from typing import Any

import pytest

from services.identification.comparison import monthly
from tests.identification.caseworkers import later
from tests.identification.lists import (
    COMPARER,
    MAKER,
    a_register,
    alerts,
    compared,
    delivered,
    work,
)
from tests.identification.makers import id_number
from tests.identification.register import Register


async def begun(register: Register) -> bool:
    """Whether the newest month's comparison begins now, by itself."""
    state = register.app.state
    done = await monthly.begin(state.context, state.feeds, state.casework)
    await work(register)
    return done


async def without(register: Register) -> list[dict[str, Any]]:
    """The months without a comparison, as the page lists them."""
    found: list[dict[str, Any]] = (await register.get("/comparisons", MAKER)).json()["without"]
    return found


@pytest.mark.shows("S03")
async def test_a_month_begins_on_its_day_and_says_what_it_waits_for(register: Register) -> None:
    await a_register(register)
    assert await without(register) == [], "nobody ever sent a list here"
    await delivered(register, "deaths", (id_number(2), "2026-07-02"), as_of="2026-08-01")
    (waiting,) = await without(register)
    assert (waiting["month"], waiting["since"], waiting["stopping"]) == (
        "2026-10", "2026-09-20", ["deaths"],
    )  # fmt: skip
    later(register, 20)
    assert not await begun(register), "without deaths nothing is compared, however long it takes"
    await delivered(register, "deaths", (id_number(2), "2026-09-02"), as_of="2026-10-14")
    (waiting,) = await without(register)
    assert waiting["stopping"] == []
    assert "vehicles" in waiting["missing"]
    assert await begun(register), "it has waited long enough for the others"
    assert await without(register) == []
    assert [each["kind"] for each in await alerts(register)] == ["alert_death"]
    assert not await begun(register), "once a month"
    (done,) = (await register.get("/comparisons", MAKER)).json()["items"]
    assert (done["month"], done["opened_by"], done["status"]) == (
        "2026-10", "identification", "compared",
    )  # fmt: skip


async def test_the_days_of_waiting_are_for_lists_that_may_still_come(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(2), "2026-09-02"))
    assert not await begun(register), "on the sixth day it still waits for the others"
    register.app.state.feeds = {"deaths": register.app.state.feeds["deaths"]}
    assert await begun(register), "all its lists are there"


async def test_a_month_that_went_by_is_listed_and_another_begins_on_its_own_day(
    register: Register,
) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-02"), month="2026-09")
    assert [(each["month"], each["by_itself"]) for each in await without(register)] == [
        ("2026-10", True), ("2026-09", False),
    ]  # fmt: skip
    await compared(register)
    later(register, 24)
    assert [each["month"] for each in await without(register)] == ["2026-09"]
    later(register, 1)
    found = [(each["month"], each["by_itself"]) for each in await without(register)]
    assert found == [("2026-11", True), ("2026-09", False)]


@pytest.mark.shows("S03")
async def test_a_month_that_went_by_is_compared_late_and_again_with_the_lists_of_its_time(
    register: Register,
) -> None:
    await a_register(register)
    old = {"month": "2026-08", "as_of": "2026-07-31"}
    await delivered(register, "deaths", (id_number(9), "2026-07-02"), **old)
    await delivered(register, "public-payroll", (id_number(3), "u-1", "3000.00"))
    later(register, 120)
    stopped = await register.client.post(
        "/comparisons", json={"month": "2026-10"}, headers=register.headers(COMPARER)
    )
    assert stopped.json()["feeds"] == ["deaths"], "it was too old then, and is no fresher now"
    await delivered(register, "deaths", (id_number(2), "2026-09-02"))
    late = await compared(register)
    standings = {each["feed"]: each["standing"] for each in late["feeds"]}
    assert (standings["deaths"], standings["public-payroll"]) == ("fresh", "fresh")
    assert {each["kind"] for each in await alerts(register)} == {"alert_death", "alert_payroll"}
    later(register, 120)
    assert (await compared(register))["attempt"] == 1, "there is nothing else to compare it with"
    await delivered(
        register, "public-payroll", (id_number(4), "u-1", "3000.00"), as_of="2026-09-25"
    )
    again = await compared(register)
    assert (again["attempt"], again["alerts_new"]) == (2, 1)


async def test_where_nothing_begins_by_itself_nothing_is_waited_for(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-02"))
    assert len(await without(register)) == 1
    settings = register.app.state.casework
    never = {**settings.words, "comparison_day": 0}
    register.app.state.casework = replace(settings, words=never)
    assert await without(register) == []
