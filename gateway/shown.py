"""What each place may show of whoever is posted or granted: the door's own table, whatever a
service might say beside it.

By `name` the web shows a masked name, and the paper that hangs on a board the whole one.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

POSTED_ON_THE_WEB: Final = (
    "name", "members", "category", "sum", "list", "first_day", "last_day",
)  # fmt: skip
POSTED_ON_PAPER: Final = (
    "number", "name", "members", "category", "found", "sum", "days", "list", "village",
)  # fmt: skip
GRANTED: Final = ("name", "members", "category")
"""On the web and on paper alike, beside the village it is listed under and the month's sum."""


def only(fields: Iterable[str], line: Mapping[str, Any]) -> dict[str, Any]:
    """Of a line what may be shown."""
    return {name: line[name] for name in fields}
