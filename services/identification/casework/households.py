"""A household of the register as casework begins with it: who may see it, and what it would say."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import decisions, id_numbers, registrations
from services.identification.casework.applications import Application, Member
from services.identification.determinations import is_away
from services.identification.means import questions
from services.identification.models import Household, Membership, Person
from services.identification.roster.columns import HEAD
from shared.callers import Caller
from shared.months import Month
from shared.secrets import KeyRing


async def seen(session: AsyncSession, caller: Caller, household_id: UUID) -> Household:
    """A household of the caller's area.

    Raises:
        NoSuchHousehold: there is none, or it is not of the caller's area.
    """
    return decisions.of_area(caller, await session.get(Household, household_id))


async def id_of(session: AsyncSession, caller: Caller, number: str) -> UUID:
    """The household of the caller's area that has a number.

    Raises:
        NoSuchHousehold: there is none, or it is not of the caller's area.
    """
    statement = select(Household).where(
        col(Household.county) == caller.county, col(Household.number) == number
    )
    return decisions.of_area(caller, (await session.exec(statement)).first()).id


async def as_application(session: AsyncSession, keys: KeyRing, household: Household) -> Application:
    """Who lives there now, the head first; the key of each is the id they have in the register."""
    people = _head_first(await living(session, household.id))
    return Application(
        registration=registrations.word_of(household.registration),
        members=tuple(member_of(keys, person, stay.relation) for person, stay in people),
    )


async def as_decided(
    session: AsyncSession, keys: KeyRing, household: Household, *, without_away: bool = False
) -> Application:
    """Who lives there now, with the means of each and of all that the last decision says; whoever
    it says is away, as living elsewhere, where that is wanted."""
    now = await as_application(session, keys, household)
    last = await decisions.last(session, keys, household.id)
    if last is None:
        return now
    of = {each["person_id"]: each["facts"] for each in last["members"]}
    away = {key for key, facts in of.items() if without_away and is_away(facts)}
    members = tuple(
        with_means(each, of.get(each.key, {})).model_copy(
            update={"lives_together": each.key not in away}
        )
        for each in now.members
    )
    means = questions.known("household", last["facts"])
    return now.model_copy(update={"members": members, "means": means})


def with_means(member: Member, facts: Mapping[str, Any]) -> Member:
    """A member with what was decided of them; nothing is asked of the means of who is on tekun."""
    means = {} if facts.get("on_tekun") == 1 else questions.known("person", facts)
    disability = {name: facts.get(name) for name in ("disability_grade", "disability_kind")}
    known = all(isinstance(each, int) for each in disability.values())
    return member.model_copy(update={"means": means, **(disability if known else {})})


def member_of(keys: KeyRing, person: Person, relation: str) -> Member:
    """Somebody of the register as a member of an application, by number or by code."""
    number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    if person.temporary_code is None or person.no_id_reason_sealed is None:
        return Member(key=str(person.id), name=person.name, relation=relation, id_number=number)
    reason = keys.decrypt(
        person.no_id_reason_sealed, table="person", column="no_id_reason_sealed", row=person.id
    )
    return Member(
        key=str(person.id),
        name=person.name,
        relation=relation,
        temporary_code=person.temporary_code,
        no_id_reason=reason,
        born_on=id_numbers.birth_date(number),
    )


async def living_in(
    session: AsyncSession, household_id: UUID, month: Month
) -> list[tuple[Person, Membership]]:
    """Everybody who lives in a household in a month, the head first."""
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.household_id) == household_id,
            col(Membership.since) <= str(month),
            or_(col(Membership.until).is_(None), col(Membership.until) >= str(month)),
        )
    )
    return _head_first((await session.exec(statement)).all())


def _head_first(people: Iterable[tuple[Person, Membership]]) -> list[tuple[Person, Membership]]:
    return sorted(people, key=lambda e: (e[1].relation != HEAD, e[1].since, str(e[0].id)))


async def home_of(session: AsyncSession, person_id: UUID) -> Household | None:
    """The household somebody lives in now."""
    statement = (
        select(Household)
        .join(Membership, col(Membership.household_id) == col(Household.id))
        .where(col(Membership.person_id) == person_id, col(Membership.until).is_(None))
    )
    return (await session.exec(statement)).first()


async def now_of(session: AsyncSession, household_id: UUID) -> UUID:
    """The household in which those of one live now: itself, or where nobody is left in it, as after
    a merge, that of its head or of who else lived there in its last month; itself where those died
    or live nowhere here."""
    for each in sorted(await left_last(session, household_id), key=lambda e: e.relation != HEAD):
        if (home := await home_of(session, each.person_id)) is not None:
            return home.id
    return household_id


async def left_last(session: AsyncSession, household_id: UUID) -> list[Membership]:
    """The stays that ended with the last month in which anybody lived in a household; none while
    somebody does, or where nobody ever did for a month."""
    stays = list(
        await session.exec(select(Membership).where(col(Membership.household_id) == household_id))
    )
    ended = [(each.until, each) for each in stays if each.until and each.until >= each.since]
    if any(each.until is None for each in stays) or not ended:
        return []
    last = max(until for until, _ in ended)
    return [each for until, each in ended if until == last]


async def now_in(session: AsyncSession, household_id: UUID) -> set[UUID]:
    """A household, and those in which nobody is left and whose people live in it now."""
    here = select(col(Membership.person_id)).where(
        col(Membership.household_id) == household_id, col(Membership.until).is_(None)
    )
    before = await session.exec(
        select(col(Membership.household_id))
        .where(col(Membership.person_id).in_(here), col(Membership.until).is_not(None))
        .distinct()
    )
    found = {each for each in before if await now_of(session, each) == household_id}
    return found | {household_id}


async def living(session: AsyncSession, household_id: UUID) -> list[tuple[Person, Membership]]:
    """Everybody who lives in a household now."""
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.household_id) == household_id, col(Membership.until).is_(None))
    )
    return list((await session.exec(statement)).all())
