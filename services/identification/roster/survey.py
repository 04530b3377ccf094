"""The first look at a roster: every row understood, everything that is wrong named, rows put by.

A household is all or nothing: with one bad row the whole of it stays out, because half a household
would be paid wrongly.
"""

import hmac
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from services.identification.places import Place
from services.identification.roster import written
from services.identification.roster.columns import Field
from services.identification.roster.entries import EntryReader, HouseholdEntry
from services.identification.roster.faults import (
    Code,
    Fault,
    RosterTooLarge,
    RosterUnreadable,
    on_roster,
)
from services.identification.roster.opening import RosterFile
from services.identification.roster.staging import Stager, Surveyed, number_key
from services.identification.roster.statistics import Tally, check
from services.identification.roster.xlsx import Cell

FAULTS_MAX: Final = 100_000
_BLOCK_ROWS_MAX: Final = 500


@dataclass
class Survey:
    """What was found: to be loaded, and wrong."""

    found: Surveyed
    faults: list[Fault] = field(default_factory=list)
    rows_bad: int = 0


class Surveyor:
    """Goes through one roster once."""

    def __init__(self, place: Place, today: date, index_key: bytes, rows_max: int) -> None:
        self._place = place
        self._today = today
        self._index_key = index_key
        self._rows_max = rows_max
        self._tally = Tally()
        # By household: the place and first row of each number that was seen.
        self._seen: dict[str, tuple[int, int]] = {}
        self._sizes = array("i")
        # By person: the number without its check digit, its blind index, its row, its household,
        # and whether the row says that they left it.
        self._numbers, self._indexes = array("q"), array("Q")
        self._rows, self._households, self._left = array("i"), array("i"), array("b")
        self._serial = 0

    def go(self, roster: RosterFile, stager: Stager) -> Survey:
        """Understand every row.

        Raises:
            RosterUnreadable: the file breaks off, or is no roster at all.
            RosterTooLarge: it has more rows than are accepted.
        """
        found = Surveyed(self._today.isoformat(), roster.days_from_1904)
        reader = EntryReader(self._place, self._today, roster.days_from_1904)
        survey = Survey(found, reader.faults)
        for rows in self._blocks(roster):
            place = found.households
            found.households += 1
            found.rows += len(rows)
            if found.rows > self._rows_max:
                raise RosterTooLarge("行数太多", rows_max=self._rows_max)
            before = len(reader.faults)
            self._serials(rows, reader.faults)
            household = reader.household(rows)
            self._once(household, place, rows[0][0], survey)
            self._tally.add(household, len(rows))
            if len(reader.faults) > before:
                found.bad.add(place)
                if len(reader.faults) > FAULTS_MAX:
                    raise RosterUnreadable("几乎每一行都不对，是不是交错了文件？")
            self._remember(household, place, len(rows))
            if household.provincial_number:
                found.provincial.setdefault(household.number, household.provincial_number)
            stager.add((place, rows))
        if not found.rows:
            raise RosterUnreadable("表头下面没有内容")
        self._nobody_twice(survey)
        statistics = roster.statistics()
        if roster.kind != "csv":
            survey.faults.extend(check(statistics, self._tally, self._place))
        survey.rows_bad = sum(self._sizes[place] for place in found.bad)
        self._sort_people(found)
        stager.finish(found)
        return survey

    def _blocks(self, roster: RosterFile) -> Iterator[list[tuple[int, list[Cell]]]]:
        """Rows that follow each other and name the same household."""
        block: list[tuple[int, list[Cell]]] = []
        current = ""
        for number, cells in roster.rows():
            household = written.text(cells[1])
            if block and (household != current or not household or len(block) >= _BLOCK_ROWS_MAX):
                yield block
                block = []
            current = household
            block.append((number, cells))
        if block:
            yield block

    def _serials(self, rows: list[tuple[int, list[Cell]]], faults: list[Fault]) -> None:
        for row, cells in rows:
            words = written.plain(cells[0])
            if not (words.isascii() and words.isdigit() and len(words) <= 9):
                faults.append(on_roster(row, Field.SERIAL, Code.SERIAL_MISSING))
                self._serial += 1
                continue
            serial = int(words)
            if serial != self._serial + 1:
                faults.append(on_roster(row, Field.SERIAL, Code.SERIAL_GAP))
            self._serial = serial

    def _once(self, household: HouseholdEntry, place: int, row: int, survey: Survey) -> None:
        if not household.number:
            return
        first = self._seen.setdefault(household.number, (place, row))
        if first[0] != place:
            for other in (row, first[1]):
                survey.faults.append(
                    on_roster(
                        other, Field.HOUSEHOLD, Code.HOUSEHOLD_SPLIT, f"第{first[1]}、{row}行"
                    )
                )
            survey.found.bad.add(first[0])

    def _remember(self, household: HouseholdEntry, place: int, rows: int) -> None:
        self._sizes.append(rows)
        for entry in household.members:
            number = entry.id_number
            if len(number) == 18 and number.isascii() and number[:17].isdigit():
                self._numbers.append(int(number[:17]))
                index = hmac.digest(self._index_key, number.encode(), "sha256")
                self._indexes.append(int.from_bytes(index[:8], "big"))
                self._rows.append(entry.row)
                self._households.append(place)
                self._left.append(entry.until is not None)

    def _nobody_twice(self, survey: Survey) -> None:
        """A person may stand twice only where they left one household for another."""
        numbers = np.frombuffer(self._numbers, np.int64)
        order = np.lexsort((np.frombuffer(self._left, np.int8), numbers))
        alike = np.flatnonzero(np.diff(numbers[order]) == 0)
        for place in alike.tolist():
            first, second = int(order[place]), int(order[place + 1])
            if self._left[second] and self._households[first] != self._households[second]:
                continue
            for one, other in ((first, second), (second, first)):
                survey.faults.append(
                    on_roster(
                        self._rows[one],
                        Field.ID_NUMBER,
                        Code.PERSON_DUPLICATE,
                        f"与第{self._rows[other]}行",
                    )
                )
                survey.found.bad.add(self._households[one])

    def _sort_people(self, found: Surveyed) -> None:
        indexes = np.frombuffer(self._indexes, np.uint64)
        order = np.argsort(indexes, kind="stable")
        found.people = indexes[order]
        found.people_households = np.frombuffer(self._households, np.int32)[order]
        found.numbers = np.sort(np.array([number_key(one) for one in self._seen], np.uint64))
