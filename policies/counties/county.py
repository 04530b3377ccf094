"""A county's month: every household of a snapshot decided, to the fen what each gives alone."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Final

import numpy as np

from policies.counties import layout as layouts
from policies.counties import machine, native
from policies.counties.columns import Columns, Flags, Integers
from policies.counties.layout import DOUBLED, OVERLAP, Layout
from policies.counties.outcome import Found, Outcome, Sums, Terms
from policies.counties.snapshot import Snapshot
from policies.engine.bench import Amounts, Bench, Missing
from policies.engine.kernel import Kernel

_ROWS_AT_ONCE: Final = 1 << 15


class Tool:
    """The compiled kernel of some programmes, for every month whose rules are the same."""

    def __init__(self, kernel: Kernel, terms: Sequence[Terms], folder: Path | None) -> None:
        self._layout = layouts.lay_out(kernel, terms)
        self._facts = [kernel.facts[name] for name in self._layout.facts]
        text = native.write(kernel, self._layout)
        self._code = machine.code_of(text, native.NAME, folder)
        self._terms = tuple(terms)

    def award(self, snapshot: Snapshot, bench: Bench, rows: range) -> Outcome:
        """Every programme, over the rows given."""
        columns = snapshot.columns
        doubt = _Doubt(columns, bench.month, self._layout)
        found = {
            terms.programme: Found(terms, doubt.settle(sums, terms), self._layout.reasons)
            for terms, sums in zip(self._layout.terms, self._run(columns, bench, rows), strict=True)
        }
        return Outcome(snapshot, [found[each.programme] for each in self._terms])

    def _run(self, columns: Columns, bench: Bench, rows: range) -> list[Sums]:
        """What each programme of the layout finds, the rows shared out among threads."""
        given = [
            *(columns.first, columns.since, columns.until, columns.joined, columns.left),
            *_numbers(self._layout, bench),
            *(columns.of(fact) for fact in self._facts),
        ]
        run = self._code.function(native.INTEGERS, len(given) + native.OUTPUTS)
        addresses = [column.ctypes.data for column in given]
        own = local()

        def some(start: int) -> list[Sums]:
            stop = min(start + _ROWS_AT_ONCE, rows.stop)
            room = max(stop - start, int(columns.first[stop] - columns.first[start]))
            sheet: _Sheet | None = getattr(own, "sheet", None)
            if sheet is None or sheet.room < room:
                sheet = own.sheet = _Sheet(len(self._layout.terms), room)
            run(bench.month, start, stop, sheet.room, *addresses, *sheet.addresses)
            return sheet.taken()

        starts = range(rows.start, rows.stop, _ROWS_AT_ONCE) if rows else range(1)
        if len(starts) == 1:
            return some(starts[0])
        with ThreadPoolExecutor(min(len(starts), os.cpu_count() or 1)) as pool:
            parts = list(pool.map(some, starts))
        return [Sums.joined(each) for each in zip(*parts, strict=True)]


class _Sheet:
    """What one thread writes on, again and again."""

    def __init__(self, programmes: int, room: int) -> None:
        self.room = room
        self._columns = [
            np.empty((programmes, room), kind) for kind in (np.int32, np.int64, np.int32, np.int16)
        ]
        self._counts = np.empty((programmes, 2), np.int64)
        self.addresses = [each.ctypes.data for each in (*self._columns, self._counts)]

    def taken(self) -> list[Sums]:
        """What stands on it, copied: the next rows overwrite it."""
        places, amounts, hold_places, codes = self._columns
        return [
            Sums(
                places[at, :awards].copy(),
                amounts[at, :awards].copy(),
                hold_places[at, :holds].copy(),
                codes[at, :holds].copy(),
            )
            for at, (awards, holds) in enumerate(self._counts.tolist())
        ]


def _numbers(layout: Layout, bench: Bench) -> tuple[Integers, Integers]:
    """A month's numbers in the places of the layout, and the reason of each gap."""
    amounts = np.zeros(layout.number_count, np.int64)
    gaps = np.zeros(layout.number_count, np.int64)
    for name, place in layout.scalars.items():
        number = bench.numbers[name]
        if isinstance(number, Missing):
            gaps[place] = layout.code(number.reason)
        else:
            assert isinstance(number, int)
            amounts[place] = number
    for name, (first, lowest, highest) in layout.tables.items():
        table = bench.numbers[name]
        assert isinstance(table, Amounts)
        for place, code in enumerate(range(lowest, highest + 1), start=first):
            if code in table:
                amounts[place] = table[code]
            else:
                gaps[place] = layout.code(table.gap(code))
    return amounts, gaps


class _Doubt:
    """Who stands twice in the month: held once, whatever the sum would be."""

    def __init__(self, columns: Columns, month: int, layout: Layout) -> None:
        self._columns = columns
        self._overlap, self._twice = layout.code(OVERLAP), layout.code(DOUBLED)
        households, persons = columns.households, columns.persons
        self._rows = households.twice(columns.in_force(households.places, month))
        self._members = persons.twice(columns.active(persons.places, month))
        self._rows_with_them = np.unique(columns.rows_of(self._members))

    def settle(self, sums: Sums, terms: Terms) -> Sums:
        """The same, with whatever is in doubt held."""
        if not len(self._rows) and not len(self._members):
            return sums
        awards = self._codes(sums.award_places, terms)
        holds = self._codes(sums.hold_places, terms)
        places = np.concatenate([sums.hold_places, sums.award_places[awards > 0]])
        codes = np.concatenate([np.where(holds > 0, holds, sums.hold_codes), awards[awards > 0]])
        order = np.argsort(places, kind="stable")
        places, codes = places[order], codes[order]
        once = self._first_of_each(places, terms)
        paid = awards == 0
        return Sums(sums.award_places[paid], sums.amounts_fen[paid], places[once], codes[once])

    def _codes(self, places: Integers, terms: Terms) -> Integers:
        """The reason of each place in doubt, 0 of the others."""
        rows = self._columns.rows_of(places) if terms.is_personal else places
        theirs = self._members if terms.is_personal else self._rows_with_them
        codes = np.where(np.isin(places, theirs), self._twice, 0)
        return np.where(np.isin(rows, self._rows), self._overlap, codes).astype(np.int16)

    def _first_of_each(self, places: Integers, terms: Terms) -> Flags:
        """Which places are the first of their name."""
        repeated = self._columns.persons if terms.is_personal else self._columns.households
        names = repeated.numbers_at(places)
        first = np.ones(len(places), bool)
        known = np.flatnonzero(names >= 0)
        _, at = np.unique(names[known], return_index=True)
        first[known] = False
        first[known[at]] = True
        return first
