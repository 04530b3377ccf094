"""The books a report is counted from: put together for a period, or taken out of a frozen one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from services.identification.desk import Desk
from services.identification.reports import (
    aid,
    calendars,
    casebook,
    census,
    ledgers,
    movements,
    watching,
)
from services.identification.reports.books import KEYS, Book
from services.identification.reports.definitions import Definitions, Report
from services.identification.reports.periods import Period
from shared.months import Month

Books = Mapping[str, Book]
_ASK_VISITS: Final = {"households", "reviews"}
"""Books that say who was seen at home."""
_OF_A_DAY: Final = {
    "cases": casebook.book,
    "aid": aid.book,
    "entries": ledgers.book,
    "low-income": watching.held,
    "asked": watching.asked,
    "alerts": watching.raised,
}


async def books(desk: Desk, definitions: Definitions, report: Report, period: Period) -> Books:
    """Every book a report counts in, of the caller's areas.

    A period that is not over is told as it stands today: with the month that runs as its last.
    """
    areas = desk.caller.divisions
    wanted = {line.book for line in report.lines().values() if line.book}
    session, columns = desk.session, definitions.books
    at = replace(period, last=min(period.last, _newest(desk.today, period)))
    months = [at.last, period.before] if "changes" in wanted else [at.last]
    law = desk.settings.law()
    now, *then = await census.taken(session, desk.keys, columns, months, areas, law)
    found: dict[str, Book] = {}
    if then:
        found["changes"] = await movements.book(desk, columns, then[0], now)
    seen = await calendars.visited(desk, at, areas) if _ASK_VISITS & wanted else set()
    if "households" in wanted:
        place = _place(definitions, "households", "seen")
        for home, row in now.households.items():
            row[place] = "yes" if home in seen else "no"
        found["households"] = Book.of(list(columns["households"]), now.households.values())
    if "people" in wanted:
        found["people"] = Book.of(list(columns["people"]), now.people.values())
    if "reviews" in wanted:
        found["reviews"] = await calendars.reviewed(desk, at, areas, seen)
    for name, book in _OF_A_DAY.items():
        if name in wanted:
            found[name] = await book(desk, at, areas)
    if "register" in wanted:
        found["register"] = await calendars.registered(session, now, at, areas)
    return found


def _newest(today: date, period: Period) -> Month:
    return max(Month.of(today), period.first)


def _place(definitions: Definitions, book: str, column: str) -> int:
    return len(KEYS) + list(definitions.books[book]).index(column)
