"""How a household would stand by what is foreseen: the very words its decision would carry.

What is shown before a decision, tested by it, and written down with it is one and the same.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import decisions
from services.identification.casework.homes import Comes, Foresight, Home
from services.identification.determinations import NOT_APPLICABLE
from services.identification.stays import Foreseen, Stay, stays_in
from shared.ids import new_id
from shared.months import day_number
from shared.secrets import KeyRing


async def content_of(
    session: AsyncSession, keys: KeyRing, found: Foresight, home: Home
) -> dict[str, Any]:
    """The facts and members of a household by what is foreseen, as a decision would record them."""
    stays: dict[str, Stay] = {}
    before, registration = None, home.registration
    if home.household is not None:
        foreseen = _foreseen(found, home)
        stays = await stays_in(session, keys, home.household.id, foreseen=foreseen)
        before = await decisions.last(session, keys, home.household.id)
        registration = registration or home.household.registration
    elif found.own.household is not None:
        registration = found.own.household.registration
    came = {person_id_of(each): each for each in home.comes}
    stays = {**stays, **{key: _stay(each) for key, each in came.items()}}
    named: dict[UUID, Mapping[str, Any]] = {**home.of_members}
    for key, each in came.items():
        named[UUID(key)] = {**each.facts, **home.of_members.get(UUID(key), {})}
    return decisions.content(before, registration, stays, home.facts, named)


def person_id_of(comes: Comes) -> str:
    """The id of who comes; of whom the register does not know, one for this reckoning."""
    return str(comes.person.id if comes.person is not None else new_id())


def _foreseen(found: Foresight, home: Home) -> Foreseen:
    """Until when whom stays there, and who is dead or is no more, once it is carried out."""
    until = {stay.id: str(until) for stay, _, until in home.goes}
    died = {person.id: died_on for person, died_on in found.deaths}
    return Foreseen(
        {**until, **dict.fromkeys(stay.id for stay in home.stays)},
        {**died, **dict.fromkeys(person.id for person in found.alive)},
    )


def _stay(comes: Comes) -> Stay:
    born = comes.member.born()
    assert born is not None, "whoever comes has a number, or a code with the day of birth"
    return Stay(day_number(born), NOT_APPLICABLE, str(comes.since), None)
