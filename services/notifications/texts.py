"""What is said, in words: templates and their versions are data, and one message is 70 characters.

A text that would be too long is not cut: the template lists shorter ones, each of which leaves out
something on purpose, and the first that fits is sent. `Texts` refuses to exist when the shortest
could be too long for this county's name and telephone.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

from services.notifications.channels import UNITS_MAX, units
from shared.contracts.identification import Happened
from shared.money import FEN_PER_YUAN, yuan_text
from shared.months import Month, written
from shared.tables import read_table

PAID: Final = "paid"
FAILED: Final = "failed"
CODE: Final = "code"
CASE: Final = "case"
LANGUAGE: Final = "zh"

AMOUNT_FEN_MAX: Final = 999_999_999  # No line comes near: 9,999,999.99 yuan.
CALLED_UNITS_MAX: Final = 6
RECEIPT_LONGEST: Final = "W2345-6789"
_OTHER: Final = "other"
_UNSPECIFIED: Final = "unspecified"
_STARS: Final = re.compile(r"[*＊]{2,}")
_FOLDER: Final = Path(__file__).with_name("templates")


class TextsDoNotFit(Exception):
    """This county's name or telephone is too long for the templates."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a message about one line of one result says."""

    template: str
    version: int
    called: str
    programme: str
    month: Month
    pay_month: Month
    amount_fen: int
    account_last4: str
    bank_name: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CaseSaid:
    """What a message about a case says; without one, what is asked of somebody."""

    version: int
    called: str
    category: str | None
    receipt: str | None
    happened: str
    by_day: date | None
    from_month: Month | None


class Texts:
    """The templates, in one county's name."""

    def __init__(self, *, sign: str, telephone: str) -> None:
        """`sign` stands before every text (青神民政), `telephone` is where to ask.

        Raises:
            TextsDoNotFit: some real message would be longer than one.
        """
        self._county = {"sign": sign, "telephone": telephone}
        for said in _longest_real():
            self.sms(said)
        self.code("000000", 10)

    def sms(self, said: Said | CaseSaid) -> str:
        """One message for a telephone."""
        if isinstance(said, CaseSaid):
            patterns = _of_case(said)["sms"]
            return self._first_that_fits(CASE, patterns, self._case_values(said))
        patterns = _template(said.template)[said.version][LANGUAGE]["sms"]
        return self._first_that_fits(said.template, patterns, self._values(said))

    def in_app(self, said: Said | CaseSaid) -> str:
        """The same for the inbox, where there is room."""
        if isinstance(said, CaseSaid):
            return next(_filled(_of_case(said)["in_app"], self._case_values(said)))
        text: str = _template(said.template)[said.version][LANGUAGE]["in_app"]
        return text.format_map(self._values(said))

    def code(self, code: str, minutes: int) -> str:
        """The message that carries a one-time code."""
        values = {**self._county, "code": code, "minutes": str(minutes)}
        patterns = _template(CODE)[newest(CODE)][LANGUAGE]["sms"]
        return self._first_that_fits(CODE, patterns, values)

    def _first_that_fits(
        self, template: str, patterns: list[str], values: Mapping[str, str]
    ) -> str:
        for text in _filled(patterns, values):
            if units(text) <= UNITS_MAX:
                return text
        raise TextsDoNotFit(f"the shortest text of {template} is too long for one message")

    def _values(self, said: Said) -> dict[str, str]:
        words = _words()
        programme = words["programmes"].get(said.programme, words["programmes"][_OTHER])
        reason = words["reasons"].get(said.reason, words["reasons"][_UNSPECIFIED])
        return {
            **self._county,
            **_called(said.called),
            "month": _month(said.month, said.pay_month),
            "programme": programme["long"],
            "programme_short": programme["short"],
            "amount": _amount(said.amount_fen),
            "last4": said.account_last4,
            "bank": _plain(said.bank_name),
            **reason,
        }

    def _case_values(self, said: CaseSaid) -> dict[str, str]:
        """The blanks of a text about a case; what nobody knows is no blank."""
        words = _words()["applied_for"]
        values = {**self._county, **_called(said.called)}
        if said.category is not None:
            values["what"] = words.get(said.category, words[_OTHER])
        if said.receipt is not None:
            values["receipt"] = _plain(said.receipt)
        if said.by_day is not None:
            values["by_day"] = f"{said.by_day.month}月{said.by_day.day}日"
            values["last_day"] = written(said.by_day)
        if said.from_month is not None:
            values["from_month"] = f"{said.from_month.year}年{said.from_month.number}月"
        return values


