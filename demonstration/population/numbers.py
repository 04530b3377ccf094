"""Numbers that check: ID numbers, credit codes, cards and passbooks; no two alike in one roster."""

from datetime import date
from random import Random
from typing import Final

from stdnum import luhn
from stdnum.cn import uscc

from demonstration.population.shares import Bank

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
# Regions of people who were born elsewhere; the last was abolished in 2010.
_ELSEWHERE: Final = ("110105", "110108", "310101", "310104", "513221", "513401", "513433", "110103")
_ABOLISHED_IN: Final = 2010
_ELSEWHERE_PER_MONTH: Final = 20
# Cards issued in a later month start here, so that an earlier roster does not depend on it.
_PER_MONTH: Final = 10**9
_ORDER_MAX: Final = 999
_BODY: Final = 10**12
_STRIDE: Final = 48_271_009_973  # Coprime to the body: spreads a counter over all its digits.


def check_digit(payload: str) -> str:
    """The eighteenth digit of an ID number (GB 11643)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(payload, _WEIGHTS, strict=True)) % 11]


def region(born: date) -> str:
    """Qingshen's own prefix in a year of birth: three of the four have since been abolished."""
    if born.year <= 1984:
        return "512630"
    if born.year <= 1997:
        return "511130"
    return "513826" if born.year <= 1999 else "511425"


class IdNumbers:
    """Gives ID numbers, counting up within a region, a birthday and a sex."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, date, bool, int], int] = {}

    def give(self, born: date, male: bool) -> str:
        """The next number for somebody born here."""
        return self._next(region(born), born, male, 0)

    def give_elsewhere(self, rng: Random, born: date, male: bool, month: int = 0) -> str:
        """A number for somebody born in another county; `month` counts from the first roster.

        Each month has its own numbers, so that a later roster never changes an earlier one's.
        """
        prefix = rng.choice(_ELSEWHERE)
        if prefix == _ELSEWHERE[-1] and born.year > _ABOLISHED_IN:
            prefix = _ELSEWHERE[0]
        return self._next(prefix, born, male, month)

    def _next(self, prefix: str, born: date, male: bool, month: int) -> str:
        count = self._given.get((prefix, born, male, month), 0)
        self._given[prefix, born, male, month] = count + 1
        order = 2 * (count + month * _ELSEWHERE_PER_MONTH) + (1 if male else 2)
        if order > _ORDER_MAX:
            # A birthday has five hundred numbers a sex: the population is too large.
            raise ValueError("no ID numbers are left for a birthday: ask for fewer people")
        payload = f"{prefix}{born:%Y%m%d}{order:03d}"
        return payload + check_digit(payload)


def credit_code(county: str, number: int) -> str:
    """The unified social credit code of a home for the elderly run by a town."""
    payload = f"12{county}{45_000_000 + number * 7_919:08d}K"
    return payload + str(uscc.calc_check_digit(payload + "0"))


class AccountNumbers:
    """Gives card and passbook numbers, each once."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._given: dict[tuple[str, int], int] = {}

    def card(self, bank: Bank, month: int = 0) -> str:
        """A card of 19 digits whose last one checks (Luhn); `month` counts from the first."""
        payload = bank.card_prefix + self._body(bank, month)
        return payload + str(luhn.calc_check_digit(payload))

    def passbook(self, bank: Bank, month: int = 0) -> str:
        """A passbook account of 17 digits; its last one does not check, as in life."""
        payload = "8810" + self._body(bank, month)
        return payload + str((int(luhn.calc_check_digit(payload)) + 5) % 10)

    def _body(self, bank: Bank, month: int) -> str:
        count = self._given.get((bank.code, month), 0)
        self._given[bank.code, month] = count + 1
        # The prefix of a passbook names no bank, so the bank takes part in the body.
        place = month * _PER_MONTH + count * 10 + int(bank.card_prefix) % 10
        return f"{(place * _STRIDE + self._seed) % _BODY:012d}"


class PhoneNumbers:
    """Gives mobile numbers, each once."""

    def __init__(self) -> None:
        self._given = 0

    def give(self) -> str:
        """The next number, of a range that is in use nowhere: 19900000000 and up."""
        self._given += 1
        return f"199{self._given * 7_919 % 10**8:08d}"
