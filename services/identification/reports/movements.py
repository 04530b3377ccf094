"""What changed from one month to another: who is new, who stopped, whose facts differ, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.reports.books import KEYS, Book
from services.identification.reports.census import HOUSEHOLD, Census
from services.identification.reports.definitions import Column
from shared.database import run

Columns = Mapping[str, Mapping[str, Column]]
COLUMNS: Final = ("registration", "unit", "programme", "change", "reason")
_STAYS: Final = text("""
    SELECT m.household_id, m.person_id, m.since, m.until, p.died_on
    FROM unnest(CAST(:households AS uuid[])) AS wanted (household_id)
    JOIN membership m USING (household_id) JOIN person p ON p.id = m.person_id
""")
_CHANGED_BY: Final = {"tekun": ("care", ("care_mode", "care_class"))}
_DISABILITY: Final = ("disability", ("disability",))


@dataclass(frozen=True)
class Compared:
    """Two months side by side."""

    columns: Columns
    then: Census
    now: Census

    def rows(self, unit: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Records of a unit in either month, by their ids."""
        if unit == HOUSEHOLD:
            return self.then.households, self.now.households
        return self.then.people, self.now.people

    def place(self, unit: str, column: str) -> int:
        """Where a column stands in a row of a unit."""
        book = "households" if unit == HOUSEHOLD else "people"
        return len(KEYS) + list(self.columns[book]).index(column)


@dataclass
class Stays:
    """Who lives where in the later month, and since when; and who has died."""

    since: dict[tuple[str, str], str] = field(default_factory=dict)
    lived_in: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    homes_with_dead: set[str] = field(default_factory=set)


async def book(session: AsyncSession, columns: Columns, then: Census, now: Census) -> Book:
    """Every record and programme that is not as it was, with one reason."""
    compared = Compared(columns, then, now)
    found = list(_differences(compared))
    stays = await _stays(session, str(now.month), {row[1] for row in found})
    rows = [(*row[:-1], _reason(row, stays, str(then.month))) for row in found]
    return Book.of(COLUMNS, rows)


def _differences(compared: Compared) -> Iterator[Sequence[str]]:
    for programme in compared.columns["changes"]["programme"].own:
        is_shared = compared.columns["people"][programme].of == HOUSEHOLD
        units = (HOUSEHOLD, "person") if is_shared else ("person",)
        for unit in units:
            yield from _of_programme(compared, unit, programme, by_facts=unit == units[0])


def _of_programme(
    compared: Compared, unit: str, programme: str, *, by_facts: bool
) -> Iterator[Sequence[str]]:
    then, now = compared.rows(unit)
    flag = compared.place(unit, programme)
    registration = compared.place(unit, "registration")

    def told(row: Sequence[str], change: str, reason: str = "") -> Sequence[str]:
        return (*row[: len(KEYS)], row[registration], unit, programme, change, reason)

    for record, row in now.items():
        if row[flag] != "yes":
            continue
        before = then.get(record)
        if before is None or before[flag] != "yes":
            yield told(row, "new")
        elif by_facts and (reason := _changed(compared, unit, programme, before, row)):
            yield told(row, "changed", reason)
    for record, row in then.items():
        after = now.get(record)
        if row[flag] == "yes" and (after is None or after[flag] != "yes"):
            yield told(row, "stopped")


def _changed(
    compared: Compared, unit: str, programme: str, before: Sequence[str], after: Sequence[str]
) -> str:
    """Why a sum may differ though the programme is the same; empty when nothing does."""
    if unit != HOUSEHOLD:
        reason, columns = _CHANGED_BY.get(programme, _DISABILITY)
        places = [compared.place(unit, column) for column in columns]
        return reason if any(before[place] != after[place] for place in places) else ""
    home = after[0]
    members = compared.now.living[home] - compared.then.living[home]
    if members:
        return "more-members" if members > 0 else "fewer-members"
    incomes = compared.then.income_fen[home], compared.now.income_fen[home]
    if incomes[0] is None or incomes[1] is None or incomes[0] == incomes[1]:
        return ""
    return "income-lower" if incomes[1] < incomes[0] else "income-higher"


async def _stays(session: AsyncSession, month: str, households: set[str]) -> Stays:
    stays = Stays()
    ids = {"households": [UUID(each) for each in households]}
    for row in await run(session, _STAYS, ids):
        home, person = str(row.household_id), str(row.person_id)
        if row.died_on is not None and f"{row.died_on:%Y-%m}" < month:
            stays.dead.add(person)
            stays.homes_with_dead.add(home)
        elif row.since <= month and (row.until is None or row.until >= month):
            stays.since[home, person] = row.since
            stays.lived_in.add(home)
    return stays


def _reason(row: Sequence[str], stays: Stays, before: str) -> str:
    record, home, unit, change, reason = row[0], row[1], row[4], row[6], row[7]
    if change == "changed":
        return reason
    if unit == HOUSEHOLD:
        if change == "new" or home in stays.lived_in:
            return "decided"
        return "died" if home in stays.homes_with_dead else "left"
    if change == "new":
        return "came" if stays.since.get((home, record), "") > before else "decided"
    if record in stays.dead:
        return "died"
    return "decided" if (home, record) in stays.since else "left"
