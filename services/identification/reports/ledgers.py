"""Entries of registers in a period: leads, what is to be put right, calls, complaints, and answers
of whoever was asked how satisfied they are.

A complaint is counted for the whole county alone: whom it is against may work in its area.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from services.identification.desk import Desk
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period
from shared.database import run

COLUMNS: Final = ("kind", "arrived", "stage", "outcome", "late")
COMPLAINT: Final = "complaint"
ANSWERS: Final = frozenset({"satisfied", "fair", "dissatisfied", "unreached"})
KINDS: Final = ("lead", "rectification", "call", "satisfaction", COMPLAINT)
_COUNTY_DIGITS: Final = 6
_OUTCOMES: Final = {"opened", "not-eligible", "declined", "cancelled", *ANSWERS}
_ENTRIES: Final = text("""
    SELECT id, kind, state, area, about_kind, about, opened_on, closed_on, due_on,
        state_due_on, stopped_on
    FROM register_entry
    WHERE kind = ANY(CAST(:kinds AS text[])) AND area LIKE ANY(CAST(:areas AS text[]))
        AND opened_on <= :until AND (closed_on IS NULL OR closed_on >= :since)
""")


async def book(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Every entry of these registers that was open on some day of the period."""
    on = min(desk.today, period.last.last_day())
    words = {
        "kinds": list(KINDS),
        "areas": [f"{area}%" for area in areas],
        "since": period.first.first_day(),
        "until": on,
    }
    rows = []
    for row in await run(desk.session, _ENTRIES, words):
        ended = row.closed_on is not None and row.closed_on <= on
        outcome = (row.state if row.state in _OUTCOMES else "other") if ended else NONE
        end = row.closed_on if ended else on
        clocks = (row.due_on,) if ended else (row.due_on, row.state_due_on)
        late = row.stopped_on is None and any(due is not None and due < end for due in clocks)
        rows.append(
            (
                str(row.id),
                NONE,
                row.area[:_COUNTY_DIGITS] if row.kind == COMPLAINT else row.area,
                row.kind,
                "yes" if row.opened_on >= period.first.first_day() else "no",
                "ended" if ended else "open",
                outcome,
                "yes" if late else "no",
            )
        )
    return Book.of(COLUMNS, rows)
