"""Entries of registers in a period: leads, what is to be put right, calls, complaints, and answers
of whoever was asked how satisfied they are.

A complaint is counted for the whole county alone: whom it is against may work in its area.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.models import RegisterAct
from services.identification.registers.as_it_stood import EntryStood
from services.identification.registers.tables import all_registers
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period
from shared.database import among, run

COLUMNS: Final = ("kind", "arrived", "stage", "outcome", "late")
COMPLAINT: Final = "complaint"
ANSWERS: Final = frozenset({"satisfied", "fair", "dissatisfied", "unreached"})
KINDS: Final = ("lead", "rectification", "call", "satisfaction", COMPLAINT)
_COUNTY_DIGITS: Final = 6
_OUTCOMES: Final = {"opened", "not-eligible", "declined", "cancelled", *ANSWERS}
_ENTRIES: Final = text("""
    SELECT id, kind, state, area, opened_on, closed_on, due_on, state_due_on, stopped_on,
        EXISTS (
            SELECT FROM register_act act WHERE act.entry_id = entry.id AND act.done_on > :until
        ) AS is_moved_since
    FROM register_entry entry
    WHERE kind = ANY(CAST(:kinds AS text[])) AND area LIKE ANY(CAST(:areas AS text[]))
        AND opened_on <= :until AND (closed_on IS NULL OR closed_on >= :since)
""")


async def book(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Every entry of these registers that was open on some day of the period, as it stood when
    that ended."""
    since, on = period.first.first_day(), min(desk.today, period.last.last_day())
    words = {
        "kinds": list(KINDS),
        "areas": [f"{area}%" for area in areas],
        "since": since,
        "until": on,
    }
    found = (await run(desk.session, _ENTRIES, words)).all()
    stood = await _stood(desk, found, on)
    rows = []
    for row in found:
        at = stood[row.id]
        if at.closed_on is not None and at.closed_on < since:
            continue
        ended = at.closed_on is not None
        outcome = (at.state if at.state in _OUTCOMES else "other") if ended else NONE
        rows.append(
            (
                str(row.id),
                NONE,
                row.area[:_COUNTY_DIGITS] if row.kind == COMPLAINT else row.area,
                row.kind,
                "yes" if row.opened_on >= since else "no",
                "ended" if ended else "open",
                outcome,
                "yes" if at.is_late(on) else "no",
            )
        )
    return Book.of(COLUMNS, rows)


async def _stood(desk: Desk, rows: Sequence[Any], on: date) -> dict[UUID, EntryStood]:
    """By entry, where it stood on a day: what was moved since, or is done before its end, by its
    acts up to then; all others stand there today."""
    tables = all_registers()
    found = {
        row.id: EntryStood(
            desk.caller.county,
            row.state,
            state_due_on=row.state_due_on,
            due_on=row.due_on,
            stopped_on=row.stopped_on,
            closed_on=row.closed_on,
            met_on=row.closed_on,
        )
        for row in rows
    }
    moved = {
        row.id: tables[row.kind]
        for row in rows
        if row.is_moved_since or any(each.met for each in tables[row.kind].states.values())
    }
    statement = (
        select(RegisterAct)
        .where(
            among(col(RegisterAct.entry_id), moved),
            col(RegisterAct.done_on) <= on,
        )
        .order_by(col(RegisterAct.entry_id), col(RegisterAct.number))
    )
    acts = await desk.session.exec(statement)
    for entry_id, theirs in groupby(acts, key=attrgetter("entry_id")):
        found[entry_id] = EntryStood.after(desk, moved[entry_id], theirs)
    return found
