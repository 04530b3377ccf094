"""Reviews of a period, households that were visited in it, and the households of the register."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.looking_again import reviews
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
    WHERE h.village LIKE ANY(CAST(:areas AS text[])) AND (
        (r.due_month <= :last AND (r.due_month >= :first OR r.outcome IS NULL
            OR r.visited_on >= :since))
        OR (r.due_month IS NULL AND r.visited_on BETWEEN :since AND :until))
""")
_VISITS: Final = text("""
    SELECT household_id FROM review WHERE visited_on BETWEEN :since AND :until
    UNION
    SELECT c.household_id FROM case_act a JOIN case_file c ON c.id = a.case_id
    WHERE a.act = 'survey' AND a.done_on BETWEEN :since AND :until AND c.household_id IS NOT NULL
""")
_REGISTER: Final = text("""
    SELECT h.id, h.village FROM household h
    WHERE h.village LIKE ANY(CAST(:areas AS text[])) AND EXISTS (
        SELECT FROM membership m WHERE m.household_id = h.id AND m.since <= :last
            AND (m.until IS NULL OR m.until >= :last))
""")


async def reviewed(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """The reviews due in a period or left over from before, whether anybody has begun them."""
    rows = []
    for row in await run(desk.session, _REVIEWS, {**_areas(areas), **_days(period)}):
        found, state = (row.outcome, "done") if row.is_done else (NONE, "open")
        key = (str(row.household_id), str(row.household_id), row.village)
        rows.append((*key, found, state, "yes" if row.is_done else "no"))
    for due in await reviews.due(desk, period.last, None):
        key = (str(due.household_id), str(due.household_id), due.village)
        rows.append((*key, NONE, "unopened", "no"))
    return Book.of(REVIEWS, rows)


async def visited(session: AsyncSession, period: Period) -> set[str]:
    """The households somebody visited in a period, for a review or for a case."""
    found = await run(session, _VISITS, _days(period))
    return {str(row.household_id) for row in found}


async def registered(
    session: AsyncSession, census: Census, period: Period, areas: Sequence[str]
) -> Book:
    """The households of the register somebody lives in, and whether they are on assistance."""
    rows = [
        (home, home, row.village, "yes" if home in census.households else "no")
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
