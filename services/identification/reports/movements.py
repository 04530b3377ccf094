"""What changed from one month to another: who is new, who stopped, whose facts differ, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.identification.casework.paths import HOUSEHOLD
from services.identification.desk import Desk
from services.identification.reports import reasons
from services.identification.reports.books import KEYS, Book
from services.identification.reports.census import Census
from services.identification.reports.definitions import Column

Columns = Mapping[str, Mapping[str, Column]]
COLUMNS: Final = ("registration", "unit", "programme", "change", "reason")
_CHANGED_BY: Final = {"tekun": ("care", ("care_mode", "care_class"))}
_DISABILITY: Final = ("disability", ("disability",))
MOVED: Final = "moved"
"""The reason of a record that draws the same in another village of the county: it neither came nor
stopped, but in the village it left there is one less, and where it is now one more."""
_VILLAGE: Final = KEYS.index("village")


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


async def book(desk: Desk, columns: Columns, then: Census, now: Census) -> Book:
    """Every record and programme that is not as it was, with one reason."""
    found = list(_differences(Compared(columns, then, now)))
    known = await reasons.known(desk, then.month, now.month, {row[1] for row in found})
    rows = [(*row[:-1], row[-1] or known.of(row)) for row in found]
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
            continue
        if before[_VILLAGE] != row[_VILLAGE]:
            yield told(before, "moved-out", MOVED)
            yield told(row, "moved-in", MOVED)
        if by_facts and (reason := _changed(compared, unit, programme, before, row)):
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