def newest(template: str) -> int:
    """The version that new messages take."""
    return max(_template(template))


def known_reasons() -> frozenset[str]:
    """The reasons we have words for."""
    return frozenset(_words()["reasons"])


def known_programmes() -> frozenset[str]:
    """The programmes we have words for."""
    return frozenset(_words()["programmes"]) - {_OTHER}


@cache
def _template(name: str) -> dict[int, Any]:
    versions: dict[int, Any] = read_table(_FOLDER / f"{name}.yaml")["versions"]
    return versions


@cache
def _words() -> dict[str, Any]:
    return read_table(_FOLDER / "words.yaml")


def _of_case(said: CaseSaid) -> Mapping[str, list[str]]:
    found: Mapping[str, list[str]] = _template(CASE)[said.version][LANGUAGE][said.happened]
    return found


def _filled(patterns: list[str], values: Mapping[str, str]) -> Iterator[str]:
    """The texts whose blanks are all known, in their order."""
    for pattern in patterns:
        try:
            yield pattern.format_map(values)
        except KeyError:
            continue


def _longest_real() -> Iterator[Said | CaseSaid]:
    """A message of each version, programme and reason, with the longest values there can be."""
    yield from _longest_of_cases()
    words = _words()
    for template, reasons in ((PAID, [None]), (FAILED, [*words["reasons"]])):
        for version, programme, reason in product(
            _template(template), words["programmes"], reasons
        ):
            yield Said(
                template, version, "𠮷*********𠮷", programme, Month(2025, 12), Month(2026, 12),
                AMOUNT_FEN_MAX, "0000", "银行" * 20, reason,
            )  # fmt: skip


def _longest_of_cases() -> Iterator[CaseSaid]:
    """A message of each thing that can happen to a case, with all blanks and with none."""
    days = ((date(2026, 12, 31), Month(2026, 12)), (None, None))
    for version, category, happened, (day, month) in product(
        _template(CASE), _words()["applied_for"], Happened, days
    ):
        yield CaseSaid(
            version, "𠮷*********𠮷", category, RECEIPT_LONGEST, happened.value, day, month
        )
    wanted, (day, _) = Happened.ANSWER_WANTED.value, days[0]
    for version in _template(CASE):
        yield CaseSaid(version, "𠮷*********𠮷", None, None, wanted, day, None)


def _called(called: str) -> dict[str, str]:
    called = _plain(called)
    return {
        "called": called if units(called) <= CALLED_UNITS_MAX else _short(called),
        "called_short": _short(called),
    }


def _month(month: Month, pay_month: Month) -> str:
    """The month a sum is for; its year too, when it is not the year of paying."""
    year = "" if month.year == pay_month.year else f"{month.year}年"
    return f"{year}{month.number}月"


def _amount(fen: int) -> str:
    return str(fen // FEN_PER_YUAN) if fen % FEN_PER_YUAN == 0 else yuan_text(fen)


def _plain(text: str) -> str:
    """Without what cannot be seen (direction marks, line ends), and with one star for many."""
    seen = "".join(
        char for char in text if char == " " or unicodedata.category(char)[0] not in "CZ"
    )
    return _STARS.sub("*", seen)


def _short(called: str) -> str:
    """张*明 → 张*: enough for its owner, and never longer than three."""
    return f"{called[:1]}*"
