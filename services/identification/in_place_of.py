"""What takes the place of what: a grant that cannot stand beside another ends it, for good.

Which ends which the table of each category says (`instead_of`). So nothing that was replaced is
granted again by itself on the day that ends which took its place.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from services.identification.casework.paths import HOUSEHOLD, PERSON, STATUS, Grant, endable
from services.identification.determinations import NOT_APPLICABLE

Facts = Mapping[str, Any]
_ASKS: Final = "asks_for_low_income"
_ASKS_NO_MORE: Final = {_ASKS: 0, "low_income_found_on": NOT_APPLICABLE}


def settled(content: Facts) -> dict[str, Any]:
    """The same decision without what another grant of it took the place of, of the household and of
    each member; and what is granted again fades out no more.
    """
    facts = content["facts"]
    ended = _ended(facts, HOUSEHOLD, facts)
    members = []
    for each in content["members"]:
        own = each["facts"]
        of_one = _ended(own, PERSON, facts) | _ended(own, PERSON, own)
        members.append({**each, "facts": {**own, **of_one}} if of_one else each)
    if ended.keys() & _statuses():
        ended |= _ASKS_NO_MORE
    return {**content, "facts": {**facts, **_again(facts), **ended}, "members": members}


def is_taken(grant: Grant, of_household: Facts, of_person: Facts) -> bool:
    """Whether by these facts something else is granted that takes the place of a grant: to the
    household, or to whom the grant would be."""
    return any(
        other.is_on(of_household if other.whose == HOUSEHOLD else of_person)
        for other, replaced in _replacing()
        if grant in replaced
    )


def none_of_household(facts: Facts) -> dict[str, Any]:
    """The facts by which a household is granted nothing as one any more, where these stand."""
    ended = {
        name: said
        for grant in endable().values()
        if grant.whose == HOUSEHOLD and grant.is_paid(facts)
        for name, said in grant.ending(facts).items()
    }
    return {**ended, **(_ASKS_NO_MORE if facts.get(_ASKS) == 1 else {})}


def none_of_person(facts: Facts) -> dict[str, Any]:
    """The facts by which somebody is granted nothing of their own any more, where these stand."""
    return {
        name: said
        for grant in endable().values()
        if grant.whose == PERSON and grant.is_paid(facts)
        for name, said in grant.ending(facts).items()
    }


def _ended(facts: Facts, whose: str, by: Facts) -> dict[str, Any]:
    """The facts that end whatever is granted by some facts and replaced by what others grant."""
    return {
        name: said
        for grant, replaced in _replacing()
        if grant.is_on(by)
        for other in replaced
        if other.whose == whose and other.is_paid(facts)
        for name, said in other.ending(facts).items()
    }


def _again(facts: Facts) -> dict[str, Any]:
    """The facts by which nothing of the household fades out that is granted again."""
    return {
        name: said
        for grant in endable().values()
        if grant.fading and grant.whose == HOUSEHOLD and not grant.fading.stays_on
        if grant.is_on(facts) and grant.fading.is_on(facts)
        for name, said in grant.fading.over.items()
    }


@cache
def _replacing() -> Sequence[tuple[Grant, Sequence[Grant]]]:
    """What takes another's place, and whose; few do, and a county's people are asked at once."""
    granted = endable()
    return [
        (grant, [granted[name] for name in grant.instead_of])
        for grant in granted.values()
        if grant.instead_of
    ]


@cache
def _statuses() -> frozenset[str]:
    """The facts that say that a household has a status it asked for."""
    return frozenset(
        flag for grant in endable().values() if grant.kind == STATUS for flag in grant.flags
    )
