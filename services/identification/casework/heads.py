"""Who heads a household: one of it alone, whoever comes by a grant, and named anew by the change by
which the head goes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.applications import Member
from services.identification.casework.homes import Foresight, Home
from services.identification.casework.households import living
from services.identification.casework.tools import Tools
from services.identification.models import Household, Membership, Person
from services.identification.people import index_of
from services.identification.roster.columns import HEAD
from shared.problems import Conflict
from shared.secrets import KeyRing

OTHERWISE: Final = "其他"
"""What somebody is to a head to whom nobody has said what they are."""
_THE_OTHER_WAY: Final = {
    "配偶": "配偶", "子女": "父母", "父母": "子女", "祖父母": "孙子女", "孙子女": "祖父母",
    "兄弟姐妹": "兄弟姐妹", "儿媳女婿": "公婆岳父母", "公婆岳父母": "儿媳女婿",
}  # fmt: skip
"""What one is to the other, where the other is that to them."""
RELATIONS: Final = "relations_before"
"""The word of a decision that says what those were to the head who are something else by it."""


class HeadWanted(Conflict):
    """The head of a household goes and others stay: say who heads it from now on."""


class TwoHeads(Conflict):
    """A household would have two heads: say what the other is to the new one."""


class HeadLivesElsewhere(Conflict):
    """Whoever is to be the head lives in no household that this change touches."""


async def of_another_home(
    session: AsyncSession, keys: KeyRing, found: Foresight, id_number: str
) -> tuple[Home, tuple[Membership, Person]]:
    """Somebody of one of the households a change touches, with their stay there.

    Raises:
        HeadLivesElsewhere: they live in none of them.
    """
    homes = {home.household.id: home for home in found.homes if home.household is not None}
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Person.id_index) == index_of(keys, id_number),
            col(Membership.household_id).in_(homes),
            col(Membership.until).is_(None),
        )
    )
    found_there = (await session.exec(statement)).first()
    if found_there is None:
        raise HeadLivesElsewhere()
    person, stay = found_there
    return homes[stay.household_id], (stay, person)


async def settle(session: AsyncSession, home: Home) -> None:
    """Say of a household how many head it now, and how many would; of one with nobody left none.
    Who is left alone by its head is the head."""
    there = await living(session, home.household.id) if home.household is not None else []
    gone = {person.id for _, person, _ in home.goes}
    stay_on = [(stay, person) for person, stay in there if person.id not in gone]
    home.heads_before = sum(stay.relation == HEAD for _, stay in there)
    if home.heads_before and len(stay_on) == 1 and not (home.comes or home.stays):
        ((stay, person),) = stay_on
        if stay.relation != HEAD and not home.relations:
            home.relations.append((stay, person, HEAD))
    said = {person.id: relation for _, person, relation in home.relations}
    after = [said.get(person.id, stay.relation) for stay, person in stay_on]
    after += [stay.relation for stay in home.stays] + [each.member.relation for each in home.comes]
    home.heads = after.count(HEAD) if after else None


def insist(homes: Iterable[Home]) -> None:
    """A household whose head goes has another, and none gets a second.

    Raises:
        HeadWanted, TwoHeads: with the number of the household, where it has one.
    """
    for home in homes:
        number = {"household": home.household.number} if home.household is not None else {}
        if home.wants_head:
            raise HeadWanted(**number)
        if home.has_two_heads:
            raise TwoHeads(**number)


def before(found: Foresight) -> dict[str, str]:
    """What those were to the head who are to be something else, by their ids."""
    return {str(who.id): stay.relation for home in found.homes for stay, who, _ in home.relations}


async def as_they_enter(
    session: AsyncSession, household_id: UUID, named: Sequence[tuple[Member, Person]]
) -> dict[UUID, str]:
    """What everybody of an application is to the head of the household it is granted to, by id.

    Who heads it by the register does still, whatever the application says; of a household that
    comes in it is whom the application names, or else who applies. Where the application names
    another than heads it, only that one's relation to the head is known, the other way round.
    """
    there = {person.id: stay.relation for person, stay in await living(session, household_id)}
    said = {person.id: member.relation for member, person in named}
    written = [key for key, relation in said.items() if relation == HEAD]
    heads = [key for key, relation in there.items() if relation == HEAD]
    head = next(iter([*heads, *written, *said]))
    to_the_head = not written or head in written
    found = {key: relation if to_the_head else OTHERWISE for key, relation in said.items()}
    found |= dict.fromkeys(written, OTHERWISE)
    if not to_the_head:
        found[written[0]] = _THE_OTHER_WAY.get(said.get(head, ""), OTHERWISE)
    return {key: HEAD if key == head else there.get(key, found[key]) for key in said}


async def put_back(
    tools: Tools,
    homes: Iterable[UUID],
    words: Iterable[Mapping[str, Any]],
    back: Collection[UUID],
) -> None:
    """Whoever was made something else to the head is again what they were, household by household,
    while one alone heads it so; `back` are those who live there again.

    Where another heads it since, that stands, and a head who is back is of it as anybody: what they
    are to the new one, somebody says (`relation`). Who is left alone is the head.

    Raises:
        HeadWanted: whoever heads one of them since goes with what is undone, and several stay.
    """
    was = {UUID(key): each for said in words for key, each in said.get(RELATIONS, {}).items()}
    for household_id in homes:
        there = [stay for _, stay in await living(tools.session, household_id)]
        before = {stay.id: was.get(stay.person_id, stay.relation) for stay in there}
        count = list(before.values()).count(HEAD)
        for stay in there:
            if count == 1:
                stay.relation = before[stay.id]
            elif count > 1 and stay.person_id in back and stay.relation == HEAD:
                stay.relation = OTHERWISE
            tools.session.add(stay)
        if len(there) == 1:
            there[0].relation = HEAD
        if there and all(stay.relation != HEAD for stay in there):
            household = await tools.session.get_one(Household, household_id)
            raise HeadWanted(household=household.number)
