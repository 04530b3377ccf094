"""What the register makes doubtful about a case, told while its words can still be put right.

A number or code that is another's, or of somebody who is dead, would stop the decision, after
everybody has done their part.
It is told only to whoever may look people up anyway: nobody else learns who is in the register.
"""

from typing import Final

from sqlmodel import col, select

from services.identification import coded
from services.identification.casework import namesakes
from services.identification.casework.applications import Member
from services.identification.casework.standing import Standing
from services.identification.casework.tools import index_of
from services.identification.desk import Desk
from services.identification.models import Person

SCOPE: Final = "people:read"
NAME_DIFFERS: Final = "id-name-differs"
CODE_DIFFERS: Final = "code-of-another"
DEAD: Final = "dead-in-register"


async def of_register(desk: Desk, at: Standing) -> list[str]:
    """Members and guardians whose number or code the register knows as another's, or as of somebody
    dead, as queries of an open case."""
    if at.case.closed_at is not None or not desk.caller.has(SCOPE):
        return []
    acting = at.application.who_guard()
    said = {
        index: member
        for member in [*at.application.members, *acting]
        if (index := index_of(desk.keys, member)) is not None
    }
    statement = select(Person).where(
        col(Person.county) == at.case.county, col(Person.id_index).in_(said)
    )
    people = [(said[each.id_index], each) for each in await desk.session.exec(statement)]
    differs = [
        f"{member.key}: {CODE_DIFFERS if member.temporary_code else NAME_DIFFERS}"
        for member, person in people
        if not _is_theirs(desk, member, person)
    ]
    applies = not at.path.about_household
    dead = [
        f"{member.key}: {DEAD}"
        for member, person in people
        if applies and (member.lives_together or member in acting) and person.died_on is not None
    ]
    return differs + dead


def _is_theirs(desk: Desk, member: Member, person: Person) -> bool:
    if member.temporary_code:
        return coded.is_theirs(desk.keys, person, member.name, member.born())
    return namesakes.agree(person, member)
