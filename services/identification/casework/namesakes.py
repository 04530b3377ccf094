"""Whose an ID number is by the register: nobody comes in by it under another name."""

from services.identification.casework.applications import Member
from services.identification.models import Person
from shared.names import plain
from shared.problems import Conflict


class NameDiffers(Conflict):
    """An ID number of this case belongs to another name in the register."""


def agree(person: Person, member: Member) -> bool:
    """Whether whom the register knows by a number is named as whoever the case names with it."""
    return plain(person.name) == plain(member.name)


def insist(person: Person, member: Member) -> None:
    """Whom the register knows by a number is who is named with it.

    Raises:
        NameDiffers: with the key of who is named.
    """
    if not agree(person, member):
        raise NameDiffers(member=member.key)
