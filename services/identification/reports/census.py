"""Who is on what in a month: read out of the determination in force of every household.

A determination speaks for the months it covers; of two the one recorded later counts, as it does
where money is reckoned. Health is in it, so nothing of this is written anywhere but sealed.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import coded, determinations
from services.identification.determinations import NOT_APPLICABLE
from services.identification.reports.books import KEYS
from services.identification.reports.definitions import UNKNOWN, Column
from shared.database import run
from shared.months import Month
from shared.secrets import KeyRing

Facts = Mapping[Any, Any]
HOUSEHOLD: Final = "household"
_ROWS: Final = 5_000
_SEX_PLACE: Final = 16
# The narrow rows are sorted first, so that no sealed text goes through the sort.
_IN_FORCE: Final = text("""
    WITH in_force AS (
        SELECT DISTINCT ON (wanted.month, d.household_id) wanted.month, d.id
        FROM unnest(CAST(:months AS text[])) AS wanted (month)
        JOIN determination d ON d.from_month <= wanted.month
            AND (d.until_month IS NULL OR d.until_month >= wanted.month)
        WHERE d.village LIKE ANY(CAST(:areas AS text[]))
        ORDER BY wanted.month, d.household_id, d.id DESC
    ), spoken AS (SELECT id, array_agg(month) AS months FROM in_force GROUP BY id)
    SELECT d.household_id, d.id, d.village, d.content_sealed, spoken.months
    FROM spoken JOIN determination d USING (id)
""")
_DEAD: Final = text("SELECT id, died_on FROM person WHERE died_on IS NOT NULL")
# A join, not `= ANY`: of a county's people every row would be compared with every other.
_NUMBERS: Final = text("""
    SELECT p.id, p.id_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN person p USING (id)
""")


@dataclass
class Census:
    """A month's people and households on assistance as rows of their books; and, of a household,
    its income and how many live there."""

    month: Month
    people: dict[str, list[str]] = field(default_factory=dict)
    households: dict[str, list[str]] = field(default_factory=dict)
    income_fen: dict[str, int | None] = field(default_factory=dict)
    living: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a determination is read with: the month, its columns, and who has died when."""

    month: Month
    people: Mapping[str, Column]
    households: Mapping[str, Column]
    dead: Mapping[str, date]


async def taken(
    session: AsyncSession,
    keys: KeyRing,
    books: Mapping[str, Mapping[str, Column]],
    months: Sequence[Month],
    areas: Sequence[str],
) -> list[Census]:
    """The census of each month, of the villages that begin like one of these areas.

    What speaks for several months is opened once.
    """
    dead = {str(row.id): row.died_on for row in await run(session, _DEAD)}
    readings = {
        str(month): (Reading(month, books["people"], books["households"], dead), Census(month))
        for month in months
    }
    words = {"months": list(readings), "areas": [f"{area}%" for area in areas]}
    async for rows in _chunks(session, _IN_FORCE, words):
        await asyncio.to_thread(_read, rows, keys, readings)
    found = [census for _, census in readings.values()]
    place = len(KEYS) + list(books["people"]).index("sex")
    people = {person for census in found for person in census.people}
    async for rows in _chunks(session, _NUMBERS, {"ids": [UUID(each) for each in people]}):
        for person_id, sex in await asyncio.to_thread(_sexes, rows, keys):
            for census in found:
                if person_id in census.people:
                    census.people[person_id][place] = sex
    return found


def value(column: Column, facts: Facts, on: date) -> str:
    """The word of a column for what is known: a code's, an age's, or that there is none."""
    known = facts.get(column.fact, column.absent)
    if column.ages is None or known in column.table:
        return column.table.get(known, UNKNOWN)
    years = age(known, on)
    return next(
        (name for name, (low, high) in column.ages.items() if low <= years <= high), UNKNOWN
    )


def age(born_on: int, on: date) -> int:
    """Years of age on a day; a birth date is written 19650304."""
    year, month_and_day = divmod(born_on, 10_000)
    return on.year - year - ((on.month * 100 + on.day) < month_and_day)


async def _chunks(
    session: AsyncSession, statement: Any, words: Mapping[str, Any]
) -> AsyncIterator[Sequence[Row[Any]]]:
    """Rows as they come, so that a county's sealed texts are never held at once."""
    connection = await session.connection()
    async with connection.stream(statement, words) as found:
        async for rows in found.partitions(_ROWS):
            yield rows


def _read(
    rows: Sequence[Row[Any]], keys: KeyRing, readings: Mapping[str, tuple[Reading, Census]]
) -> None:
    for row in rows:
        content = determinations.unseal(row.id, row.content_sealed, keys)
        for month in row.months:
            add(str(row.household_id), row.village, content, *readings[month])


def add(household_id: str, village: str, content: Facts, reading: Reading, census: Census) -> None:
    """Add a household to the census when anybody of it is on anything, and whoever is."""
    month, on = str(reading.month), reading.month.last_day()
    living = [each for each in content["members"] if _lives(each, month, reading.dead)]
    shared = _on_any(content["facts"])
    aided = [each for each in living if shared or _on_any(each["facts"])]
    if not aided:
        return
    at = [household_id, village]
    common = {
        name: value(column, content["facts"], on)
        for name, column in reading.people.items()
        if column.of == HOUSEHOLD
    }
    for each in aided:
        known = [
            common[name] if name in common else value(column, each["facts"], on)
            for name, column in reading.people.items()
        ]
        census.people[each["person_id"]] = [each["person_id"], *at, *known]
    known = [
        _of_household(column, content["facts"], living, on)
        for column in reading.households.values()
    ]
    census.households[household_id] = [household_id, *at, *known]
    census.living[household_id] = len(living)
    census.income_fen[household_id] = content["facts"].get("income_fen_monthly")


def _of_household(
    column: Column, facts: Facts, living: Sequence[Mapping[str, Any]], on: date
) -> str:
    if column.name == "members":
        return list(column.own)[min(len(living), 4) - 1]
    if column.of == "any":
        found = {value(column, each["facts"], on) for each in living}
        return "yes" if "yes" in found else "no"
    return value(column, facts, on)


def _on_any(facts: Facts) -> bool:
    return any(facts[name] == 1 for name in facts if name.startswith("on_"))


def _lives(member: Mapping[str, Any], month: str, dead: Mapping[str, date]) -> bool:
    """Whether somebody lives there in the month; in the month of a death they still do."""
    if member["since"] > month or (member["until"] is not None and member["until"] < month):
        return False
    told = member["facts"].get("died_on")
    died = [str(told)] if told not in (None, NOT_APPLICABLE) else []
    known = dead.get(member["person_id"])
    died += [f"{known:%Y%m%d}"] if known else []
    return all(f"{each[:4]}-{each[4:6]}" >= month for each in died)


def _sexes(rows: Sequence[Row[Any]], keys: KeyRing) -> list[tuple[str, str]]:
    """Of each the sex their ID number says."""
    found = []
    for row in rows:
        number = keys.decrypt(row.id_sealed, table="person", column="id_sealed", row=row.id)
        if coded.stands_in(number):
            continue  # A code says no sex.
        found.append((str(row.id), "male" if int(number[_SEX_PLACE]) % 2 else "female"))
    return found
