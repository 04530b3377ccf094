"""What the register makes doubtful about a case, told while its words can still be put right.

A number that belongs to another name would stop the decision, after everybody has done their part.
It is told only to whoever may look people up anyway: nobody else learns who is in the register.
"""

from typing import Final

from sqlmodel import col, select

from services.identification import names
from services.identification.casework.standing import Standing
from services.identification.casework.tools import index_of
from services.identification.desk import Desk
from services.identification.models import Person

SCOPE: Final = "people:read"
NAME_DIFFERS: Final = "id-name-differs"


async def of_register(desk: Desk, at: Standing) -> list[str]:
    """Members whose ID number the register knows under another name, as queries of an open case."""
    if at.case.closed_at is not None or not desk.caller.has(SCOPE):
        return []
    indexes = {
        index: member
        for member in at.application.members
        if (index := index_of(desk.keys, member)) is not None
    }
    statement = select(Person).where(
        col(Person.county) == at.case.county, col(Person.id_index).in_(indexes)
    )
    return [
        f"{indexes[person.id_index].key}: {NAME_DIFFERS}"
        for person in await desk.session.exec(statement)
        if names.plain(person.name) != names.plain(indexes[person.id_index].name)
    ]
