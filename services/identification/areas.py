"""The caller's areas, as the database filters by them."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_

from shared.callers import Caller

VILLAGE_DIGITS: Final = 12


def of_areas(caller: Caller, village: Any) -> ColumnElement[bool]:
    """Which rows lie in the caller's areas, by their column of villages; none without an area."""
    return within(caller.divisions, village)


def within(divisions: Iterable[str], village: Any) -> ColumnElement[bool]:
    """The same of any divisions.

    They are ranges and not LIKE, of which the planner may know nothing where rows have security.
    """
    return or_(false(), *(_of_division(each, village) for each in divisions))


def _of_division(division: str, village: Any) -> ColumnElement[bool]:
    if len(division) == VILLAGE_DIGITS:
        same: ColumnElement[bool] = village == division
        return same
    return and_(village >= division, village < str(int(division) + 1))
