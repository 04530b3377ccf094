"""What a place sets of casework and registers: days, shares, order; else the nation's word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

from services.identification.delegation import Delegation, decider, laid_over, read_delegation
from services.identification.laws import LawOfPlace, no_law
from services.identification.posting_lists import PostingList, read_lists
from services.identification.shares import Share, read_share
from services.identification.workdays.calendar import Calendar
from shared.tables import read_table
from shared.workdays import DAY

HERE: Final = Path(__file__).resolve().parent
DEFAULTS: Final = tuple(
    HERE / room / "settings.yaml"
    for room in (
        "casework",
        "casework/looking_again",
        "registers",
        "exchange",
        "low_income",
        "discovery",
        "comparison",
        "retention",
        "reports",
    )
)

LEAST: Final = {
    "investigators_min": 2, "round_sample_percent": 1, "review_months": 1, "review_months_of": 1,
    "low_income_validity_months": 1,
}  # fmt: skip
"""What no place goes below; days are at least one, and any other number is not negative."""
SHARES: Final = {"appraisal_quorum", "appraisal_majority"}
"""Shares of people that no place sets laxer than the law."""
ADDING: Final = {
    "relations", "archive_required", "decision_required", "papers_valid_months",
    "pairing_quota", "lead_programmes", "low_income_validity_months",
}  # fmt: skip
"""Tables to which a place adds names of its own; of every other it says some of those there are."""
TAKING: Final = {"pairing_quota", "lead_programmes", "low_income_validity_months"}
"""Tables from which a place takes a name by `null`: what is said of a name that is not there."""
WHOLE: Final = {"campaigns", "low_income_slices", "average_targets_fen"}
"""Tables that are a place's own list: what it says takes the place of all of the usual. So does
every list; of the delegation, category by category. All other tables are laid over, name by name.
"""
ALL_PERCENT: Final = 100


class SettingsUnreadable(Exception):
    """A file of settings cannot be used; the text says which word is wrong."""


@dataclass(frozen=True)
class PlaceSettings:
    """The settings of one place, with the calendar of its working days, its law, and its file."""

    words: Mapping[str, Any]
    law: LawOfPlace = field(default=no_law)
    calendar: Calendar = field(default_factory=Calendar.nation)
    own: Path | None = None

    @classmethod
    def read(cls, own: Path | None = None, law: LawOfPlace = no_law) -> Self:
        """The nation's settings, and over them a place's own; `law` is asked anew each time.

        Raises:
            SettingsUnreadable: the place's file sets something that is not known, or of no sense.
        """
        words: dict[str, Any] = {}
        for each in DEFAULTS:
            words |= read_table(each, SettingsUnreadable)
        for name, value in (read_table(own, SettingsUnreadable) if own else {}).items():
            if name not in words:
                raise SettingsUnreadable(f"{own}: {name} is not known")
            try:
                words[name] = _said(name, words[name], value)
            except (AttributeError, TypeError, ValueError) as problem:
                raise SettingsUnreadable(f"{own}: {name}: {problem}") from problem
        return cls(words, law, own=own)

    def number(self, name: str) -> int:
        """A number by its name, which says of what: days mostly, but people and fen too."""
        return int(self.words[name])

    def word(self, name: str) -> str:
        """A choice by its name."""
        return str(self.words[name])

    def share(self, name: str) -> Share:
        """A share of people that has to be reached, by its name."""
        return read_share(self.word(name))

    @property
    def lists(self) -> list[PostingList]:
        """The lists a case is posted on, in their order."""
        return read_lists(self.words["posting_stages"])

    @property
    def public_categories(self) -> list[str]:
        """The categories whose lists anybody may read."""
        return list(self.words["public_categories"])

    def sampled(self, stage: str) -> int:
        """How many in a hundred of the cases before the township or the county are visited."""
        return int(self.words["sample_percent"][stage])

    def decided_by(
        self, category: str, area: str, on: date, unsaid: str | None = None
    ) -> Delegation:
        """Who decides cases of a category in an area on a day, and what may be done against it; by
        the rows of another, where none is said of it: `unsaid`."""
        found = decider(self.words["delegation"], category, area, on, unsaid)
        return replace(
            found,
            reconsideration_days=found.reconsideration_days or self.number("reconsideration_days"),
            lawsuit_months=found.lawsuit_months or self.number("lawsuit_months"),
        )

    def archive_items(self, category: str, *, applied_for: bool) -> set[str]:
        """The items without which the file of a category is not closed; more of what is applied
        for."""
        asked = self.words["archive_required"]
        return {*(asked["any"] if applied_for else ()), *asked.get(category, ())}

    def decision_items(self, category: str) -> set[str]:
        """The items without which nothing of a category is granted."""
        return set(self.words["decision_required"].get(category, ()))

    def add_workdays(self, day: date, count: int) -> date:
        """The working day so many after a day; the day itself does not count."""
        return self.calendar.add(day, count)

    def workday_from(self, day: date) -> date:
        """A day where it is worked, else the first working day after it: on that a term ends."""
        return self.calendar.add(day - DAY, 1)

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie after the first and up to the last."""
        return self.calendar.between(first, last)


def _said(name: str, usual: Any, said: Any) -> Any:
    """What a place sets in the place of the usual.

    Raises:
        TypeError, ValueError: it is not of its kind, or of no sense.
    """
    if type(said) is not type(usual):
        raise TypeError(f"is written like {usual!r}")
    if name in SHARES and read_share(said).is_laxer_than(read_share(usual)):
        raise ValueError(f"is no less than “{usual}”")
    if name in ("delegation", "posting_stages"):
        return _rows(name, usual, said)
    if name in WHOLE:
        return said
    if isinstance(usual, dict):
        return _laid_over(name, usual, said)
    _insist(name, said, usual)
    return said


def _laid_over(name: str, usual: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """A table of a place over the usual one, name by name."""
    if name not in ADDING and (unknown := said.keys() - usual.keys()):
        raise ValueError(f"there is no {_listed(unknown)}")
    taken = {each for each, word in said.items() if word is None and name in TAKING}
    like = next(iter(usual.values()))
    for each in said.keys() - taken:
        _insist(name, said[each], like)
    return {each: word for each, word in {**usual, **said}.items() if each not in taken}


def _insist(name: str, said: Any, like: Any) -> None:
    """A value is of the kind of the usual, and no less and no more than may be; so is each of a
    list."""
    if type(said) is not type(like):
        raise TypeError(f"{said!r} is not written like {like!r}")
    if isinstance(said, list):
        for each in said:
            _insist(name, each, next(iter(like), ""))
    if type(said) is not int:
        return
    least = LEAST.get(name, 1 if name.endswith("_days") else 0)
    if said < least:
        raise ValueError(f"is at least {least}")
    if name.endswith("_percent") and said > ALL_PERCENT:
        raise ValueError(f"is at most {ALL_PERCENT}")


def _listed(names: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, names)))


def _rows(name: str, usual: Any, said: Any) -> Any:
    """Rows of a table."""
    if name == "delegation":
        rows = laid_over(usual, said)
        for each in rows:
            read_delegation(each)
        return rows
    read_lists(said)
    return said
