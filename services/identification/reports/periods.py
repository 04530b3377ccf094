"""The months a report speaks of: one, three of a quarter, or twelve of a year."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from shared.months import Month
from shared.problems import Malformed

_WRITTEN: Final = {
    "month": re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"([0-9]{4})-Q([1-4])"),
    "year": re.compile(r"([0-9]{4})"),
}


class NoSuchPeriod(Malformed):
    """A month is written 2026-10, a quarter 2026-Q4, a year 2026; and it has begun, or is next."""


@dataclass(frozen=True)
class Period:
    """A report's time, by the name it is written with."""

    name: str
    first: Month
    last: Month

    @classmethod
    def read(cls, report: str, name: str, today: date) -> Self:
        """The period of a report.

        Raises:
            NoSuchPeriod: it is written otherwise, or begins later than next month.
        """
        match = _WRITTEN[report].fullmatch(name)
        if match is None or int(match[1]) < 1900:
            raise NoSuchPeriod()
        year = int(match[1])
        first = {
            "month": lambda: Month.parse(name),
            "quarter": lambda: Month(year, 3 * int(match[2]) - 2),
            "year": lambda: Month(year, 1),
        }[report]()
        if first > Month.of(today).next():
            raise NoSuchPeriod()
        months = {"month": 1, "quarter": 3, "year": 12}[report]
        return cls(name, first, first.plus(months - 1))

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.last.last_day()

    @property
    def before(self) -> Month:
        """The month it is compared with: the last one of the period before."""
        return self.first.previous()
