"""ID numbers (GB 11643) and credit codes (GB 32100): written one way, checked, and shown masked."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from stdnum.cn import uscc

_CHECKS: Final = "10X98765432"
_ANYWHERE: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
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
    """Covered: where it was issued, which is no secret here, and the last place.

    A day of birth often stands beside it, or is known. Then some ninety numbers are left; had the
    last two places been shown, there would be nine.
    """
    return f"{number[:6]}{'*' * (len(number) - 7)}{number[-1:]}"


def all_within(said: Any) -> list[str]:
    """Whatever has the form of an ID number, right or wrong, in words however deep they lie."""
    if isinstance(said, str):
        return _ANYWHERE.findall(said)
    deeper = said.values() if isinstance(said, Mapping) else said
    if isinstance(said, Mapping | list | tuple):
        return [number for each in deeper for number in all_within(each)]
    return []


def masked_within(said: Any) -> Any:
    """Words, however deep they lie, with everything covered that has the form of an ID number."""
    if isinstance(said, str):
        return _ANYWHERE.sub(lambda found: masked(found[0]), said)
    if isinstance(said, Mapping):
        return {name: masked_within(each) for name, each in said.items()}
    if isinstance(said, list | tuple):
        return [masked_within(each) for each in said]
    return said
