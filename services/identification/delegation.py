"""Who decides: the county, a township in its name or in its own, or the government over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

COUNTY_DECIDES: Final = "county"
ENTRUSTED: Final = "township-entrusted"
TRANSFERRED: Final = "township-transferred"
GOVERNMENT: Final = "government"
AUTHORITIES: Final = (COUNTY_DECIDES, ENTRUSTED, TRANSFERRED, GOVERNMENT)


@dataclass(frozen=True)
class Delegation:
    """Who decides a category from a day on, in one area or all over the county; body, seal and
    remedy where they are not the usual.
    """

    since: date
    category: str
    authority: str = COUNTY_DECIDES
    area: str = ""
    body: str | None = None
    seal: str | None = None
    reconsideration_days: int = 0
    lawsuit_months: int = 0


def read_delegation(said: Mapping[str, Any]) -> Delegation:
    """One row of the table.

    Raises:
        TypeError, ValueError: it says something that is not known, or no day.
    """
    since = said.get("since")
    day = since if isinstance(since, date) else date.fromisoformat(str(since))
    found = Delegation(**{**said, "since": day, "area": str(said.get("area", ""))})
    if found.authority not in AUTHORITIES:
        raise ValueError(f"the authority is one of {', '.join(AUTHORITIES)}")
    return found


def laid_over(
    usual: Iterable[Mapping[str, Any]], own: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """A place's own rows in the place of the usual ones, category by category."""
    said = list(own)
    named = {each.get("category") for each in said}
    return [each for each in usual if each["category"] not in named] + said


def decider(
    table: Iterable[Mapping[str, Any]],
    category: str,
    area: str,
    on: date,
    unsaid: str | None = None,
) -> Delegation:
    """Who decides a category somewhere on a day: what is said of the smallest area, the latest; by
    the rows of another, `unsaid`, where nothing is said of it there; else the county."""
    begun = [
        each
        for each in map(read_delegation, table)
        if each.category in {category, unsaid} and each.since <= on and area.startswith(each.area)
    ]
    return max(
        begun,
        key=lambda each: (each.category == category, len(each.area), each.since),
        default=Delegation(date.min, category),
    )
