"""A calendar of working days: the State Council's word, the law's holidays until there is one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Self

import holidays

DAY: Final = timedelta(days=1)


@lru_cache(maxsize=1)
def _china() -> holidays.HolidayBase:
    """The holidays of each year; of one not announced yet, those that fall on their own days."""
    return holidays.country_holidays("CN")


def is_nations_workday(day: date) -> bool:
    """Whether offices are open by the calendar this release knows."""
    return _china().is_working_day(day)


@dataclass(frozen=True)
class Calendar:
    """The calendar in force: all its working days from `since` to `until`, the nation's beside.

    `number` is that of the naming it came with; 0 is the nation's own.
    """

    number: int = 0
    since: date = date.max
    until: date = date.min
    worked: frozenset[date] = frozenset()

    @classmethod
    def nation(cls) -> Self:
        """The one that holds where no county named a day."""
        return cls()

    def is_workday(self, day: date) -> bool:
        """Whether offices are open."""
        if self.since <= day <= self.until:
            return day in self.worked
        return is_nations_workday(day)

    def after(self, day: date) -> Iterator[date]:
        """The working days after a day, one after the other."""
        while True:
            day += DAY
            if self.is_workday(day):
                yield day

    def add(self, day: date, count: int) -> date:
        """The working day so many after a day; the day itself does not count."""
        days = self.after(day)
        for _ in range(count):
            day = next(days)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after the first and up to the last."""
        days = (first + DAY * (each + 1) for each in range((last - first).days))
        return sum(self.is_workday(day) for day in days)
