"""Two laws over one population: what each costs, and who gains, loses, comes in, goes out.

Sums are what the month's awards add up to, in fen; a household's gain or loss is over all
programmes compared. Households that either law holds are counted apart: their sum is not known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from policies.arithmetic import NOT_APPLICABLE
from policies.counties.columns import Flags, width_of
from policies.counties.outcome import Award, Hold
from policies.counties.snapshot import Snapshot
from policies.engine.law import Law
from policies.reading.documents import month_index

Ints = npt.NDArray[np.int64]

ELDERLY_YEARS: Final = 60
MINOR_YEARS: Final = 18
TOWN_DIGITS: Final = 9
"""A village's code begins with the nine digits of its town."""


class _Month(NamedTuple):
    """What a policy gives and holds in its month, of the programmes compared."""

    awards: Sequence[Award]
    holds: Sequence[Hold]


@dataclass(frozen=True)
class Policy:
    """A law in a month."""

    law: Law
    month: str


@dataclass
class Difference:
    """One group of beneficiaries under two policies: counts, and sums in fen."""

    before: int = 0
    after: int = 0
    before_fen: int = 0
    after_fen: int = 0
    gaining: int = 0
    losing: int = 0
    newly_in: int = 0
    newly_out: int = 0
    gained_fen: int = 0
    lost_fen: int = 0

    def add(self, before_fen: int, after_fen: int) -> None:
        """Count one beneficiary; coming in is gaining as well, going out is losing."""
        change = after_fen - before_fen
        self.before += before_fen > 0
        self.after += after_fen > 0
        self.before_fen += before_fen
        self.after_fen += after_fen
        self.gaining += change > 0
        self.losing += change < 0
        self.newly_in += before_fen == 0 < after_fen
        self.newly_out += after_fen == 0 < before_fen
        self.gained_fen += max(change, 0)
        self.lost_fen += max(-change, 0)

    def words(self) -> dict[str, int]:
        """The counts by name, with what the change costs."""
        return {**asdict(self), "change_fen": self.after_fen - self.before_fen}


@dataclass
class Comparison:
    """Everything two policies differ in over one population."""

    households_count: int
    people_count: int
    households: Difference = field(default_factory=Difference)
    people: Difference = field(default_factory=Difference)
    by_programme: dict[str, Difference] = field(default_factory=dict)
    by_fund: dict[str, Difference] = field(default_factory=dict)
    by_area: dict[str, Difference] = field(default_factory=dict)
    by_size: dict[str, Difference] = field(default_factory=dict)
    by_type: dict[str, Difference] = field(default_factory=dict)
    held_before: dict[str, int] = field(default_factory=dict)
    held_after: dict[str, int] = field(default_factory=dict)
    held_households: int = 0

    def words(self) -> dict[str, Any]:
        """The whole as JSON: every group by name."""
        groups = ("by_programme", "by_fund", "by_area", "by_size", "by_type")
        return {
            "households_count": self.households_count,
            "people_count": self.people_count,
            "households": self.households.words(),
            "people": self.people.words(),
            **{
                name: {key: each.words() for key, each in sorted(getattr(self, name).items())}
                for name in groups
            },
            "held_before": dict(sorted(self.held_before.items())),
            "held_after": dict(sorted(self.held_after.items())),
            "held_households": self.held_households,
        }


def compare(
    before: Policy, after: Policy, population: Snapshot, programmes: Iterable[str] | None = None
) -> Comparison:
    """Both policies over the population; the programmes named, or those run by the month."""
    outcomes = [_awarded(each, population, programmes) for each in (before, after)]
    view = _View(population, after)
    found = Comparison(int(view.in_force.sum()), int(view.active.sum()))
    held = {hold.row for outcome in outcomes for hold in outcome.holds}
    found.held_households = len(held)
    for outcome, counts in zip(outcomes, (found.held_before, found.held_after), strict=True):
        for hold in outcome.holds:
            counts[hold.reason] = counts.get(hold.reason, 0) + 1
    _by_beneficiary(found, outcomes, (before, after), programmes, held)
    _by_household(found, outcomes, view, held)
    return found


def cost(
    policy: Policy, population: Snapshot, programmes: Iterable[str] | None = None
) -> dict[str, int]:
    """What a policy costs in its month, and how many it reaches and holds."""
    outcome = _awarded(policy, population, programmes)
    return {
        "total_fen": sum(award.amount_fen for award in outcome.awards),
        "beneficiaries": len(outcome.awards),
        "households": len({award.row for award in outcome.awards}),
        "held": len(outcome.holds),
    }


def _awarded(policy: Policy, population: Snapshot, programmes: Iterable[str] | None) -> _Month:
    """A month's awards of money, of the programmes asked for, or of those run by the month."""
    chosen = _chosen(policy, programmes)
    if not chosen:
        return _Month([], [])
    outcome = policy.law.award_county(population, policy.month, programmes=chosen)
    return _Month(list(outcome.awards), list(outcome.holds))


