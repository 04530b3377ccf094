"""Where the operations that round can lie: their steps hang together in a way ranges do not see."""

from collections.abc import Callable, Mapping
from typing import Final

from policies.colleague import ranges
from policies.colleague.ranges import Range


def _rounded_up(amount: Range, step: Range) -> Range:
    up, down = _rest(step)
    return ranges.between(amount.lowest - down, amount.highest + up)


def _rounded_down(amount: Range, step: Range) -> Range:
    up, down = _rest(step)
    return ranges.between(amount.lowest - up, amount.highest + down)


def _part(total: Range, parts: Range, _place: Range) -> Range:
    """The even share, and on the last what is left besides."""
    even = ranges.divide(total, parts)
    up, down = _rest(parts)
    return even and ranges.between(even.lowest - down, even.highest + up)


def _rest(divisor: Range) -> tuple[int, int]:
    """How far above and below zero what is left of a division can lie."""
    return max(divisor.highest - 1, 0), max(-divisor.lowest - 1, 0)


TIGHTER: Final[Mapping[str, Callable[..., Range]]] = {
    "round_up": _rounded_up,
    "round_down": _rounded_down,
    "part_of": _part,
}
"""By the name of the operation in `arithmetic.py`."""
