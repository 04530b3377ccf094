"""What a compiled kernel is handed, in which order, and what its codes mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policies.counties.outcome import Terms
from policies.engine.kernel import Kernel, Kind
from policies.reading.facts import NOT_APPLICABLE
from policies.reading.packs import SUM

OVERLAP: Final = "determinations-overlap"
DOUBLED: Final = "person-in-two-households"


@dataclass(frozen=True)
class Layout:
    """What is handed to a kernel, in order, and what its codes mean."""

    terms: tuple[Terms, ...]
    facts: tuple[str, ...]
    scalars: Mapping[str, int]
    tables: Mapping[str, tuple[int, int, int]]
    """Of each table its first place, its lowest and its highest code."""
    number_count: int
    reasons: tuple[str, ...]

    def code(self, reason: str) -> int:
        return self.reasons.index(reason)


def lay_out(kernel: Kernel, terms: Sequence[Terms]) -> Layout:
    """The layout of some programmes' kernel; a household's programmes come first."""
    ordered = sorted(terms, key=lambda each: each.is_personal)
    names = union(needs(kernel, each) for each in ordered)
    scalars: dict[str, int] = {}
    tables: dict[str, tuple[int, int, int]] = {}
    place = 0
    for name in names:
        if kernel.kind(name) is Kind.NUMBER:
            declaration = kernel.numbers[name].declaration
            if declaration.by is None:
                scalars[name] = place
                place += 1
            else:
                codes = (NOT_APPLICABLE, *declaration.codes)
                tables[name] = (place, min(codes), max(codes))
                place += max(codes) - min(codes) + 1
    return Layout(
        terms=tuple(ordered),
        facts=tuple(name for name in names if kernel.kind(name) is Kind.FACT),
        scalars=scalars,
        tables=tables,
        number_count=place,
        reasons=_reasons(kernel, names),
    )


def union(groups: Iterable[Iterable[str]]) -> list[str]:
    """The names of all groups, each once, in the order in which they come."""
    return list(dict.fromkeys(name for group in groups for name in group))


def needs(kernel: Kernel, terms: Terms) -> list[str]:
    """Everything a programme may read or reckon, parts before wholes."""
    steps = kernel.programmes[terms.programme]
    roots = [*(test.name for test in steps.tests), steps.award.name, *terms.settled_by]
    return union(kernel.closure(root) for root in roots)


def _reasons(kernel: Kernel, names: Iterable[str]) -> tuple[str, ...]:
    """None first, then by the alphabet: of several members' reasons the least is said."""
    found = {OVERLAP, DOUBLED}
    for name in names:
        kind = kernel.kind(name)
        if kind is Kind.FACT:
            found |= {f"unknown-{name}", f"fact-out-of-range-{name}"}
        elif kind is Kind.RULE:
            found.add(f"rule-fault-{name}")
        elif kind is Kind.SUM:
            found.add(f"rule-fault-{name.removeprefix(SUM)}")
        elif kind is Kind.NUMBER:
            found.add(f"no-number-{name}")
            by = kernel.numbers[name].declaration.by
            if by is not None:
                found.add(f"not-applicable-{by}")
    return ("", *sorted(found))
