"""Who is on what in a month: read out of the determination in force of every household.

A determination speaks for the months it covers; of two the one recorded later counts, as it does
where money is reckoned. Health is in it, so nothing of this is written anywhere but sealed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import coded, determinations
from services.identification.assistance import drawn_of
from services.identification.casework.paths import HOUSEHOLD, PERSON, STATUS, endable
from services.identification.determinations import NOT_APPLICABLE, is_away
from services.identification.laws import Law
from services.identification.low_income.groups import EDGE, EXPENDITURE
from services.identification.reports.books import KEYS, UNKNOWN
from services.identification.reports.definitions import Column
from shared.database import run
from shared.months import Month
from shared.secrets import KeyRing

Facts = Mapping[Any, Any]
Counts = Callable[[Facts, str, str], bool]
"""Whether somebody of a household counts for its dibao in a month, by their id."""
DIBAO: Final = "dibao"
COUNTS: Final = "counts_for_dibao"
"""The quantity of the law that says so."""
_MAY_NOT: Final = {
    "on_tekun": (0, None),
    "work_offers_refused": (0, NOT_APPLICABLE, None),
}
"""Facts for which a place may not count somebody, with what they are of whoever counts anyway."""
_ROWS: Final = 5_000
_SEX_PLACE: Final = 16
# The narrow rows are sorted first, so that no sealed text goes through the sort.
_IN_FORCE: Final = text("""
    WITH in_force AS (
        SELECT DISTINCT ON (wanted.month, d.household_id) wanted.month, d.id
        FROM unnest(CAST(:months AS text[])) AS wanted (month)
        JOIN determination d ON d.from_month <= wanted.month
            AND (d.until_month IS NULL OR d.until_month >= wanted.month)
            AND d.programme IS NULL
        WHERE d.village LIKE ANY(CAST(:areas AS text[]))
        ORDER BY wanted.month, d.household_id, d.id DESC
    ), spoken AS (SELECT id, array_agg(month) AS months FROM in_force GROUP BY id)
    SELECT d.household_id, d.id, d.village, d.content_sealed, spoken.months
    FROM spoken JOIN determination d USING (id)
""")
_STATUSES: Final = text("""
    SELECT DISTINCT lives.household_id
    FROM low_income_entry entry
    JOIN low_income_person who ON who.id = entry.holder_id
    JOIN person ON person.county = who.county AND person.id_index = who.id_index
    JOIN membership lives ON lives.person_id = person.id
        AND lives.since <= :month AND (lives.until IS NULL OR lives.until >= :month)
    WHERE entry.group_name = ANY(CAST(:groups AS text[])) AND entry.since <= :last
        AND (entry.until IS NULL OR entry.until >= :first)
        AND (entry.valid_until IS NULL OR entry.valid_until >= :first)
""")
_RUN_OUT: Final = {
    name: said
    for grant in endable().values()
    if grant.kind == STATUS
    for name, said in grant.ended.items()
}
"""The facts of a household whose status of low income has run out, whatever was decided once."""
_STATUSES_ALONE: Final = {name for name, grant in endable().items() if grant.kind == STATUS}
_DEAD: Final = text("SELECT id, died_on FROM person WHERE died_on IS NOT NULL")
# A join, not `= ANY`: of a county's people every row would be compared with every other.
_NUMBERS: Final = text("""
    SELECT p.id, p.id_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN person p USING (id)
""")


@dataclass
class Census:
    """A month's people and households that draw anything as rows of their books; and, of a
    household, its income, how many live there, and whether it is on assistance."""

    month: Month
    people: dict[str, list[str]] = field(default_factory=dict)
    households: dict[str, list[str]] = field(default_factory=dict)
    income_fen: dict[str, int | None] = field(default_factory=dict)
    living: dict[str, int] = field(default_factory=dict)
    assisted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a determination is read with: the month, its columns, who has died when, who counts for
    dibao, and whose status of low income runs in the month."""

    month: Month
    people: Mapping[str, Column]
    households: Mapping[str, Column]
    dead: Mapping[str, date]
    counts: Counts
    running: Collection[str] = ()


async def taken(
    session: AsyncSession,
    keys: KeyRing,
    books: Mapping[str, Mapping[str, Column]],
    months: Sequence[Month],
    areas: Sequence[str],
    law: Law,
) -> list[Census]:
    """The census of each month, of the villages that begin like one of these areas.

    What speaks for several months is opened once.
    """
    dead = {str(row.id): row.died_on for row in await run(session, _DEAD)}
    people, households = books["people"], books["households"]
    readings = {}
    for month in months:
        running = await _running(session, month)
        reading = Reading(month, people, households, dead, partial(_counts, law), running)
        readings[str(month)] = reading, Census(month)
    words = {"months": list(readings), "areas": [f"{area}%" for area in areas]}
    async for rows in _chunks(session, _IN_FORCE, words):
        await asyncio.to_thread(_read, rows, keys, readings)
    found = [census for _, census in readings.values()]
    place = len(KEYS) + list(books["people"]).index("sex")
    everybody = {person for census in found for person in census.people}
    async for rows in _chunks(session, _NUMBERS, {"ids": [UUID(each) for each in everybody]}):
        for person_id, sex in await asyncio.to_thread(_sexes, rows, keys):
            for census in found:
                if person_id in census.people:
                    census.people[person_id][place] = sex
    return found


