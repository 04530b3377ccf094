"""On assistance, in the words of the glossary: granted, drawn, on assistance, on the list.

All four follow from a decision and from what the table of each category says it grants; whoever
asks for one of them asks here. Of whoever died or left the household nothing counts.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from services.identification.casework.paths import BASIC, HOUSEHOLD, PERSON, STATUS, Grant, endable
from services.identification.determinations import is_away, living

Facts = Mapping[str, Any]


def granted(content: Facts) -> set[str]:
    """The categories a decision grants to the household, or to somebody who lives in it."""
    return _of_household(content, Grant.is_on)


def drawn(content: Facts) -> set[str]:
    """The categories it draws: what is granted, and what fades out and so is paid still."""
    return _of_household(content, Grant.is_paid)


def drawn_to(content: Facts, person_id: UUID) -> set[str]:
    """What somebody draws by a decision, by themselves or with their household while they count
    there; nothing, where they count no more: dead, gone, or away."""
    for member in living(content):
        if member["person_id"] == str(person_id) and not is_away(member["facts"]):
            return drawn_by(content["facts"], member["facts"])
    return set()


def drawn_by(facts: Facts, own: Facts) -> set[str]:
    """What a member draws, by the facts of the household and their own."""
    return drawn_of(HOUSEHOLD, facts) | drawn_of(PERSON, own)


def drawn_of(whose: str, facts: Facts) -> set[str]:
    """What is drawn by the facts of a household, or by those of one person alone."""
    return {name for name, grant in _grants_of(whose) if grant.is_paid(facts)}


def is_on_assistance(content: Facts) -> bool:
    """Whether the household draws anything that is paid; a status of low income alone is not."""
    return any(endable()[each].kind != STATUS for each in drawn(content))


def is_on_the_list(content: Facts) -> bool:
    """Whether the household draws what it lives on: dibao, for one alone too, or tekun."""
    return any(endable()[each].kind == BASIC for each in drawn(content))


def _of_household(content: Facts, holds: Callable[[Grant, Facts], bool]) -> set[str]:
    facts, alive = content["facts"], [member["facts"] for member in living(content)]
    return {
        name
        for name, grant in endable().items()
        if any(holds(grant, each) for each in (alive if grant.whose == PERSON else [facts]))
    }


@cache
def _grants_of(whose: str) -> Sequence[tuple[str, Grant]]:
    return [(name, grant) for name, grant in endable().items() if grant.whose == whose]