def _chosen(policy: Policy, programmes: Iterable[str] | None) -> list[str]:
    """What is given on application is left out unless it is named: nobody here has applied."""
    offered = policy.law.programmes
    if programmes is None:
        return [name for name, each in offered.items() if each.family]
    named = [offered[name] for name in programmes if name in offered]
    return [each.name for each in named if each.declared.gives == "money"]


def _by_beneficiary(
    found: Comparison,
    outcomes: Sequence[_Month],
    policies: Sequence[Policy],
    programmes: Iterable[str] | None,
    held: set[int],
) -> None:
    """Programmes and funds: one count a beneficiary of a programme."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for side, outcome in enumerate(outcomes):
        for award in outcome.awards:
            if award.row not in held:
                sums[award.programme, award.beneficiary_id][side] += award.amount_fen
    for policy in policies:
        for name in _chosen(policy, programmes):
            found.by_programme.setdefault(name, Difference())
            found.by_fund.setdefault(policy.law.programmes[name].fund or "", Difference())
    for (name, _), (first, second) in sums.items():
        known = next(p.law.programmes[name] for p in policies if name in p.law.programmes)
        found.by_programme[name].add(first, second)
        found.by_fund[known.fund or ""].add(first, second)


def _by_household(
    found: Comparison, outcomes: Sequence[_Month], view: "_View", held: set[int]
) -> None:
    """Areas, sizes and types: one count a household, over all programmes; people counted too."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for side, outcome in enumerate(outcomes):
        for award in outcome.awards:
            sums[award.row][side] += award.amount_fen
    for row, (first, second) in sorted(sums.items()):
        if row in held:
            continue
        found.households.add(first, second)
        _add_people(found.people, int(view.sizes[row]), first, second)
        found.by_area.setdefault(view.area(row), Difference()).add(first, second)
        found.by_size.setdefault(view.size(row), Difference()).add(first, second)
        for kind in view.types(row):
            found.by_type.setdefault(kind, Difference()).add(first, second)


def _add_people(people: Difference, size: int, before_fen: int, after_fen: int) -> None:
    """Everybody who lives in a household is touched by what it gets; the sums stay whole."""
    one = Difference()
    one.add(before_fen, after_fen)
    for name, count in asdict(one).items():
        of_money = name.endswith("_fen")
        setattr(people, name, getattr(people, name) + count * (1 if of_money else size))


class _View:
    """What sort of household each row is, in the month of a policy."""

    def __init__(self, population: Snapshot, policy: Policy) -> None:
        self._population, self._law = population, policy.law
        month = month_index(policy.month)
        columns = population.columns
        members = np.arange(population.first[-1])
        self._row_of = columns.rows_of(members)
        self.in_force = columns.in_force(np.arange(len(population)), month)
        self.active = columns.active(members, month) & ~self._died_before(month)
        self.sizes = self._count(self.active)
        self._villages = population.texts("village")
        ages = self._ages(month)
        self._marks = {
            "with someone of 60 or more": self._count(self.active & (ages >= ELDERLY_YEARS)),
            "with a minor": self._count(self.active & (ages >= 0) & (ages < MINOR_YEARS)),
            "with someone certified as disabled": self._count(self.active & self._disabled()),
        }

    def area(self, row: int) -> str:
        """The town, by the first digits of the village."""
        return self._villages[row][:TOWN_DIGITS]

    def size(self, row: int) -> str:
        """How many live there: 1 to 4, or 5 and more."""
        size = int(self.sizes[row])
        return str(size) if size < 5 else "5+"

    def types(self, row: int) -> Iterator[str]:
        """Every description that fits; a household can be of several types, or of none."""
        for name, counts in self._marks.items():
            if counts[row]:
                yield name
        if self.sizes[row] == 1 and self._marks["with someone of 60 or more"][row]:
            yield "one person of 60 or more, alone"

    def _count(self, members: Flags) -> Ints:
        return np.bincount(self._row_of[members], minlength=len(self._population)).astype(np.int64)

    def _known(self, name: str) -> tuple[Ints, Flags]:
        fact = self._law.facts[name]
        column = self._population.columns.of(fact)
        return column.astype(np.int64), column > width_of(fact).beyond

    def _died_before(self, month: int) -> Flags:
        died, known = self._known("died_on")
        return np.asarray(known & (died != NOT_APPLICABLE) & (_months(died) < month))

    def _ages(self, month: int) -> Ints:
        born, known = self._known("born_on")
        return np.where(known, (month - _months(born)) // 12, -1)

    def _disabled(self) -> Flags:
        grade, known = self._known("disability_grade")
        return np.asarray(known & (grade != NOT_APPLICABLE))


def _months(dates: Ints) -> Ints:
    """`month_of` the dates of a column."""
    return dates // 10000 * 12 + dates // 100 % 100 - 1


def swept(
    policy: Policy,
    population: Snapshot,
    name: str,
    code: int | None,
    amounts: Sequence[int],
    programmes: Iterable[str] | None = None,
) -> Iterator[Mapping[str, Any]]:
    """The cost of a policy as one of its numbers goes through a range."""
    for amount in amounts:
        supposed = policy.law.supposing({name: amount if code is None else {code: amount}})
        told = cost(Policy(supposed, policy.month), population, programmes)
        yield {"amount": amount, **told}
