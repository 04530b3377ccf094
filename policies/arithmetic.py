"""The few operations a rule may call by name, beside min, max and abs."""

from collections.abc import Mapping
from typing import Final

from policies.facts import NOT_APPLICABLE

MONTHS_A_YEAR: Final = 12
URBAN: Final = 1
RURAL: Final = 2
INTELLECTUAL: Final = 5
MENTAL: Final = 6

Table = Mapping[int, int]
"""A dated number by code: amounts[code]. A code without an amount holds, it is never a zero."""

__all__ = [
    "INTELLECTUAL",
    "MENTAL",
    "MONTHS_A_YEAR",
    "NOT_APPLICABLE",
    "RURAL",
    "URBAN",
    "Table",
    "month_of",
    "round_up",
]


def month_of(date: int) -> int:
    """The month, counted from year 0, of a date written yyyymmdd."""
    return date // 10000 * 12 + date // 100 % 100 - 1


def round_up(amount: int, step: int) -> int:
    """The next whole step at or above an amount."""
    return -(-amount // step) * step
