"""On which days offices are open, by the State Council's word, and as its law says until then."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=1)
def _china() -> holidays.HolidayBase:
    """The holidays of each year; of one not announced yet, those that fall on their own days."""
    return holidays.country_holidays("CN")


def is_workday(day: date, worked: Collection[date] = (), free: Collection[date] = ()) -> bool:
    """Whether offices are open; what a place says of a day comes before the calendar."""
    if day in worked:
        return True
    return day not in free and _china().is_working_day(day)
