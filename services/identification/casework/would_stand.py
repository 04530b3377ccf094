"""How a household would stand by what is foreseen: the very words its decision would carry.

What is shown before a decision, tested by it, and written down with it is one and the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import decisions
from services.identification.casework.homes import Comes, Foresight, Home
from services.identification.decisions import Stay, day_of
from services.identification.determinations import NOT_APPLICABLE
from shared.ids import new_id
from shared.secrets import KeyRing


async def content_of(
    session: AsyncSession, keys: KeyRing, found: Foresight, home: Home
) -> dict[str, Any]:
    """The facts and members of a household by what is foreseen, as a decision would record them."""
    stays: dict[str, Stay] = {}
    before, registration = None, home.registration
    if home.household is not None:
        stays = await decisions.stays_in(session, keys, home.household.id)
        before = await decisions.last(session, keys, home.household.id)
        registration = registration or home.household.registration
    elif found.own.household is not None:
        registration = found.own.household.registration
    came = {person_id_of(each): each for each in home.comes}
    stays = _as_foreseen(stays, found, home, came)
    named: dict[UUID, Mapping[str, Any]] = {**home.of_members}
    for key, each in came.items():
        named[UUID(key)] = {**each.facts, **home.of_members.get(UUID(key), {})}
    return decisions.content(before, registration, stays, home.facts, named)


def person_id_of(comes: Comes) -> str:
    """The id of who comes; of whom the register does not know, one for this reckoning."""
    return str(comes.person.id if comes.person is not None else new_id())


def _as_foreseen(
    stays: Mapping[str, Stay], found: Foresight, home: Home, came: Mapping[str, Comes]
) -> dict[str, Stay]:
    """Who lives there from when to when, once it is carried out."""
    died = {person.id: died_on for person, died_on in found.deaths}
    after = dict(stays)
    for _, person, until in home.goes:
        key = str(person.id)
        after[key] = replace(after[key], until=str(until))
        if person.id in died:
            after[key] = replace(after[key], died_on=day_of(died[person.id]))
    for person in found.alive if home is found.own else ():
        after[str(person.id)] = replace(after[str(person.id)], died_on=NOT_APPLICABLE)
    for stay in home.stays:
        after[str(stay.person_id)] = replace(after[str(stay.person_id)], until=None)
    for key, each in came.items():
        born = each.member.born()
        assert born is not None, "whoever comes has a number, or a code with the day of birth"
        after[key] = Stay(day_of(born), NOT_APPLICABLE, str(each.since), None)
    return after
