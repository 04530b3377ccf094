"""Whose hands bring a paper to a case at a desk: of a relative's nobody, what officers write
whoever writes it, and what applicants bring whoever takes it in or has something to do."""

from collections.abc import Iterable
from typing import Final

from services.identification.casework.standing import Standing
from services.identification.near_relatives import NearRelative
from shared.problems import Forbidden

OF_OFFICERS: Final = frozenset({
    "survey-form", "survey-photo", "comparison-report", "minutes", "posting-photo", "decision",
})  # fmt: skip
"""What officers write, or show of what they did."""
_THEIR_SCOPES: Final = ("cases:survey", "cases:review", "cases:check", "cases:decide")
_TAKES_IN: Final = ("cases:apply", "cases:accept")


class OfficersPaper(Forbidden):
    """Such a paper is brought by who visits, reviews, checks or decides, not by who takes in."""


class NotInYourHands(Forbidden):
    """Nothing of this case is yours to do now, so no paper of it is yours to bring."""


def insist(at: Standing, kind: str) -> None:
    """Go on only where the caller, at a desk, may bring a paper of a kind.

    Raises:
        NearRelative: somebody in it is near to the caller.
        OfficersPaper: officers write such a paper, and no act of theirs is the caller's.
        NotInYourHands: no act is the caller's where the case stands, and they take nothing in.
    """
    if at.is_of_a_relative:
        raise NearRelative()
    asking = [
        act.scopes
        for act in at.path.acts.values()
        if any(each.kind == kind for each in act.fields.values())
    ]
    if kind in OF_OFFICERS and not _has(at, _THEIR_SCOPES, *asking):
        raise OfficersPaper()
    open_here = [act.scopes for act in at.path.acts_from(at.case.state)]
    if not _has(at, _TAKES_IN, *open_here):
        raise NotInYourHands()


def _has(at: Standing, *scopes: Iterable[str]) -> bool:
    return any(at.caller.has(each) for some in scopes for each in some)
