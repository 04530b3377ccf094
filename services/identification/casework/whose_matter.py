"""Whose matter a case about a household is: the household's, which asked for it and may take it
back, or an office's, which found something and lets it go only by other hands.
"""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework import means
from services.identification.casework.channels import FOUND
from services.identification.casework.foresight import READERS
from services.identification.casework.known_names import known_as
from services.identification.casework.paths import AGAINST
from services.identification.casework.standing import Standing

_MONEY: Final = "money"
_FOUND: Final = "found"
_MAY_RISE: Final = "may-rise"


def was_handed_in(at: Standing) -> bool:
    """Whether it ever left where it began: what was sent back was handed in before."""
    return any(each.from_state != each.to_state for each in at.acts)


def is_an_offices(at: Standing) -> bool:
    """Whether an office found it, and it does not raise what the household is paid."""
    if not at.path.about_household:
        return False
    money = means.handed_in_with(at).get(_MONEY)
    return money == _FOUND or (at.case.channel in FOUND and money != _MAY_RISE)


def _not_the_opener(at: Standing) -> bool:
    return at.case.opened_by not in known_as(at.caller)


def _by_another_where_found(at: Standing) -> bool:
    """What an office found is described anew by another than who opened or described it."""
    return not is_an_offices(at) or (_not_the_opener(at) and at.did_none(*READERS))


def _granted_and_set_aside(at: Standing) -> bool:
    """Whether what it granted or changed was set aside, and so waits to be decided again."""
    return any(each.to_state not in AGAINST for each in at.set_aside())


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "households-matter": lambda at: not is_an_offices(at),
    "offices-matter": is_an_offices,
    "not-the-opener": _not_the_opener,
    "by-another-where-found": _by_another_where_found,
    "not-to-be-decided-again": lambda at: not _granted_and_set_aside(at),
}
"""Who lets go of what was begun, by the words the tables use."""
