"""Whom the low-income database held, and what the province asked: the books of watching."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import text

from services.identification import registrations
from services.identification.desk import Desk
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period
from shared.database import run

LOW_INCOME: Final = ("group", "registration", "arrived")
ASKED: Final = ("list", "arrived", "stage", "late")
LISTS: Final = {"warnings", "doubles", "verification-request"}
_HELD: Final = text("""
    SELECT who.id, who.village, who.registration, stay.group_name, stay.since, lives.household_id
    FROM low_income_person who
    JOIN low_income_entry stay ON stay.holder_id = who.id
        AND stay.since <= :on AND (stay.until IS NULL OR stay.until >= :on)
        AND (stay.valid_until IS NULL OR stay.valid_until >= :on)
    LEFT JOIN person ON person.county = who.county AND person.id_index = who.id_index
    LEFT JOIN membership lives ON lives.person_id = person.id AND lives.until IS NULL
    WHERE who.village LIKE ANY(CAST(:areas AS text[]))
""")
_ASKED: Final = text("""
    SELECT id, template, village, asked_on, answered_on, due_on
    FROM exchange_item
    WHERE village LIKE ANY(CAST(:areas AS text[]))
        AND asked_on <= :on AND (answered_on IS NULL OR answered_on >= :since)
""")


async def held(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Everybody who is in a group of the low-income database at the end of the period."""
    first, on = _first_and_last(period, desk.today)
    rows = [
        (
            str(row.id),
            str(row.household_id) if row.household_id else NONE,
            row.village,
            row.group_name,
            registrations.word_of(row.registration),
            "yes" if row.since >= first else "no",
        )
        for row in await run(desk.session, _HELD, {"on": on, "areas": _like(areas)})
    ]
    return Book.of(LOW_INCOME, rows)


async def asked(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Everything the province asked us, or we asked it, that was open on a day of the period."""
    first, on = _first_and_last(period, desk.today)
    rows = []
    for row in await run(desk.session, _ASKED, {"since": first, "on": on, "areas": _like(areas)}):
        answered = row.answered_on is not None and row.answered_on <= on
        end = row.answered_on if answered else on
        rows.append(
            (
                str(row.id),
                NONE,
                row.village,
                row.template if row.template in LISTS else "other",
                "yes" if row.asked_on >= first else "no",
                "answered" if answered else "open",
                "yes" if row.due_on < end else "no",
            )
        )
    return Book.of(ASKED, rows)


def _first_and_last(period: Period, today: date) -> tuple[date, date]:
    """The first day of a period, and the one it is told of: its last, or the newest there is."""
    first = period.first.first_day()
    return first, min(max(today, first), period.last.last_day())


def _like(areas: Sequence[str]) -> list[str]:
    return [f"{area}%" for area in areas]
