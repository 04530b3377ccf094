"""Reviews of a period, households that were visited in it, and the households of the register."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.looking_again import reviews, visits
from services.identification.casework.visits import NOT_DUE
from services.identification.desk import Desk
from services.identification.reports.books import Book
from services.identification.reports.census import Census
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period
from shared.database import run

REVIEWS: Final = ("found", "review", "visited")
REGISTER: Final = ("aided",)
_REVIEWS: Final = text("""
    SELECT r.household_id, h.village, r.outcome,
        r.outcome IS NOT NULL AND r.visited_on <= :until AS is_done
    FROM review r JOIN household h ON h.id = r.household_id
    WHERE h.village LIKE ANY(CAST(:areas AS text[]))
        AND r.outcome IS DISTINCT FROM :ended AND (
        (r.due_month <= :last AND (r.due_month >= :first OR r.outcome IS NULL
            OR r.visited_on >= :since))
        OR (r.due_month IS NULL AND r.visited_on BETWEEN :since AND :until))
""")
_REGISTER: Final = text("""
    SELECT h.id, h.village FROM household h
    WHERE h.village LIKE ANY(CAST(:areas AS text[])) AND EXISTS (
        SELECT FROM membership m WHERE m.household_id = h.id AND m.since <= :last
            AND (m.until IS NULL OR m.until >= :last))
""")


async def reviewed(desk: Desk, period: Period, areas: Sequence[str], seen: set[str]) -> Book:
    """The reviews due in a period or left over from before, but for those that ended because
    nothing is granted any more, whether anybody has begun them, and
    whether the household is one of those that were seen."""
    rows, words = [], {**_areas(areas), **_days(period), "ended": NOT_DUE}
    for row in await run(desk.session, _REVIEWS, words):
        found, state = (row.outcome, "done") if row.is_done else (NONE, "open")
        rows.append(_review(str(row.household_id), row.village, found, state, seen))
    for due in await reviews.due(desk, period.last, None):
        rows.append(_review(str(due.household_id), due.village, NONE, "unopened", seen))
    return Book.of(REVIEWS, rows)


def _review(home: str, village: str, found: str, state: str, seen: set[str]) -> Sequence[str]:
    return (home, home, village, found, state, "yes" if home in seen else "no")


async def visited(desk: Desk, period: Period, areas: Sequence[str]) -> set[str]:
    """The households somebody visited in a period, whatever for, by the day of the visit."""
    found = await visits.since(desk, period.first.first_day(), areas)
    last = period.last.last_day()
    return {str(each.household_id) for each in found if each.on <= last}


async def registered(
    session: AsyncSession, census: Census, period: Period, areas: Sequence[str]
) -> Book:
    """The households of the register somebody lives in, and whether they are on assistance."""
    rows = [
        (home, home, row.village, census.assisted.get(home, "no"))
        for row in await run(session, _REGISTER, {**_areas(areas), "last": str(period.last)})
        for home in [str(row.id)]
    ]
    return Book.of(REGISTER, rows)


def _areas(areas: Sequence[str]) -> dict[str, list[str]]:
    return {"areas": [f"{area}%" for area in areas]}


def _days(period: Period) -> dict[str, Any]:
    return {
        "first": str(period.first),
        "last": str(period.last),
        "since": period.first.first_day(),
        "until": period.last.last_day(),
    }
