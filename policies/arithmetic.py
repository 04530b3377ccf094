"""The few operations a rule may call by name, beside min, max and abs.

Every one takes whole numbers and gives a whole number; where something must be rounded, the name
says which way. Each is plain enough to be compiled as it stands.
"""

from collections.abc import Mapping
from typing import Final

from policies.reading.facts import NOT_APPLICABLE

MONTHS_A_YEAR: Final = 12
URBAN: Final = 1
RURAL: Final = 2
INTELLECTUAL: Final = 5
MENTAL: Final = 6
MALE: Final = 1
COMFORT: Final = 5
REBUILDING: Final = 6
SELF_EMPLOYED: Final = 5
SEVERELY_DAMAGED: Final = 2
MONITORED: Final = 5
WHOLE: Final = 10_000
"""Everything there is, in basis points."""

OPERATIONS: Final = (
    "days_of", "month_of", "part_of", "ratio_of", "round_down", "round_up", "share_of",
    "years_between",
)  # fmt: skip

Table = Mapping[int, int]
"""A dated number by code: amounts[code]. A code without an amount holds, it is never a zero."""

__all__ = [
    "COMFORT",
    "INTELLECTUAL",
    "MALE",
    "MENTAL",
    "MONITORED",
    "MONTHS_A_YEAR",
    "NOT_APPLICABLE",
    "REBUILDING",
    "RURAL",
    "SELF_EMPLOYED",
    "SEVERELY_DAMAGED",
    "URBAN",
    "WHOLE",
    "Table",
    "days_of",
    "month_of",
    "part_of",
    "ratio_of",
    "round_down",
    "round_up",
    "share_of",
    "years_between",
]


def month_of(date: int) -> int:
    """The month, counted from year 0, of a date written yyyymmdd."""
    return date // 10000 * 12 + date // 100 % 100 - 1


def days_of(month: int) -> int:
    """The days of a month counted from year 0."""
    year = month // 12
    leap = 1 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 0
    if month % 12 == 1:
        return 28 + leap
    return 30 + (month % 12 + month % 12 // 7 + 1) % 2


def years_between(earlier: int, later: int) -> int:
    """The whole years from one date to another, both written yyyymmdd."""
    return (later - earlier) // 10000


def round_up(amount: int, step: int) -> int:
    """The next whole step at or above an amount."""
    return -(-amount // step) * step


def round_down(amount: int, step: int) -> int:
    """The last whole step at or below an amount."""
    return amount // step * step


def share_of(amount: int, basis_points: int) -> int:
    """A share of an amount, half a fen and more rounded up to the next."""
    return (amount * basis_points + 5_000) // 10_000


def ratio_of(part: int, whole: int) -> int:
    """How much of a whole a part is, in basis points, half of one and more rounded up."""
    return (part * 20_000 + whole) // (2 * whole)


def part_of(total: int, parts: int, place: int) -> int:
    """The part of a total that falls on one of equal stretches, the remainder on the last.

    `place` counts from 1. Every part but the last is the even share without the fraction of a
    fen, so no part is below zero and all of them add up to the total.
    """
    even = total // parts
    return total - even * (parts - 1) if place == parts else even
