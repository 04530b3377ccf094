"""What a demonstration bank thinks of an account: always the same for the same number.

Nothing else decides: a run can be repeated line by line, and a person who brings a new card whose
number is sound is paid. Of a thousand accounts some 22 are refused and 20 give the money back.
"""

from collections.abc import Iterator
from enum import StrEnum
from hashlib import blake2b
from typing import Final


class Temper(StrEnum):
    """How an account behaves when money comes."""

    SOUND = "sound"
    CLOSED = "closed"
    NAME_DIFFERS = "name-differs"
    NOT_ACTIVATED = "not-activated"
    COMES_BACK = "comes-back"


REFUSING: Final = frozenset({Temper.CLOSED, Temper.NAME_DIFFERS, Temper.NOT_ACTIVATED})

_SHARES_PER_MILLE: Final = (
    (Temper.CLOSED, 12),
    (Temper.NAME_DIFFERS, 6),
    (Temper.NOT_ACTIVATED, 4),
    (Temper.COMES_BACK, 20),
)


def temper_of(account_number: str) -> Temper:
    """The temper of an account."""
    place = lot_of(account_number) % 1000
    for temper, share in _SHARES_PER_MILLE:
        if place < share:
            return temper
        place -= share
    return Temper.SOUND


def lot_of(account_number: str) -> int:
    """A number drawn for an account once and for ever."""
    return int.from_bytes(blake2b(account_number.encode(), digest_size=8, person=b"bank").digest())


def numbers_like(account_number: str, temper: Temper = Temper.SOUND) -> Iterator[str]:
    """Other card numbers of the same bank and length with this temper, in a fixed order.

    The first six digits, which name the bank, stay; the last is the check digit (Luhn).
    """
    length = max(len(account_number), 16)
    front, places = account_number[:6], length - 7
    start = lot_of(account_number) % 10**places
    for step in range(1, 10**6):
        payload = f"{front}{(start + step * 7919) % 10**places:0{places}d}"
        number = payload + _check_digit(payload)
        if number != account_number and temper_of(number) == temper:
            yield number


def _check_digit(payload: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(payload)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
