"""Whom the records of a list stand for, as far as the caller may know it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from services.identification import id_numbers, people
from services.identification.desk import Desk
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from shared.database import run

SEES_NAMES: Final = "people:read"
_AT_ONCE: Final = 5_000
_PEOPLE: Final = text("""
    SELECT id, name, id_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN person USING (id)
""")
_HOUSEHOLDS: Final = text("""
    SELECT id, number
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN household USING (id)
""")
_ENTRIES: Final = text("""
    SELECT id, number
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN register_entry USING (id)
""")
_ITEMS: Final = text("""
    SELECT id, key AS number
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN exchange_item USING (id)
""")
_LOW_INCOME: Final = text("""
    SELECT id, name
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN low_income_person USING (id)
""")
_CASES: Final = text("""
    SELECT id, receipt, head_name
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN case_file USING (id)
""")


async def named(desk: Desk, rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The rows of a page with number, receipt, and name where the caller may see one.

    The rows are of the caller's areas already.
    """
    homes = await _by_id(desk, _HOUSEHOLDS, [row["household"] for row in rows])
    records = [row["record"] for row in rows]
    cases = await _by_id(desk, _CASES, records)
    entries = {} if cases else await _by_id(desk, _ENTRIES, records)
    entries = entries or ({} if cases else await _by_id(desk, _ITEMS, records))
    found: dict[str, Any] = {}
    poor: dict[str, Any] = {}
    heads: Mapping[str, str] = {}
    if desk.caller.has(SEES_NAMES):
        found = await _by_id(desk, _PEOPLE, records)
        poor = {} if found else await _by_id(desk, _LOW_INCOME, records)
        ids = [UUID(row["household"]) for row in rows if row["household"] != NONE]
        heads = await people.names_of(desk.session, desk.caller, ids)
    return [
        {
            **row,
            "household_number": homes[row["household"]].number if row["household"] in homes else "",
            "receipt": _receipt(row["record"], cases, entries),
            **_name(desk, row, found.get(row["record"]), cases.get(row["record"]), heads),
            **({"name": poor[row["record"]].name} if row["record"] in poor else {}),
        }
        for row in rows
    ]


async def all_named(desk: Desk, book: Book) -> list[dict[str, Any]]:
    """Every row of a book, a part at a time."""
    rows: list[dict[str, Any]] = []
    for first in range(0, len(book), _AT_ONCE):
        rows += await named(desk, book.page(first, _AT_ONCE))
    return rows


def _receipt(record: str, cases: Mapping[str, Any], entries: Mapping[str, Any]) -> str:
    """The number a case or an entry of a register is known by."""
    if record in cases:
        return str(cases[record].receipt)
    return str(entries[record].number) if record in entries else ""


def _name(
    desk: Desk, row: Mapping[str, str], person: Any, case: Any, heads: Mapping[str, str]
) -> dict[str, str]:
    if not desk.caller.has(SEES_NAMES):
        return {"name": "", "id_number_masked": ""}
    if person is None:
        name = case.head_name if case is not None else heads.get(row["household"], "")
        return {"name": name, "id_number_masked": ""}
    number = desk.keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    return {"name": person.name, "id_number_masked": id_numbers.masked(number)}


async def _by_id(desk: Desk, statement: Any, ids: Sequence[str]) -> dict[str, Any]:
    wanted = {"ids": [UUID(each) for each in set(ids) - {NONE}]}
    return {str(row.id): row for row in await run(desk.session, statement, wanted)}
