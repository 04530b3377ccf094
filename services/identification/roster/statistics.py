"""The statistics table must say what the roster counts, village by village and in sum."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from services.identification.places import Place
from services.identification.roster import written
from services.identification.roster.columns import COUNTED, STATISTICS, TOTAL_ROW
from services.identification.roster.entries import HouseholdEntry
from services.identification.roster.faults import Code, Fault, on_statistics
from services.identification.roster.xlsx import Cell, Row

_ROWS_MAX: Final = 5_000
_HEADINGS: Final = {heading: key for heading, key in STATISTICS if key in COUNTED}
_VILLAGE: Final = STATISTICS[0][0]


class Tally:
    """What the roster counts, good rows and bad."""

    def __init__(self) -> None:
        self.by_village: dict[str, dict[str, int]] = {}

    def add(self, household: HouseholdEntry, rows: int) -> None:
        """Count a household as it stands in the file."""
        row = self.by_village.get(household.village)
        if row is None:
            row = self.by_village[household.village] = dict.fromkeys(COUNTED, 0)
        row["households"] += 1
        row["people"] += rows
        if household.dibao:
            row["dibao_households"] += 1
            row["dibao_people"] += rows
        for entry in household.members:
            if entry.assisted:
                row["tekun"] += entry.tekun
                row["disability_living"] += entry.disability_living
                row["disability_nursing"] += entry.disability_nursing
                row["old_age"] += entry.old_age


def check(rows: Iterator[Row] | None, tally: Tally, place: Place) -> list[Fault]:
    """Everything in the table that does not add up."""
    first = next(rows, None) if rows is not None else None
    if rows is None or first is None:
        return [on_statistics(1, _VILLAGE, Code.STATISTICS_MISSING)]
    headings = {written.text(cell): index for index, cell in enumerate(first[1])}
    missing = [heading for heading in (_VILLAGE, *_HEADINGS) if heading not in headings]
    if missing:
        return [on_statistics(first[0], heading, Code.STATISTICS_MISSING) for heading in missing]
    return _Table(headings, tally, place).check(rows, first[0])


class _Table:
    """One statistics table, gone through from the top."""

    def __init__(self, headings: dict[str, int], tally: Tally, place: Place) -> None:
        self._headings = headings
        self._tally = tally
        self._place = place
        self._sums = dict.fromkeys(COUNTED, 0)
        self._named: set[str] = set()
        self._faults: list[Fault] = []

    def check(self, rows: Iterator[Row], last: int) -> list[Fault]:
        """Each village's row, then the sums, then the villages nobody named."""
        for number, cells in islice(rows, _ROWS_MAX):
            village = written.plain(_at(cells, self._headings[_VILLAGE]))
            if TOTAL_ROW in (village, written.text(_at(cells, 0))):
                self._compare(number, cells, self._sums, Code.STATISTICS_TOTAL)
                break
            if village:
                last = number
                self._village(number, cells, village)
        else:
            fault = on_statistics(last, _VILLAGE, Code.STATISTICS_TOTAL, "没有合计行")
            self._faults.append(fault)
        for village in self._tally.by_village:
            if village not in self._named and village in self._place.villages:
                code = Code.STATISTICS_VILLAGE_MISSING
                self._faults.append(on_statistics(last, _VILLAGE, code, village))
        return self._faults

    def _village(self, number: int, cells: list[Cell], village: str) -> None:
        if village not in self._place.villages:
            self._faults.append(on_statistics(number, _VILLAGE, Code.VILLAGE_UNKNOWN))
            return
        if village in self._named:
            # Twice the same numbers would add up with a sum that is as wrong.
            self._faults.append(on_statistics(number, _VILLAGE, Code.STATISTICS_VILLAGE_TWICE))
            return
        self._named.add(village)
        for key, said in self._compare(
            number, cells, self._tally.by_village.get(village, {}), Code.STATISTICS_DIFFER
        ):
            self._sums[key] += said

    def _compare(
        self, number: int, cells: list[Cell], counted: dict[str, int], code: Code
    ) -> list[tuple[str, int]]:
        read = []
        for heading, key in _HEADINGS.items():
            said, ours = _count(_at(cells, self._headings[heading])), counted.get(key, 0)
            if said != ours:
                more = f"表中{'不是数' if said is None else said}，数出{ours}"
                self._faults.append(on_statistics(number, heading, code, more))
            read.append((key, said or 0))
        return read


def _at(cells: list[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _count(cell: Cell) -> int | None:
    """A count; an empty cell counts nothing."""
    words = written.plain(cell)
    if not words:
        return 0
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 9 else None
