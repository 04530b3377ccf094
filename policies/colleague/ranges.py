"""Where a whole number can lie: a few spans, and what arithmetic makes of them.

Every operation answers with a range that holds each value it can have for values of the ranges it
is given; it may hold more, never less.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1
"""The integers of the machine: what leaves them is silently another number there."""

BEYOND: Final = 2**200
"""Further out than anything a rule can reckon: an open end."""
_SPANS_AT_MOST: Final = 8
"""Codes are told apart by it; more would only be slow."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Range:
    """Spans in order, neither touching nor overlapping; none at all where nothing is possible."""

    spans: tuple[Span, ...]

    @property
    def lowest(self) -> int:
        return self.spans[0][0]

    @property
    def highest(self) -> int:
        return self.spans[-1][1]

    @property
    def only(self) -> int | None:
        """The one value it has, if it has one only."""
        return self.lowest if self.spans and self.lowest == self.highest else None

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, value: int) -> bool:
        return any(low <= value <= high for low, high in self.spans)

    def __str__(self) -> str:
        return " or ".join(str(a) if a == b else f"{a} to {b}" for a, b in self.spans)

    def __or__(self, other: "Range") -> "Range":
        return _range((*self.spans, *other.spans))

    def __and__(self, other: "Range") -> "Range":
        pairs = product(self.spans, other.spans)
        both = [(max(a, c), min(b, d)) for (a, b), (c, d) in pairs]
        return _range(span for span in both if span[0] <= span[1])

    def without(self, value: int) -> "Range":
        return self & _range([(-BEYOND, value - 1), (value + 1, BEYOND)])

    def times_a_sum_of(self, most: int) -> "Range":
        """The sum of none up to so many values of the range."""
        ends = [0, *(end * most for span in self.spans for end in span)]
        return between(min(ends), max(ends))


def between(lowest: int, highest: int) -> Range:
    return Range(((lowest, highest),)) if lowest <= highest else NOTHING


def exactly(value: int) -> Range:
    return between(value, value)


def at_least(value: int) -> Range:
    return between(value, BEYOND)


def at_most(value: int) -> Range:
    return between(-BEYOND, value)


def union(found: Iterable[Range]) -> Range:
    """Where any of them lies."""
    whole = NOTHING
    for each in found:
        whole |= each
    return whole


def add(one: Range, other: Range) -> Range:
    return _over(one, other, lambda a, b, c, d: (a + c, b + d))


def subtract(one: Range, other: Range) -> Range:
    return _over(one, other, lambda a, b, c, d: (a - d, b - c))


def multiply(one: Range, other: Range) -> Range:
    return _over(one, other, lambda a, b, c, d: _ends(a * c, a * d, b * c, b * d))


def divide(one: Range, other: Range) -> Range:
    """Rounded down, by whatever is not zero."""
    by = other.without(0)
    return _over(one, by, lambda a, b, c, d: _ends(a // c, a // d, b // c, b // d))


def remainder(one: Range, other: Range) -> Range:
    """With the sign of what divides, which is not zero."""
    return _over(one, other.without(0), _remainder)


def negate(one: Range) -> Range:
    return _range((-b, -a) for a, b in one.spans)


def size(one: Range) -> Range:
    """Without its sign."""
    return _range((max(a, -b, 0), max(-a, b)) for a, b in one.spans)


def least(one: Range, other: Range) -> Range:
    return _over(one, other, lambda a, b, c, d: (min(a, c), min(b, d)))


def greatest(one: Range, other: Range) -> Range:
    return _over(one, other, lambda a, b, c, d: (max(a, c), max(b, d)))


def _over(one: Range, other: Range, reckon: Callable[[int, int, int, int], Span]) -> Range:
    pairs = product(one.spans, other.spans)
    return _range(reckon(a, b, c, d) for (a, b), (c, d) in pairs)


def _ends(*values: int) -> Span:
    return min(values), max(values)


def _remainder(a: int, b: int, c: int, d: int) -> Span:
    if c == d and a // c == b // c:
        return a % c, b % c
    if c > 0:
        return (a, b) if a >= 0 and b < c else (0, min(d - 1, b) if a >= 0 else d - 1)
    return c + 1, 0


def _range(spans: Iterable[Span]) -> Range:
    found = list(_joined(sorted(spans)))
    while len(found) > _SPANS_AT_MOST:
        gaps = [after[0] - before[1] for before, after in pairwise(found)]
        at = gaps.index(min(gaps))
        found[at : at + 2] = [(found[at][0], found[at + 1][1])]
    return Range(tuple(found))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    open_span: Span | None = None
    for low, high in spans:
        if open_span is not None and low <= open_span[1] + 1:
            open_span = (open_span[0], max(open_span[1], high))
        else:
            if open_span is not None:
                yield open_span
            open_span = (low, high)
    if open_span is not None:
        yield open_span


NOTHING: Final = Range(())
ZERO: Final = exactly(0)
NOT_ZERO: Final = _range([(-BEYOND, -1), (1, BEYOND)])
TRUTHS: Final = between(0, 1)
INTEGERS: Final = between(LOWEST, HIGHEST)
