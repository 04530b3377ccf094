"""A snapshot as the kernel reads it: the narrowest integers, what cannot be read marked in them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from policies.reading.facts import NOT_APPLICABLE, Fact, State

if TYPE_CHECKING:
    from policies.counties.snapshot import Snapshot

Integers = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Width:
    """A width of integers; the two lowest values stand for what is unknown or out of range."""

    bits: int

    @property
    def unknown(self) -> int:
        return -(1 << (self.bits - 1))

    @property
    def beyond(self) -> int:
        return self.unknown + 1

    @property
    def highest(self) -> int:
        return -self.unknown - 1

    @property
    def name(self) -> str:
        return f"int{self.bits}"


_WIDTHS: Final = tuple(map(Width, (8, 16, 32, 64)))


def width_of(fact: Fact) -> Width:
    """The narrowest integers that hold every value the fact may have."""
    lowest = min(fact.lowest, NOT_APPLICABLE)
    return next(w for w in _WIDTHS if w.beyond < lowest and fact.highest <= w.highest)


@dataclass(frozen=True)
class Repeated:
    """Where names stand that stand more than once, and a number for each of those names."""

    places: Integers
    numbers: Integers

    @classmethod
    def among(cls, names: Any) -> "Repeated":
        numbers = names.dictionary_encode().indices.to_numpy()
        many = np.bincount(numbers)[numbers] > 1 if len(numbers) else np.zeros(0, bool)
        return cls(np.flatnonzero(many), numbers[many])

    def numbers_at(self, places: Integers) -> Integers:
        """The number of the name at each of some places, -1 where it stands nowhere else."""
        if not len(self.places):
            return np.full(len(places), -1)
        at = np.minimum(np.searchsorted(self.places, places), len(self.places) - 1)
        return np.where(self.places[at] == places, self.numbers[at], -1)

    def twice(self, present: Flags) -> Integers:
        """The places whose name is present more than once; `present` speaks of our places."""
        places, numbers = self.places[present], self.numbers[present]
        if not len(places):
            return places
        return places[np.bincount(numbers)[numbers] > 1]


class Columns:
    """The columns of a snapshot, each made when first asked for and then kept."""

    def __init__(self, snapshot: "Snapshot") -> None:
        self._snapshot = snapshot
        self.first = snapshot.first.astype(np.int32)
        self.since, self.until, self.joined, self.left = (
            snapshot.column(name).to_numpy().astype(np.int32)
            for name in ("since", "until", "member_since", "member_until")
        )
        self.households = Repeated.among(snapshot.column("household_id"))
        self.persons = Repeated.among(snapshot.column("member_person_id"))
        self._facts: dict[tuple[object, ...], Integers] = {}

    def rows_of(self, members: Integers) -> Integers:
        """The row each of some members stands in."""
        return np.searchsorted(self.first, members, side="right") - 1

    def in_force(self, rows: Integers, month: int) -> Flags:
        """Which of some rows' determinations run in a month, counted from year 0."""
        return np.asarray((self.since[rows] <= month) & (month <= self.until[rows]))

    def active(self, members: Integers, month: int) -> Flags:
        """Which of some members belong, in a month, to a row in force."""
        belong = (self.joined[members] <= month) & (month <= self.left[members])
        return np.asarray(belong & self.in_force(self.rows_of(members), month))

    def of(self, fact: Fact) -> Integers:
        """A fact as this law reads it, one entry a row or a member."""
        key = (fact.name, fact.entity, fact.lowest, fact.highest, fact.may_not_apply)
        if key not in self._facts:
            self._facts[key] = self._narrowed(fact)
        return self._facts[key]

    def _narrowed(self, fact: Fact) -> Integers:
        width = width_of(fact)
        found = self._snapshot.read(fact)
        if found is None:
            rows = len(self._snapshot) if fact.entity == "household" else int(self.first[-1])
            return np.full(rows, width.unknown, width.name)
        values, states = found
        # A range declared narrower since the snapshot was frozen must not wrap a value round.
        known = (values >= fact.lowest) & (values <= fact.highest)
        if fact.may_not_apply:
            known |= values == NOT_APPLICABLE
        known &= states == State.KNOWN
        narrow = np.where(states == State.UNKNOWN, width.unknown, width.beyond).astype(width.name)
        np.copyto(narrow, values, where=known, casting="unsafe")
        return narrow
