"""ID numbers by the thousand: checked, and made into keys nobody turns back without our own.

A key is one AES-256 block over the seventeen digits before the check digit: two numbers never share
one, and without the key no list of birthdays finds a number again, as it would behind a bare hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from services.identification import id_numbers
from services.identification.id_numbers import Flaw
from shared.months import day_number
from shared.secrets import KeyRing

PURPOSE: Final = "comparison.person"
TOKENS: Final = "comparison.token"
KEY_BYTES: Final = 16
_PAYLOAD: Final = 17
_LENGTH: Final = 18
_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
_MONTH_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_HIGH: Final = 8
"""So many digits are read as one number and the rest as another: both are exact as floats."""

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Keyed:
    """The keys of the numbers that hold, where they stood, and what was wrong with the others."""

    keys: Bytes
    places: Places
    flaws: Sequence[tuple[int, Flaw]]


class Pseudonyms:
    """Makes keys, under one key of our own."""

    def __init__(self, ring: KeyRing) -> None:
        self._key = ring.index_key_of(PURPOSE)
        self._token_key = ring.index_key_of(TOKENS)

    @property
    def fingerprint(self) -> str:
        """By which keyed rows of one key are told from those of another."""
        return self._encrypted(b"\xff" * KEY_BYTES).hex()[:16]

    def of(self, numbers: Sequence[str], today: date) -> Keyed:
        """The keys of a batch of numbers as they were written."""
        places, flaws, joined = _eighteen(numbers)
        digits = np.frombuffer(joined.encode(), np.uint8).reshape(-1, _LENGTH)
        read = _Read.of(digits)
        standing = read.flaws(today)
        flaws += [(int(place), flaw) for flaw, at in standing for place in places[at]]
        holds = np.ones(len(places), bool)
        for _, at in standing:
            holds &= ~at
        return Keyed(self.of_payloads(read.payload[holds]), places[holds], sorted(flaws))

    def one(self, number: str) -> bytes:
        """The key of one normalised number; what stands in for an unknown one is nobody's key."""
        if not number[:_PAYLOAD].isdigit():
            # No block of digits begins with a one, so no number on a list ever meets it.
            return self._encrypted(b"\xff" + blake2b(number.encode(), digest_size=15).digest())
        block = int(number[:_PAYLOAD]).to_bytes(KEY_BYTES, "big")
        return self._encrypted(block)

    def token(self, text: str) -> int:
        """63 bits by which an equal text is known again, and never read."""
        found = blake2b(text.encode(), digest_size=8, key=self._token_key).digest()
        return int.from_bytes(found, "big") >> 1

    def of_payloads(self, numbers: Places) -> Bytes:
        """The keys of numbers without their check digits, which nobody checks here."""
        blocks = np.zeros((len(numbers), 2), ">u8")
        blocks[:, 1] = numbers
        found = np.frombuffer(self._encrypted(blocks.tobytes()), np.uint8)
        return found.reshape(-1, KEY_BYTES)

    def _encrypted(self, blocks: bytes) -> bytes:
        # Each block is another number, so equal blocks tell nothing but that they are equal,
        # which is what they are for.
        cipher = Cipher(algorithms.AES256(self._key), modes.ECB())  # noqa: S305 # See above.
        return bytes(cipher.encryptor().update(blocks))


def _eighteen(numbers: Sequence[str]) -> tuple[Places, list[tuple[int, Flaw]], str]:
    """Where numbers of eighteen places stand, the others as flaws, and those in one text."""
    joined = "".join(numbers)
    if joined.isascii() and set(map(len, numbers)) <= {_LENGTH}:
        return np.arange(len(numbers)), [], joined
    texts = [
        each if len(each) == _LENGTH and each.isascii() else id_numbers.normalise(each)
        for each in numbers
    ]
    whole = [len(each) == _LENGTH and each.isascii() for each in texts]
    flaws = [(place, Flaw.FORM) for place, holds in enumerate(whole) if not holds]
    joined = "".join(text for text, holds in zip(texts, whole, strict=True) if holds)
    return np.flatnonzero(np.array(whole, bool)), flaws, joined


@dataclass(frozen=True)
class _Read:
    """Numbers of eighteen places, read digit by digit at once."""

    figures: npt.NDArray[Any]
    last: Bytes
    check: Places
    payload: Places
    year: Places
    month: Places
    day: Places

    @classmethod
    def of(cls, digits: Bytes) -> "_Read":
        """Every part of every number by one product with a small matrix."""
        columns = np.ascontiguousarray(digits.T)
        values = columns[:_PAYLOAD] - np.uint8(ord("0"))
        parts = (_PARTS @ values.astype(np.float64)).astype(np.int64)
        check, high, low, year, month, day = parts
        last = columns[_PAYLOAD]
        last = np.where(last == ord("x"), ord("X"), last).astype(np.uint8)
        payload = high * 10 ** (_PAYLOAD - _HIGH) + low
        return cls(
            np.asarray((values <= 9).all(axis=0)), last, check % 11, payload, year, month, day
        )

    def flaws(self, today: date) -> list[tuple[Flaw, npt.NDArray[Any]]]:
        """What is wrong; each number is named once."""
        last, year, month, day = self.last, self.year, self.month, self.day
        digit = (last >= ord("0")) & (last <= ord("9"))
        form = ~(self.figures & (digit | (last == ord("X"))))
        sound = ~form
        check = sound & (_CHECKS[self.check] != last)
        sound = sound & ~check
        leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        days = _MONTH_DAYS[np.where((month >= 1) & (month <= 12), month, 0)]
        birth = sound & ((year < 1) | (day < 1) | (day > days - (~leap & (month == 2))))
        sound = sound & ~birth
        born = year * 10_000 + month * 100 + day
        future = sound & (born > day_number(today))
        old = sound & ~future & (today.year - year > id_numbers.AGE_MAX)
        return [
            (Flaw.FORM, form),
            (Flaw.CHECK_DIGIT, check),
            (Flaw.BIRTH_DATE, birth),
            (Flaw.FUTURE_BIRTH, future),
            (Flaw.TOO_OLD, old),
        ]


def _parts() -> npt.NDArray[Any]:
    """How much each digit counts in the check sum, in both halves, and in the day of birth."""
    parts = np.zeros((6, _PAYLOAD))
    parts[0] = [pow(2, _PAYLOAD - place, 11) for place in range(_PAYLOAD)]
    for row, first, last in (
        (1, 0, _HIGH),
        (2, _HIGH, _PAYLOAD),
        (3, 6, 10),
        (4, 10, 12),
        (5, 12, 14),
    ):
        parts[row, first:last] = [10 ** (last - 1 - place) for place in range(first, last)]
    return parts


_PARTS: Final = _parts()
