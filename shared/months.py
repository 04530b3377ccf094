"""Months and civil dates: a county pays by the month, and its day begins in Asia/Shanghai."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

COUNTY_ZONE: Final = ZoneInfo("Asia/Shanghai")

MONTH_PATTERN: Final = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
"""How a month is written where one is asked for: one that has a month after it, and one before."""
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One civil month; written "2026-10", ordered by time."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month written as "2026-10".

        Raises:
            ValueError: the text is anything else.
        """
        match = _MONTH.fullmatch(text)
        if match is None:
            raise ValueError(f"a month is written like 2026-10, not {text[:20]!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month in which a civil date lies."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def plus(self, months: int) -> "Month":
        """The month so many later (or, negative, earlier)."""
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def next(self) -> "Month":
        """The month after this one."""
        return self.plus(1)

    def previous(self) -> "Month":
        """The month before this one."""
        return self.plus(-1)

    def first_day(self) -> date:
        """Its first civil day."""
        return date(self.year, self.number, 1)

    def last_day(self) -> date:
        """Its last civil day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Months travel as text in every request, reply and event."""
        from_text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema(pattern=MONTH_PATTERN)
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), from_text]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(
                str, return_schema=core_schema.str_schema()
            ),
        )


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from first to last, both included; empty when last is earlier."""
    count = (last.year - first.year) * 12 + last.number - first.number + 1
    return [first.plus(step) for step in range(max(count, 0))]


def years_of_age(born: date, on: date) -> int:
    """How old somebody is on a day; on the birthday itself a year older."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def day_number(day: date) -> int:
    """A day as the facts of the law and keyed lists write it: 20260901."""
    return day.year * 10_000 + day.month * 100 + day.day


def civil_date(instant: datetime) -> date:
    """The date on the county's wall at an instant (aware)."""
    return instant.astimezone(COUNTY_ZONE).date()


def written(day: date) -> str:
    """A day as a paper says it: 2026年10月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
