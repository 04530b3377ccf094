"""What may be said at all: texts a database keeps, and days somebody may mean."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field

from shared.problems import Malformed

DAYS: Final = (date(1850, 1, 1), date(2199, 12, 31))
"""The first and the last day anybody may mean: what lies beyond was mistyped."""
_UNKEPT: Final = re.compile("[\0\ud800-\udfff]")
Day = Annotated[date, Field(ge=DAYS[0], le=DAYS[1])]


class UnkeptSign(Malformed):
    """A text has a sign in it that no database keeps: a NUL, or half of a sign."""


def is_day(day: date) -> bool:
    """Whether somebody may mean this day."""
    return DAYS[0] <= day <= DAYS[1]


def is_kept(text: str) -> bool:
    """Whether a database keeps a text: it has no NUL in it, and no half of a sign."""
    return _UNKEPT.search(text) is None


def refuse_unkept(said: Any) -> None:
    """Look through whatever was said as JSON, however deep.

    Raises:
        UnkeptSign: a text somewhere in it cannot be kept.
    """
    waiting = [said]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and not is_kept(each):
            raise UnkeptSign()
