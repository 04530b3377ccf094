"""The nation's working days: the State Council's word, the law's holidays until there is one."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

DAY: Final = timedelta(days=1)


@lru_cache(maxsize=1)
def _china() -> holidays.HolidayBase:
    """The holidays of each year; of one not announced yet, those that fall on their own days."""
    return holidays.country_holidays("CN")


def is_workday(day: date) -> bool:
    """Whether offices and banks are open by the calendar this release knows."""
    return _china().is_working_day(day)


def after(day: date, works: Callable[[date], bool] = is_workday) -> Iterator[date]:
    """The working days after a day, one after the other."""
    while True:
        day += DAY
        if works(day):
            yield day


def add(day: date, count: int, works: Callable[[date], bool] = is_workday) -> date:
    """The working day so many after a day; the day itself does not count."""
    days = after(day, works)
    for _ in range(count):
        day = next(days)
    return day
