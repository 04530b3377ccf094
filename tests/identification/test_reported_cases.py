"""Cases in the reports: open or ended, by outcome and in time, as they stood in each period."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    FANG_TING,
    HE_JUN,
    SUN_LEI,
    Walk,
    in_month,
)
from tests.identification.citizens import Phone, admitted
from tests.identification.register import Register
from tests.identification.reporters import by_of, lines_of, records, report
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_retention import swept


async def test_cases_are_told_by_outcome_and_by_time(register: Register) -> None:
    walk = await Walk(register).accepted()
    await Walk(register).open()
    september = "/reports/month/2026-09"
    told = lines_of(await report(register, september))
    assert (told["cases-arrived"]["number"], told["cases-open"]["number"]) == (1, 1)
    assert by_of(told["cases-open"], "in_time") == {"running": 1}
    in_month(register, 3)
    assert await swept(register, "drafts") == {"drafts": 1}, "what an office began and left"
    register.app.state.shelf.forget()
    (behind,) = await records(register, "cases-arrived", path=september)
    assert behind["receipt"] == walk.case["receipt"]
    told = lines_of(await report(register, "/reports/month/2026-12"))
    assert told["cases-arrived"]["number"] == 0
    assert by_of(told["cases-late"], "stage") == {"open": 1}
    (late,) = await records(register, "cases-late", path="/reports/month/2026-12")
    assert (late["receipt"], late["name"]) == (walk.case["receipt"], "李伟")


async def test_a_case_is_in_time_by_the_days_its_clock_ran(register: Register) -> None:
    walk = await Walk(register).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕20号")
    month = f"/reports/month/{register.app.state.clock.month()}"
    told = lines_of(await report(register, month))
    assert by_of(told["cases-ended"], "outcome") == {"granted": 1}
    assert by_of(told["cases-ended"], "in_time") == {"in-time": 1}
    assert told["in-time-rate"]["basis_points"] == 10_000


@pytest.mark.shows("S07")
async def test_what_was_set_aside_is_open_again_and_told_as_it_is_decided_then(
    register: Register,
) -> None:
    walk = await Walk(register).refused()
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    in_month(register, 1)
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await walk.look()

    async def told(month: str) -> dict[str, Any]:
        register.app.state.shelf.forget()
        return lines_of(await report(register, f"/reports/month/{month}"))

    assert by_of((await told("2026-10"))["cases-ended"], "outcome") == {"refused": 1}
    again = await told("2026-11")
    assert "dibao" not in by_of(again["cases-ended"], "category")
    assert by_of(again["cases-open"], "category")["dibao"] == 1
    in_month(register, 3)
    late = await told("2027-02")
    assert by_of(late["cases-late"], "category")["dibao"] == 1, "it has a clock of its own"
    await walk.do(FANG_TING, "confirm", decision_number="青民决〔2027〕21号")
    assert by_of((await told("2027-02"))["cases-ended"], "outcome") == {"granted": 1}
    between = await told("2026-12")
    assert by_of(between["cases-open"], "category")["dibao"] == 1, "it was open all the while"


@pytest.mark.shows("S07")
async def test_what_a_citizen_has_not_handed_in_is_in_no_report_and_came_when_they_did(
    register: Register,
) -> None:
    """It is nobody's but theirs: not even that somebody of that name has begun."""
    phone = await Phone(register, await admitted(register)).begin()
    told = lines_of(await report(register, "/reports/month/2026-09"))
    assert (told["cases-arrived"]["number"], told["cases-open"]["number"]) == (0, 0)
    in_month(register, 1)
    await phone.handed_in()
    september, october = [
        lines_of(await report(register, f"/reports/month/2026-{month}")) for month in ("09", "10")
    ]
    assert september["cases-open"]["number"] == 0
    assert (october["cases-arrived"]["number"], october["cases-open"]["number"]) == (1, 1)
