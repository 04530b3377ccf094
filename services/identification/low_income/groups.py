"""The groups of the database, their order, and how long each holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from services.identification.place_settings import PlaceSettings
from shared.months import Month
from shared.tables import read_table

TABLE: Final = Path(__file__).with_name("groups.yaml")
DIBAO: Final = "dibao"
TEKUN: Final = "tekun"
EDGE: Final = "edge"
EXPENDITURE: Final = "expenditure"
MONITORED: Final = "monitored"
DECISION: Final = "decision"


class GroupsUnreadable(Exception):
    """The table of groups cannot be used; the text says why."""


@dataclass(frozen=True)
class Group:
    """One group; a lower rank is the stronger."""

    name: str
    rank: int
    zh: str
    en: str
    by: str

    @property
    def code(self) -> int:
        """Its code in the law's fact `low_income_group`."""
        return self.rank + 1


@lru_cache
def all_groups() -> Mapping[str, Group]:
    """Every group by its name, the strongest first."""
    words = read_table(TABLE, GroupsUnreadable)
    return {
        name: Group(name, rank, str(each["zh"]), str(each["en"]), str(each["by"]))
        for rank, (name, each) in enumerate(words.items())
    }


def stronger(one: str, other: str) -> bool:
    """Whether a group comes before another."""
    groups = all_groups()
    return groups[one].rank < groups[other].rank


def strongest(names: Collection[str]) -> str | None:
    """The first of some groups; None of none."""
    return next((name for name in all_groups() if name in names), None)


def months_of(settings: PlaceSettings, group: str) -> int | None:
    """How many months a group holds without a new look; None when only a decision ends it."""
    months: int | None = settings.words["low_income_validity_months"].get(group)
    return months


def valid_until(settings: PlaceSettings, group: str, since: date) -> date | None:
    """The last day a group holds without a new look; None when it ends by a decision only."""
    months = months_of(settings, group)
    return None if months is None else last_day(since, months)


def last_day(since: date, months: int) -> date:
    """The last day of so many months from a day on."""
    over = Month.of(since).plus(months).last_day()
    return over.replace(day=min(since.day, over.day)) - timedelta(days=1)
