"""The lists a case is posted on, as a place sets them: whose board, before which step, how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

BOARDS: Final = ("village", "township", "county")
"""Whose list it is; a case goes from one to the next."""
BEFORE_OPINION: Final = "before-opinion"
BEFORE_COUNTY: Final = "before-county"
BEFORE_DECISION: Final = "before-decision"
STANDS: Final = (BEFORE_OPINION, BEFORE_COUNTY, BEFORE_DECISION)
"""What a list may stand before: the township's opinion, after the visits and the appraisal; the
county, after that opinion; and the decision, after the county has found the case in order."""


@dataclass(frozen=True)
class PostingList:
    """One list of a place: whose board, what it stands before, calendar days from the first."""

    board: str
    stands: str
    days: int

    def is_due(self, before: str) -> bool:
        """Whether a case that is posted before a step has this list behind it, or before it now."""
        return STANDS.index(self.stands) <= STANDS.index(before)


def read_lists(said: Sequence[Mapping[str, Any]]) -> list[PostingList]:
    """The lists of a place in their order.

    Raises:
        TypeError, ValueError: one stands nowhere, twice, out of its order, or for no days.
    """
    lists = [PostingList(**each) for each in said]
    for each in lists:
        if each.board not in BOARDS:
            raise ValueError(f"there is no {each.board} board")
        if each.stands not in STANDS:
            raise ValueError(f"{each.board} stands at one of {', '.join(STANDS)}")
        if type(each.days) is not int or each.days < 1:
            raise ValueError(f"days of {each.board} is at least 1")
    boards = [BOARDS.index(each.board) for each in lists]
    stands = [STANDS.index(each.stands) for each in lists]
    if not lists or boards != sorted(set(boards)) or stands != sorted(stands):
        raise ValueError(f"some of {', '.join(BOARDS)}, each once and in this order")
    return lists
