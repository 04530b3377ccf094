"""Whether a household is above the standard of dibao by what was found: then it is granted none, or
leaves, fading out as the law gives it, and no change takes that from it; and nobody leaves who is
not.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.identification.casework import means
from services.identification.casework.standing import Standing
from services.identification.determinations import is_away
from services.identification.means import reckoning
from shared.problems import Conflict

_GAP: Final = "dibao_gap_fen"


class AboveTheStandard(Conflict):
    """By what was found they are above the standard, or own too much: no dibao, or it ends."""


class NotAbove(Conflict):
    """By what the visit found the household is not above the standard: nothing fades out."""


def refuse_above(
    at: Standing, facts: Mapping[str, Any], members: Mapping[str, Mapping[str, Any]]
) -> None:
    """A household that comes to dibao, or stays on it, is not above the standard, as far as the law
    knows; its facts, and those of its members by their ids.

    Raises:
        AboveTheStandard: the law finds no gap to the standard, or too much property.
    """
    if facts.get("on_dibao") == 1 and is_above(at, facts, members):
        raise AboveTheStandard()


def insist_above(
    at: Standing, facts: Mapping[str, Any], members: Mapping[str, Mapping[str, Any]]
) -> None:
    """A household whose dibao is to fade out is above the standard, as far as the law knows.

    Raises:
        NotAbove: the law finds a gap to the standard, and no more property than it allows.
    """
    if is_above(at, facts, members) is False:
        raise NotAbove()


def is_above(
    at: Standing, facts: Mapping[str, Any], members: Mapping[str, Mapping[str, Any]]
) -> bool | None:
    """Whether the law finds no gap to the standard, or too much property; unless it cannot say."""
    people = [
        {"person_id": key, "facts": dict(said)}
        for key, said in members.items()
        if not is_away(said)
    ]
    household = {"household_id": str(at.case.id), "facts": dict(facts), "members": people}
    asked = [_GAP, *reckoning.PROPERTY]
    values = at.settings.law().explain(asked, household, means.month(at)).values
    if any(values[each] == 0 for each in reckoning.PROPERTY):
        return True
    gap = values[_GAP]
    return gap <= 0 if isinstance(gap, int) else None
