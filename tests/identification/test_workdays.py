"""Days that are named late: every due day that was counted moves with them, and says by whom."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.identification.workdays import naming
from services.identification.workdays.calendar import Calendar
from services.identification.workdays.recounting import days_between, moves
from shared.callers import Caller
from shared.database import run
from tests.identification.caseworkers import (
    CHEN_HONG,
    COUNTY_HEAD,
    HE_JUN,
    ZHANG_LI,
    Walk,
    later,
    somebody_else,
    staff,
)
from tests.identification.ledgers import GAO_FEI, Ledger
from tests.identification.makers import VILLAGE
from tests.identification.register import Register

HEAD = staff("he-jun", COUNTY_HEAD | {"days:name"})
DOCUMENT = "青府办〔2026〕31号"


async def name(register: Register, by: Caller = HEAD, **days: str) -> httpx.Response:
    """Name days, said as their words."""
    said = {day.replace("_", "-").removeprefix("d"): word for day, word in days.items()}
    return await register.client.post(
        "/workdays", json={"document": DOCUMENT, "days": said}, headers=register.headers(by)
    )


def due(walk: Walk) -> str:
    return str(walk.case["due_on"])


@pytest.mark.breaks("Every change leaves a trace")
async def test_days_named_later_move_what_was_counted_and_say_who_named_them(
    register: Register,
) -> None:
    walk = await Walk(register).accepted()
    assert (due(walk), walk.case["state_due_on"]) == ("2026-11-12", "2026-09-30")
    entry = Ledger(register, "rectification")
    said = {"source": "inspection", "problem": "缺调查表", "owner": "zhou-jie"}
    await entry.open(GAO_FEI, due_on="2026-10-22", **said)
    answer = await name(register, d2026_10_21="free", d2026_10_22="free", d2026_11_14="worked")
    assert answer.status_code == 201, answer.text
    assert answer.json()["moved"] == {"case": 1}
    case = await walk.look()
    assert (case["due_on"], case["state_due_on"]) == ("2026-11-14", "2026-09-30")
    assert case["moves"] == [
        {
            "clock": "whole",
            "was_on": "2026-11-12",
            "due_on": "2026-11-14",
            "document": DOCUMENT,
            "named_by": "staff:he-jun",
            "named_at": case["moves"][0]["named_at"],
        }
    ]
    (meeting,) = register.rows("SELECT due_on FROM register_entry")
    assert meeting["due_on"] == date(2026, 10, 22), "somebody said that day: it stays"
    (written,) = register.audited("days-named")
    assert written["actor"] == "staff:he-jun"
    assert written["details"]["moved"] == {"case": 1}
    found = (await register.get("/workdays", CHEN_HONG)).json()
    assert "2026-10-21" in found["free"]
    assert "2026-11-14" in found["worked"]
    assert found["namings"][0]["moved"] == {"case": 1}
    # What begins now is counted by the same calendar; a day taken back moves all of it back.
    other = await Walk(register).accepted(members=[somebody_else()])
    assert due(other) == "2026-11-14"
    assert (await name(register, d2026_10_21="usual")).json()["moved"] == {"case": 2}
    assert (await walk.look())["due_on"] == "2026-11-13"


async def test_a_clock_that_stands_still_goes_on_with_as_many_days_as_were_left(
    register: Register,
) -> None:
    walk = await Walk(register).accepted()
    counted = register.app.state.casework.calendar
    left = counted.between(date(2026, 9, 28), date.fromisoformat(due(walk)))
    await register.change(
        "UPDATE case_file SET state = 'objected', stopped_on = '2026-09-28', state_due_on = NULL"
    )
    assert (await name(register, d2026_10_13="free")).json()["moved"] == {"case": 1}
    today = later(register, 20)
    case = await walk.look()
    await walk.do(ZHANG_LI, "survey-again")
    async with register.app.state.context.database.transaction() as session:
        calendar = await naming.in_force(session, "511425")
    assert due(walk) == calendar.add(today, left).isoformat() != case["due_on"]


async def test_only_the_county_names_days_and_only_those_to_come(register: Register) -> None:
    town = staff("zhang-li", {"days:name"}, VILLAGE[:9])
    for by, days, problem in (
        (town, {"d2026_10_21": "free"}, "county-names-days"),
        (HEAD, {"d2026_09_25": "free"}, "day-passed"),
        (HEAD, {"d2029_01_02": "free"}, "days-unreadable"),
        (HEAD, {f"d2027_0{1 + n // 28}_{1 + n % 28:02}": "free" for n in range(61)}, None),
    ):
        answer = await name(register, by, **days)
        assert answer.status_code in {403, 409, 422}
        assert problem is None or answer.json()["type"] == f"/problems/{problem}"
    assert (await name(register, HE_JUN, d2026_10_21="free")).status_code == 403
    assert register.rows("SELECT id FROM day_naming WHERE named_by <> 'release'") == []


async def test_nobody_names_days_while_others_count(register: Register) -> None:
    async with register.app.state.context.database.transaction() as session:
        await naming.held(session, "511425")
        answer = await name(register, d2026_10_21="free")
        assert answer.json()["type"] == "/problems/others-at-work"
        await run(session, text("SELECT 1"))
    assert (await name(register, d2026_10_21="free")).status_code == 201


async def test_a_newer_release_moves_what_an_older_one_counted(register: Register) -> None:
    walk = await Walk(register).accepted()
    database, clock = register.app.state.context.database, register.app.state.clock

    async def start() -> Any:
        async with database.transaction() as session:
            return await naming.follow_release(
                session, "511425", clock.now(), clock.today(), "holidays"
            )

    await start()  # The process has done it, or this does: what the release knows is written down.
    assert await start() is None, "nothing is otherwise than was counted"
    await register.change("UPDATE day_naming SET workdays = array_remove(workdays, '2026-10-21')")
    assert await start() == {"case": 1}, "the release knows it as worked"
    assert (await walk.look())["moves"][0]["named_by"] == naming.BY_RELEASE
    await name(register, d2026_10_21="free")
    assert await start() is None, "the county's word comes before the release's"


FIRST = date(2026, 9, 1)
DAYS = st.integers(0, 120).map(lambda n: FIRST + timedelta(days=n))


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(1, 40), st.integers(0, 60), st.sets(DAYS, max_size=12))
def test_a_moved_day_is_the_one_counted_anew_from_where_the_clock_began(
    began: date, count: int, later_by: int, turned: set[date]
) -> None:
    today = began + timedelta(days=later_by)
    before = Calendar.nation()
    since, until = FIRST, date(2028, 12, 31)
    odd = {day for day in turned if day > today}
    worked = (day for day in days_between(since, until) if before.is_workday(day) != (day in odd))
    after = Calendar(1, since, until, frozenset(worked))
    was = before.add(began, count)
    assert moves(before, after, today).get(was, was) == (
        after.add(began, count) if was > today else was
    )
