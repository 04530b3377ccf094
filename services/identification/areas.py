"""The caller's areas, as the database filters by them."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_

from shared.callers import Caller


def of_areas(caller: Caller, village: Any) -> ColumnElement[bool]:
    """Which rows lie in the caller's areas, by their column of villages; none without an area."""
    return or_(false(), *(village.startswith(area) for area in caller.divisions))
