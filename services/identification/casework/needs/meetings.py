"""Before a village's meeting appraises: who was due and came, what they voted, by which minutes."""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework.lists import postings
from services.identification.casework.standing import Standing


def _quorum(at: Standing) -> bool:
    present, due = int(at.words["present"]), int(at.words["due"])
    return at.settings.share("appraisal_quorum").reached(present, due)


def _no_quorum(at: Standing) -> bool:
    return not _quorum(at)


def _votes_add_up(at: Standing) -> bool:
    present = int(at.words["present"])
    return int(at.words.get("in_favour", 0)) <= present <= int(at.words["due"])


def _minutes_are_its_own(at: Standing) -> bool:
    """The minutes of one meeting are not those of another."""
    held = {str(each.words["minutes_id"]) for each in at.done("appraise", "no-quorum")}
    return str(at.words["minutes_id"]) not in held


def _appraised_in_favour(at: Standing) -> bool:
    """Only what a meeting was in favour of is proposed for granting; without one nothing bars."""
    return at.words.get("opinion") != "grant" or postings.appraised_in_favour(at)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "quorum": _quorum,
    "no-quorum": _no_quorum,
    "minutes-are-its-own": _minutes_are_its_own,
    "votes-add-up": _votes_add_up,
    "appraised-in-favour": _appraised_in_favour,
}
"""A meeting that appraises, by the words the tables use."""
