"""Every due day that was counted is counted anew when days are named.

Only days to come are named, so as many working days are left of a clock as before; its new due day
follows from the old one alone, also of a clock that stands still. What somebody named by its date –
the province, a meeting's date – was not counted and stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import DayNaming
from services.identification.registers.tables import all_registers
from services.identification.workdays.calendar import Calendar
from shared.database import run
from shared.workdays import DAY

WHOLE: Final = "whole"
STATE: Final = "state"


@dataclass(frozen=True)
class Clock:
    """Where due days stand: of what, of the whole or its state, and which of them still run."""

    about: str
    table: str
    clock: str
    runs: str

    @property
    def column(self) -> str:
        """The column that says the day."""
        return "due_on" if self.clock == WHOLE else "state_due_on"


CLOCKS: Final = (
    Clock("case", "case_file", WHOLE, "true"),
    Clock("case", "case_file", STATE, "t.state <> 'fading'"),
    Clock("entry", "register_entry", WHOLE, "t.closed_at IS NULL AND t.kind = ANY(:counted)"),
    Clock("entry", "register_entry", STATE, "t.closed_at IS NULL"),
    Clock("alert", "alert", WHOLE, "t.closed_at IS NULL"),
    Clock("alert", "alert", STATE, "t.closed_at IS NULL"),
    Clock("question", "exchange_item", WHOLE, "t.answered_on IS NULL AND NOT t.due_said"),
)
"""A case that is over has a due day only while something is still to be done by it; a fade-out is
due with its last month, whatever days are worked."""

_RECOUNT: Final = """
    WITH moved AS (
        SELECT * FROM unnest(CAST(:was AS date[]), CAST(:now AS date[])) AS m (was, now)
    ),
    running AS (
        SELECT t.id, moved.was, moved.now FROM {table} t JOIN moved ON t.{column} = moved.was
        WHERE t.county = :county AND {runs}
    ),
    counted AS (
        UPDATE {table} t SET {column} = running.now FROM running WHERE t.id = running.id
        RETURNING t.id, running.was, running.now
    )
    INSERT INTO clock_move (county, naming_id, about_id, about, clock, was_on, due_on)
    SELECT :county, :naming_id, id, :about, :clock, was, now FROM counted
"""


def days_between(first: date, last: date) -> Iterator[date]:
    """The days after the first and up to the last."""
    while first < last:
        first += DAY
        yield first


def moves(before: Calendar, after: Calendar, today: date) -> dict[date, date]:
    """Where each day goes that one calendar counted to, as the other counts; those that move."""
    counted = (day for day in days_between(today, after.until) if before.is_workday(day))
    both = zip(counted, after.after(today), strict=False)
    return {was: now for was, now in both if was != now}


async def recount(
    session: AsyncSession, naming: DayNaming, moved: Mapping[date, date]
) -> dict[str, int]:
    """Move every due day and write down which; how many, by what they are of."""
    counts: dict[str, int] = {}
    for each in CLOCKS if moved else ():
        statement = _RECOUNT.format(table=each.table, column=each.column, runs=each.runs)
        words: dict[str, Any] = {
            "county": naming.county,
            "naming_id": naming.id,
            "about": each.about,
            "clock": each.clock,
            "was": list(moved),
            "now": list(moved.values()),
        }
        if ":counted" in statement:
            words["counted"] = _counted_registers()
        done = await run(session, text(statement), words)
        counts[each.about] = counts.get(each.about, 0) + done.rowcount
    return {about: count for about, count in counts.items() if count}


@cache
def _counted_registers() -> list[str]:
    """Registers whose whole clock is counted; of the others somebody says by which day."""
    return sorted(
        kind
        for kind, table in all_registers().items()
        if not any(act.due for act in table.all_acts.values())
    )
