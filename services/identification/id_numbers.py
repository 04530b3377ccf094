"""ID numbers (GB 11643) and credit codes (GB 32100): written one way, checked, and shown masked."""

import unicodedata
from datetime import date
from enum import StrEnum
from typing import Final

from stdnum.cn import uscc

_CHECKS: Final = "10X98765432"
AGE_MAX: Final = 130


class Flaw(StrEnum):
    """What is wrong with an ID number."""

    FORM = "id-form"
    CHECK_DIGIT = "id-check-digit"
    BIRTH_DATE = "id-birth-date"
    FUTURE_BIRTH = "future-birth"
    TOO_OLD = "too-old"


def normalise(text: str) -> str:
    """Eighteen places, half width, a capital X; an old number of fifteen digits is made longer."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.replace(" ", "").upper()
    if len(text) == 15 and text.isdigit():
        longer = f"{text[:6]}19{text[6:]}"
        return longer + check_digit(longer)
    return text


def corrected(text: str) -> str:
    """A number written one way, with the last digit that belongs to it, whatever stood there."""
    number = normalise(text)
    payload = number[:17]
    holds = len(number) == 18 and number.isascii() and payload.isdigit()
    return payload + check_digit(payload) if holds else number


def check_digit(payload: str) -> str:
    """The eighteenth digit that belongs to the seventeen before it."""
    # The weights are the powers of two modulo 11, which 13 is too: the digits are read in base 13.
    return _CHECKS[2 * int(payload, 13) % 11]


def flaw(number: str, today: date) -> Flaw | None:
    """What is wrong with a normalised number; None when it holds.

    The region is not looked at: prefixes are abolished every year, and their numbers stay valid.
    """
    if len(number) != 18 or not number.isascii() or not number[:17].isdigit():
        return Flaw.FORM
    if number[17] != check_digit(number[:17]):
        return Flaw.CHECK_DIGIT if number[17].isdigit() or number[17] == "X" else Flaw.FORM
    born = birth_date(number)
    if born is None:
        return Flaw.BIRTH_DATE
    if born > today:
        return Flaw.FUTURE_BIRTH
    return Flaw.TOO_OLD if today.year - born.year > AGE_MAX else None


def birth_date(number: str) -> date | None:
    """The date of birth in a number; None when there is no such day, as on 30 February."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_credit_code(text: str) -> bool:
    """Whether it is an institution's unified social credit code."""
    return bool(uscc.is_valid(text))


def masked(number: str) -> str:
    """As its holder sees it on a screen: the first four and the last two."""
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"
