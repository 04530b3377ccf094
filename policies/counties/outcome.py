"""What a county's month gives: awards and holds as columns, made into rows when they are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar, overload

import numpy as np

from policies.counties.columns import Integers

if TYPE_CHECKING:
    from policies.counties.snapshot import Snapshot

_AT_ONCE: Final = 10_000


class Award(NamedTuple):
    """What a beneficiary is owed for the month; `row` is the determination in the snapshot."""

    programme: str
    beneficiary_kind: str
    beneficiary_id: str
    household_id: str
    village: str
    budget_item: str | None
    fund: str | None
    amount_fen: int
    row: int


class Hold(NamedTuple):
    """A beneficiary whose sum is not known, and why."""

    programme: str
    beneficiary_kind: str
    beneficiary_id: str
    household_id: str
    village: str
    budget_item: None
    fund: str | None
    reason: str
    row: int


@dataclass(frozen=True)
class Terms:
    """On what terms a place gives a programme."""

    programme: str
    beneficiary_kind: str
    fund: str | None
    budget_items: Mapping[int, str] | None
    is_listed: bool
    """Whether a county lists whom it is given to: money, and warnings."""
    settled_by: tuple[str, ...]
    """What must be readable, beside the sum, before anything is given."""

    @property
    def is_personal(self) -> bool:
        """Whether it is given to persons rather than to households."""
        return self.beneficiary_kind == "person"


@dataclass(frozen=True)
class Sums:
    """Where something is given and how much, above zero; where it is held and why; in row order.

    A place is a row of the snapshot or, of a programme for persons, a member's entry.
    """

    award_places: Integers
    amounts_fen: Integers
    hold_places: Integers
    hold_codes: Integers

    @classmethod
    def joined(cls, parts: "Sequence[Sums]") -> "Sums":
        """Several, in their order, as one."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(each, name) for each in parts]) for name in names))


@dataclass(frozen=True)
class Found:
    """One programme's sums, on its terms; `reasons` are what the codes stand for."""

    terms: Terms
    sums: Sums
    reasons: Sequence[str]


class Outcome:
    """The awards above zero and the holds of one county's month, by programme, in row order."""

    def __init__(self, snapshot: "Snapshot", found: Sequence[Found]) -> None:
        self.found = tuple(found)
        self.awards: Sequence[Award] = Rows(
            (len(each.sums.award_places), partial(_awards, snapshot, each)) for each in found
        )
        self.holds: Sequence[Hold] = Rows(
            (len(each.sums.hold_places), partial(_holds, snapshot, each)) for each in found
        )


Row = TypeVar("Row", Award, Hold)
Read = Callable[[slice], Iterator[Row]]


class Rows(Sequence[Row]):
    """Rows that are made when they are read, some at a time."""

    def __init__(self, parts: "Iterable[tuple[int, Read[Row]]]") -> None:
        self._parts: tuple[tuple[int, Read[Row]], ...] = tuple(parts)

    def __len__(self) -> int:
        return sum(length for length, _ in self._parts)

    def __iter__(self) -> Iterator[Row]:
        for length, read in self._parts:
            for start in range(0, length, _AT_ONCE):
                yield from read(slice(start, min(start + _AT_ONCE, length)))

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        for length, read in self._parts:
            if 0 <= place < length:
                return next(read(slice(place, place + 1)))
            place -= length
        raise IndexError(at)


def _awards(snapshot: "Snapshot", found: Found, some: slice) -> Iterator[Award]:
    terms, places = found.terms, found.sums.award_places[some]
    rows = _rows_of(snapshot, terms, places)
    items: list[str | None] = [None] * len(places)
    if terms.budget_items is not None:
        registrations = snapshot.integers_at("registration", rows).tolist()
        items = [terms.budget_items[code] for code in registrations]
    names = _names(snapshot, terms, places, rows)
    amounts = found.sums.amounts_fen[some].tolist()
    programme, kind, fund = terms.programme, terms.beneficiary_kind, terms.fund
    for who, item, amount, row in zip(names, items, amounts, rows.tolist(), strict=True):
        yield Award(programme, kind, *who, item, fund, amount, row)


def _holds(snapshot: "Snapshot", found: Found, some: slice) -> Iterator[Hold]:
    terms, places = found.terms, found.sums.hold_places[some]
    rows = _rows_of(snapshot, terms, places)
    names = _names(snapshot, terms, places, rows)
    reasons = [found.reasons[code] for code in found.sums.hold_codes[some].tolist()]
    programme, kind, fund = terms.programme, terms.beneficiary_kind, terms.fund
    for who, reason, row in zip(names, reasons, rows.tolist(), strict=True):
        yield Hold(programme, kind, *who, None, fund, reason, row)


def _rows_of(snapshot: "Snapshot", terms: Terms, places: Integers) -> Integers:
    return snapshot.columns.rows_of(places) if terms.is_personal else places


def _names(
    snapshot: "Snapshot", terms: Terms, places: Integers, rows: Integers
) -> Iterator[tuple[str, str, str]]:
    """The beneficiary's name, the household's, the village's."""
    households = snapshot.texts_at("household_id", rows)
    persons = snapshot.texts_at("member_person_id", places) if terms.is_personal else households
    return zip(persons, households, snapshot.texts_at("village", rows), strict=True)
