"""A calendar of working days: the nation's, and the days a county named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from shared import workdays
from shared.workdays import DAY


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
        return workdays.is_workday(day)

    def after(self, day: date) -> Iterator[date]:
        """The working days after a day, one after the other."""
        return workdays.after(day, self.is_workday)

    def add(self, day: date, count: int) -> date:
        """The working day so many after a day; the day itself does not count."""
        return workdays.add(day, count, self.is_workday)

    def between(self, first: date, last: date) -> int:
        """How many working days lie after the first and up to the last."""
        days = (first + DAY * (each + 1) for each in range((last - first).days))
        return sum(self.is_workday(day) for day in days)
