"""Relatives an applicant names among those who work for the administration: each is looked up.

They are named, not known by account. Until an officer has said of each whose relative it is, or
that nobody here is one, nobody decides.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.identification.casework.standing import Standing
from services.identification.grammar.acts import Field, Words

NAMED: Final = "say-relative"
FOUND: Final = ("declare-relative", "no-relative")
WHOM: Final = "answers"
_ASKED: Final = Words("查的是申请人申报的哪一位", "which of those the applicant named this answers")


def not_looked_up(at: Standing) -> dict[str, str]:
    """The name of each who was named and nobody has looked up, by which of them it is: 1, 2, …"""
    named = {str(n): str(each.words["name"]) for n, each in enumerate(at.done(NAMED), start=1)}
    answered = {each.words.get(WHOM) for each in at.done(*FOUND)}
    return {which: name for which, name in named.items() if which not in answered}


def shown(at: Standing) -> list[dict[str, Any]]:
    """Each who was named, as it was said, and whether somebody has looked them up."""
    wait = not_looked_up(at)
    return [
        {**each.words, "looked_up": str(n) not in wait}
        for n, each in enumerate(at.done(NAMED), start=1)
    ]


def asked_of_one(at: Standing) -> Mapping[str, Field]:
    """Which one it is about."""
    return _asked(at, optional=False)


def asked_if_named(at: Standing) -> Mapping[str, Field]:
    """Which one it is about, if it is one whom the applicant named."""
    return _asked(at, optional=True)


def _asked(at: Standing, *, optional: bool) -> Mapping[str, Field]:
    named = not_looked_up(at)
    if not named:
        return {}
    choices = {which: Words(name, name) for which, name in named.items()}
    return {WHOM: Field(WHOM, "choice", _ASKED, optional=optional, choices=choices)}


def one_is_not_looked_up(at: Standing) -> bool:
    """Whether somebody whom the applicant named still has to be looked up."""
    return bool(not_looked_up(at))


def are_looked_up(at: Standing) -> bool:
    """Whether of all who were named it is known; whoever found that nobody is one decides not."""
    return not not_looked_up(at) and at.did_none("no-relative")
