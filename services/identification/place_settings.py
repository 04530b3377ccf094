"""What a place sets of casework and registers: days, shares, order; else the nation's word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Self

import chinese_calendar

from services.identification.tables import read_table

COUNTY_DECIDES: Final = "county"
ENTRUSTED: Final = "township-entrusted"
TRANSFERRED: Final = "township-transferred"
GOVERNMENT: Final = "government"
AUTHORITIES: Final = (COUNTY_DECIDES, ENTRUSTED, TRANSFERRED, GOVERNMENT)
HERE: Final = Path(__file__).resolve().parent
DEFAULTS: Final = tuple(
    HERE / room / "settings.yaml"
    for room in (
        "casework",
        "registers",
        "exchange",
        "low_income",
        "discovery",
        "comparison",
        "retention",
    )
)


class SettingsUnreadable(Exception):
    """A file of settings cannot be used; the text says which word is wrong."""


@dataclass(frozen=True)
class Delegation:
    """Who decides a category from a day on; body, seal and remedy where they are not the usual."""

    since: date
    category: str
    authority: str = COUNTY_DECIDES
    body: str | None = None
    seal: str | None = None
    reconsideration_days: int = 0
    lawsuit_months: int = 0


@dataclass(frozen=True)
class PlaceSettings:
    """The settings of one place, with the calendar of its working days."""

    words: Mapping[str, Any]

    @classmethod
    def read(cls, own: Path | None = None) -> Self:
        """The nation's settings, and over them a place's own.

        Raises:
            SettingsUnreadable: the place's file sets something that is not known, or of no sense.
        """
        words: dict[str, Any] = {}
        for each in DEFAULTS:
            words |= read_table(each, SettingsUnreadable)
        for name, value in (read_table(own, SettingsUnreadable) if own else {}).items():
            if name not in words:
                raise SettingsUnreadable(f"{own}: {name} is not known")
            if type(value) is not type(words[name]):
                raise SettingsUnreadable(f"{own}: {name} is written like {words[name]!r}")
            words[name] = value
        for each in words["delegation"]:
            try:
                if _delegation(each).authority not in AUTHORITIES:
                    raise ValueError(f"the authority is one of {', '.join(AUTHORITIES)}")
            except (TypeError, ValueError) as problem:
                raise SettingsUnreadable(f"{own}: delegation: {problem}") from problem
        return cls(words)

    def days(self, name: str) -> int:
        """A number of days by its name."""
        return int(self.words[name])

    def word(self, name: str) -> str:
        """A choice by its name."""
        return str(self.words[name])

    @property
    def stages(self) -> list[str]:
        """The lists a case is posted on, in their order."""
        return list(self.words["posting_stages"])

    @property
    def public_categories(self) -> list[str]:
        """The categories whose lists anybody may read."""
        return list(self.words["public_categories"])

    def posting_days(self, stage: str, round_number: int) -> int:
        """How many calendar days a list is shown."""
        if round_number > 1:
            return self.days("posting_days_again")
        return int(self.words["posting_days"][stage])

    def decided_by(self, category: str, on: date) -> Delegation:
        """Who decides cases of a category on a day: the last entry that had begun."""
        begun = [
            each
            for each in map(_delegation, self.words["delegation"])
            if each.category == category and each.since <= on
        ]
        found = max(begun, key=lambda each: each.since, default=Delegation(date.min, category))
        return replace(
            found,
            reconsideration_days=found.reconsideration_days or self.days("reconsideration_days"),
            lawsuit_months=found.lawsuit_months or self.days("lawsuit_months"),
        )

    def archive_items(self, category: str) -> set[str]:
        """The items without which the file of a category is not closed."""
        asked = self.words["archive_required"]
        return {*asked["any"], *asked.get(category, ())}

    def is_workday(self, day: date) -> bool:
        """Whether offices are open: the place's own word, the State Council's, or the weekday."""
        if day in map(_day, self.words["workdays"]):
            return True
        if day in map(_day, self.words["holidays"]):
            return False
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            # A year whose holidays are not announced yet: weekdays, until the place says more.
            return day.weekday() < 5

    def add_workdays(self, day: date, count: int) -> date:
        """The working day so many after a day; the day itself does not count."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie after the first and up to the last."""
        days = (first + timedelta(days=each + 1) for each in range((last - first).days))
        return sum(self.is_workday(day) for day in days)


def _delegation(said: Mapping[str, Any]) -> Delegation:
    return Delegation(**{**said, "since": _day(said.get("since"))})


def _day(said: Any) -> date:
    return said if isinstance(said, date) else date.fromisoformat(str(said))
