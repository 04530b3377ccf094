"""Whom the records of a list stand for, as far as the caller may know it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, or_, select, text
from sqlmodel import col

from services.identification import id_numbers, people
from services.identification.desk import Desk
from services.identification.models import RegisterEntry
from services.identification.registers.standing import there_for
from services.identification.registers.tables import all_registers
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.roster.columns import HEAD
from shared.database import run

SEES_NAMES: Final = "people:read"
ALERTS: Final = "alerts"
SEES_ALERTS: Final = ("alerts:read", "alerts:assign", "alerts:check", "alerts:decide")
"""One of these besides: which list somebody is on is not for everybody who reads names."""
_AT_ONCE: Final = 5_000
_HOUSEHOLDS: Final = text("""
    SELECT id, number
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN household USING (id)
""")
_CASES: Final = text("""
    SELECT id, receipt AS number
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN case_file USING (id)
""")
_ITEMS: Final = text("""
    SELECT id, key AS number
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN exchange_item USING (id)
""")
_PEOPLE: Final = text("""
    SELECT id, name, id_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN person USING (id)
""")
_APPLICANTS: Final = text("""
    SELECT id, head_name AS name, NULL AS id_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN case_file USING (id)
""")
_LOW_INCOME: Final = text("""
    SELECT id, name, NULL AS id_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN low_income_person USING (id)
""")
_ALERTED: Final = text("""
    SELECT alert.id, coalesce(person.name, known.name, '') AS name, NULL AS id_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN alert USING (id)
    LEFT JOIN membership head ON head.household_id = alert.household_id
        AND alert.person_id IS NULL AND head.until IS NULL AND head.relation = :head
    LEFT JOIN person ON person.id = coalesce(alert.person_id, head.person_id)
    LEFT JOIN low_income_person known ON known.id = alert.low_income_id
""").bindparams(head=HEAD)
_NUMBERED: Final = {"cases": _CASES, "aid": _CASES, "asked": _ITEMS}
"""By book, where the numbers are by which its records are known."""
_NAMED: Final = {
    "people": _PEOPLE, "changes": _PEOPLE, "cases": _APPLICANTS, "aid": _APPLICANTS,
    "low-income": _LOW_INCOME, ALERTS: _ALERTED,
}  # fmt: skip
"""By book, where the names of its records are; all others have the heads of their households."""


async def named(desk: Desk, book: str, rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The rows of a book's page with number, receipt, and name where the caller may see one.

    The rows are of the caller's areas already.
    """
    households = [row["household"] for row in rows]
    records = [row["record"] for row in rows]
    homes = await _by_id(desk, _HOUSEHOLDS, households)
    entries = _entries(desk) if book == "entries" else None
    numbers = await _by_id(desk, entries if entries is not None else _NUMBERED.get(book), records)
    found: dict[str, Any] = {}
    heads: Mapping[str, str] = {}
    if desk.caller.has(SEES_NAMES):
        if book != ALERTS or any(map(desk.caller.has, SEES_ALERTS)):
            found = await _by_id(desk, _NAMED.get(book), records)
        ids = [UUID(each) for each in households if each != NONE]
        heads = await people.names_of(desk.session, desk.caller, ids)
    return [
        {
            **row,
            "household_number": homes[row["household"]].number if row["household"] in homes else "",
            "receipt": str(numbers[row["record"]].number) if row["record"] in numbers else "",
            **_name(desk, found.get(row["record"]), heads.get(row["household"], "")),
        }
        for row in rows
    ]


async def all_named(desk: Desk, name: str, book: Book) -> list[dict[str, Any]]:
    """Every row of a book, a part at a time."""
    rows: list[dict[str, Any]] = []
    for first in range(0, len(book), _AT_ONCE):
        rows += await named(desk, name, book.page(first, _AT_ONCE))
    return rows


def _entries(desk: Desk) -> Any:
    """Numbers of entries; of a register that may be against somebody, only what the caller may
    read there."""
    registers = all_registers().values()
    plain = [each.kind for each in registers if not each.against]
    readable = [each.kind for each in registers if any(map(desk.caller.has, each.read))]
    return select(col(RegisterEntry.id), col(RegisterEntry.number)).where(
        col(RegisterEntry.id) == any_(bindparam("ids", type_=ARRAY(Uuid))),
        or_(
            col(RegisterEntry.kind).in_(plain),
            and_(col(RegisterEntry.kind).in_(readable), there_for(desk.caller)),
        ),
    )


def _name(desk: Desk, found: Any, head: str) -> dict[str, str]:
    """The name of a record, or of its household's head; the number of people alone."""
    if found is None:
        return {"name": head, "id_number_masked": ""}
    if found.id_sealed is None:
        return {"name": found.name, "id_number_masked": ""}
    number = desk.keys.decrypt(found.id_sealed, table="person", column="id_sealed", row=found.id)
    return {"name": found.name, "id_number_masked": id_numbers.masked(number)}


async def _by_id(desk: Desk, statement: Any, ids: Sequence[str]) -> dict[str, Any]:
    if statement is None:
        return {}
    wanted = {"ids": [UUID(each) for each in set(ids) - {NONE}]}
    return {str(row.id): row for row in await run(desk.session, statement, wanted)}