def value(column: Column, facts: Facts, on: date) -> str:
    """The word of a column for what is known: a code's, an age's, or that there is none."""
    if column.fades and column.category is not None:
        return _word(holds=endable()[column.category].is_fading(facts))
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
    """Add a household to the census when anybody of it draws anything, and whoever does; nobody
    draws its dibao who does not count for it."""
    month, on = str(reading.month), reading.month.last_day()
    facts: Facts = content["facts"]
    if household_id not in reading.running:
        facts = {**facts, **_RUN_OUT}
    living = [
        each
        for each in content["members"]
        if _lives(each, month, reading.dead) and not is_away(each["facts"])
    ]
    shared = drawn_of(HOUSEHOLD, facts)
    home = {"household_id": household_id, **content}
    theirs = {
        each["person_id"]: shared
        if DIBAO not in shared or reading.counts(home, each["person_id"], month)
        else shared - {DIBAO}
        for each in living
    }
    draw = {
        each["person_id"]: theirs[each["person_id"]] | drawn_of(PERSON, each["facts"])
        for each in living
    }
    everything = shared.union(*draw.values()) if living else set[str]()
    if not everything:
        return
    at = [household_id, village]
    common = _said_of_all(reading, shared, facts, on)
    for each in living:
        person, drawn = each["person_id"], draw[each["person_id"]]
        if drawn:
            of_home = theirs[person]
            here = common if of_home == shared else _said_of_all(reading, of_home, facts, on)
            known = [
                here.get(name) or _of_drawn(column, drawn) or value(column, each["facts"], on)
                for name, column in reading.people.items()
            ]
            census.people[person] = [person, *at, *known]
    known = [
        _of_drawn(column, everything) or _of_household(column, facts, living, on)
        for column in reading.households.values()
    ]
    census.households[household_id] = [household_id, *at, *known]
    census.living[household_id] = len(living)
    census.assisted[household_id] = _word(holds=_is_paid(everything))
    census.income_fen[household_id] = facts.get("income_fen_monthly")


def _said_of_all(reading: Reading, drawn: set[str], facts: Facts, on: date) -> dict[str, str]:
    """What is said of whoever draws these of the household's, by their columns that are of it;
    nothing fades out for them that they do not draw."""
    return {
        name: _word(holds=False)
        if column.fades and column.category not in drawn
        else _of_drawn(column, drawn) or value(column, facts, on)
        for name, column in reading.people.items()
        if column.of == HOUSEHOLD
    }


def _counts(law: Law, home: Facts, person_id: str, month: str) -> bool:
    """By the law, which is asked only where something is known for which it may not count them;
    whom it cannot tell of counts."""
    own = next(each["facts"] for each in home["members"] if each["person_id"] == person_id)
    if all(own.get(name) in idle for name, idle in _MAY_NOT.items()):
        return True
    return law.value(COUNTS, home, month, person_id) != 0


def _of_household(
    column: Column, facts: Facts, living: Sequence[Mapping[str, Any]], on: date
) -> str:
    if column.name == "members":
        return list(column.own)[min(len(living), 4) - 1]
    if column.of == "any":
        found = {value(column, each["facts"], on) for each in living}
        return "yes" if "yes" in found else "no"
    return value(column, facts, on)


def _of_drawn(column: Column, drawn: set[str]) -> str | None:
    """The word of a column that asks what is drawn; none of any other."""
    if column.name == "assisted":
        return _word(holds=_is_paid(drawn))
    if column.category is None or column.fades:
        return None
    return _word(holds=column.category in drawn)


def _is_paid(drawn: set[str]) -> bool:
    """Whether somebody is on assistance: a status of low income alone is paid nothing."""
    return not drawn <= _STATUSES_ALONE


def _word(*, holds: bool) -> str:
    return "yes" if holds else "no"


async def _running(session: AsyncSession, month: Month) -> set[str]:
    """The households in which a status of low income holds on some day of a month."""
    days = {"first": month.first_day(), "last": month.last_day()}
    words = {"month": str(month), "groups": [EDGE, EXPENDITURE], **days}
    return {str(row.household_id) for row in await run(session, _STATUSES, words)}


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
