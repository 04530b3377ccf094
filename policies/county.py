"""A county's month: every household of a snapshot decided, to the fen what each gives alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from policies.assessment import NO_MEMBER, Bench, Reading
from policies.facts import Fact, State
from policies.loops import Loop
from policies.places import Place
from policies.snapshot import Snapshot


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


@dataclass
class Outcome:
    """The awards above zero and the holds of one county's month, by programme, in row order."""

    awards: list[Award] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)


Flags = npt.NDArray[np.bool_]
Decide = Callable[[Reading, str, int], "tuple[int, str | None]"]
"""(reading, programme, member) -> (fen, None) or (0, reason to hold)."""


class County:
    """A snapshot opened for one month: which rows and members are in force."""

    def __init__(self, snapshot: Snapshot, facts: Mapping[str, Fact], month: int) -> None:
        self.snapshot, self.facts, self.month = snapshot, facts, month
        self.first = snapshot.first
        since, until = snapshot.integers("since"), snapshot.integers("until")
        self.in_force: Flags = (since <= month) & (month <= until)
        self.row_of_member = np.repeat(np.arange(len(snapshot)), np.diff(self.first))
        joined, left = snapshot.integers("member_since"), snapshot.integers("member_until")
        self.active: Flags = (joined <= month) & (month <= left)
        self.active &= self.in_force[self.row_of_member]
        self.household_ids = snapshot.texts("household_id")
        self.person_ids = snapshot.texts("member_person_id")
        self.villages = snapshot.texts("village")
        self._columns: dict[str, list[int]] = {}
        self._states: dict[str, npt.NDArray[np.int64]] = {}
        self.overlapping = _twice(self.household_ids, self.in_force)
        self.doubled = _twice(self.person_ids, self.active)

    def column(self, name: str) -> list[int]:
        """The values of a fact, one a row or a member."""
        if name not in self._columns:
            self._columns[name] = self.snapshot.values(self.facts[name]).tolist()
        return self._columns[name]

    def states(self, name: str) -> npt.NDArray[np.int64]:
        """What stands beside the values of a fact."""
        if name not in self._states:
            self._states[name] = self.snapshot.states(self.facts[name])
        return self._states[name]

    def clean(self, loop: Loop, personal: bool) -> list[bool]:
        """By member or by row: whether every fact the loop may read can be read."""
        rows: Flags = np.full(len(self.snapshot), loop.decides)
        for name in loop.household_facts:
            rows &= self.states(name) == State.KNOWN
        for name in loop.member_facts:
            unreadable = (self.states(name) != State.KNOWN) & self.active
            rows[self.row_of_member[unreadable]] = False
        if not personal:
            return rows.tolist()  # type: ignore[no-any-return]  # numpy types tolist as Any.
        members = rows[self.row_of_member]
        for name in loop.person_facts:
            members &= self.states(name) == State.KNOWN
        return members.tolist()  # type: ignore[no-any-return]  # numpy types tolist as Any.

    def reading(self, bench: Bench, row: int) -> tuple[Reading, Sequence[int]]:
        """A row for the single evaluation, and the places of its members in force."""
        span = range(int(self.first[row]), int(self.first[row + 1]))
        members = [member for member in span if self.active[member]]
        household = {fact.name: self._fact(fact, row) for fact in self._of("household")}
        people = [{f.name: self._fact(f, member) for f in self._of("person")} for member in members]
        return Reading(bench, household, people), members

    def _of(self, entity: str) -> list[Fact]:
        return [fact for fact in self.facts.values() if fact.entity == entity]

    def _fact(self, fact: Fact, at: int) -> tuple[int, State]:
        return self.column(fact.name)[at], State(int(self.states(fact.name)[at]))


def award(
    county: County,
    bench: Bench,
    place: Place,
    loops: Iterable[tuple[str, Loop]],
    decide: Decide,
    rows: range,
) -> Outcome:
    """Every programme given, over the rows given."""
    outcome = Outcome()
    chosen = [row for row in rows if county.in_force[row]]
    for programme, loop in loops:
        _award_programme(county, bench, place, programme, loop, decide, chosen, outcome)
    return outcome


def _award_programme(
    county: County,
    bench: Bench,
    place: Place,
    programme: str,
    loop: Loop,
    decide: Decide,
    rows: list[int],
    outcome: Outcome,
) -> None:
    personal = bench.kernel.programmes[programme].award.entity == "person"
    found: list[tuple[int, int, int | str]] = []

    def pay(row: int, *rest: int) -> None:
        found.append((row, rest[0] if personal else NO_MEMBER, rest[-1]))

    def doubt(row: int, member: int = NO_MEMBER) -> None:
        reading, members = county.reading(bench, row)
        at = members.index(member) if personal else NO_MEMBER
        amount, reason = decide(reading, programme, at)
        if reason is not None or amount > 0:
            found.append((row, member, amount if reason is None else reason))

    columns: list[Any] = [county.column(name) for name in loop.columns]
    loop.run(
        rows,
        county.first.tolist(),
        county.active.tolist(),
        county.clean(loop, personal),
        doubt,
        pay,
        county.month,
        *columns,
    )
    _settle(county, place, programme, personal, found, outcome)


def _settle(
    county: County,
    place: Place,
    programme: str,
    personal: bool,
    found: Iterable[tuple[int, int, int | str]],
    outcome: Outcome,
) -> None:
    """Awards and holds with their names; whoever stands twice in the month is held once."""
    items, fund = place.budget_items.get(programme), place.fund_of(programme)
    registration = county.column("registration")
    kind = "person" if personal else "household"
    held: set[str] = set()
    for row, member, result in found:
        household_id = county.household_ids[row]
        beneficiary = county.person_ids[member] if personal else household_id
        doubt = _doubled(county, row, member, household_id)
        if doubt is None and isinstance(result, int):
            outcome.awards.append(
                Award(
                    programme,
                    kind,
                    beneficiary,
                    household_id,
                    county.villages[row],
                    items[registration[row]] if items else None,
                    fund,
                    result,
                    row,
                )
            )
        elif beneficiary not in held:
            held.add(beneficiary)
            reason = doubt or str(result)
            village = county.villages[row]
            outcome.holds.append(
                Hold(programme, kind, beneficiary, household_id, village, None, fund, reason, row)
            )


def _doubled(county: County, row: int, member: int, household_id: str) -> str | None:
    if household_id in county.overlapping:
        return "determinations-overlap"
    if not county.doubled:
        return None
    span = (
        range(int(county.first[row]), int(county.first[row + 1]))
        if member == NO_MEMBER
        else (member,)
    )
    twice = any(county.active[m] and county.person_ids[m] in county.doubled for m in span)
    return "person-in-two-households" if twice else None


def _twice(names: Sequence[str], present: Flags) -> frozenset[str]:
    """The names that are present more than once."""
    seen: set[str] = set()
    twice: set[str] = set()
    for place in np.flatnonzero(present).tolist():
        name = names[place]
        if name in seen:
            twice.add(name)
        seen.add(name)
    return frozenset(twice)
