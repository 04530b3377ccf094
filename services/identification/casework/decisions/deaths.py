"""A death recorded, and one recorded in error taken back: who hears of it, what it ended; nothing
is granted to the dead.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import before_and_after, decisions, people
from services.identification.casework.applications import Member
from services.identification.casework.paths import PERSON, endable
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools, index_of
from services.identification.models import Household, Membership, Person
from shared import audit
from shared.contracts.event import Event
from shared.contracts.identification import DeathTakenBack, PersonDied
from shared.outbox import announce
from shared.problems import Conflict
from shared.secrets import KeyRing

DEATH: Final = "death"


class NotRecordedDead(Conflict):
    """Nobody who lived in this household is recorded as dead under this number."""


class DeadInRegister(Conflict):
    """Somebody of this household is dead by the register: the others go on without them."""


async def refuse_dead(tools: Tools, county: str, members: Iterable[Member]) -> None:
    """Nobody is granted anything, or counted for what is, whom the register knows to be dead.

    Raises:
        DeadInRegister: one of these is, with their key.
    """
    if dead := await of_dead(tools, county, members):
        raise DeadInRegister(member=dead[0].key)


async def of_dead(tools: Tools, county: str, members: Iterable[Member]) -> list[Member]:
    """Those of them whom the register knows to be dead, by number or code."""
    keyed = {index: each for each in members if (index := index_of(tools.keys, each)) is not None}
    statement = select(col(Person.id_index)).where(
        col(Person.county) == county,
        col(Person.id_index).in_(keyed),
        col(Person.died_on).is_not(None),
    )
    found = set(await tools.session.exec(statement))
    return [each for index, each in keyed.items() if index in found]


async def record_death(tools: Tools, at: Standing, person: Person, died_on: date) -> None:
    """Somebody died: the register knows the day, and everybody who listens hears of it."""
    person.died_on = died_on
    told = {"county": at.case.county, "occurred_at": tools.now}
    event = PersonDied(**told, person_id=person.id, died_on=died_on)
    await _say(tools, at, person, event, "death-recorded", died_on)


async def take_back_death(tools: Tools, at: Standing, person: Person) -> None:
    """They are alive: the register forgets the day, and everybody who heard of it hears this."""
    assert person.died_on is not None, "only who is recorded as dead is found to be alive"
    died_on, person.died_on = person.died_on, None
    told = {"county": at.case.county, "occurred_at": tools.now}
    event = DeathTakenBack(**told, person_id=person.id, died_on=died_on)
    await _say(tools, at, person, event, "death-taken-back", died_on)


async def take_back_deaths(tools: Tools, at: Standing) -> set[UUID]:
    """Whoever a case found dead is alive, and lives where they did; who that is."""
    alive = set[UUID]()
    for each in at.since("start-over"):
        if each.act != DEATH:
            continue
        person = await tools.session.get_one(Person, UUID(str(each.words["person_key"])))
        if str(person.died_on) != each.words["died_on"]:
            continue
        await take_back_death(tools, at, person)
        statement = (
            select(Membership)
            .where(col(Membership.person_id) == person.id)
            .order_by(col(Membership.since).desc())
        )
        stay = (await tools.session.exec(statement)).first()
        assert stay is not None, "only who lives somewhere is found dead"
        stay.until = None
        tools.session.add(stay)
        alive.add(person.id)
    await tools.session.flush()
    return alive


async def find_recorded_dead(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """Whoever is said to be alive is recorded as dead here; the day stays among the words.

    Raises:
        NotRecordedDead: nobody of this household is, under this number.
    """
    household = await tools.session.get(Household, at.case.household_id)
    assert household is not None, "a change is about a household of the register"
    number = str(at.words["id_number"])
    person, _ = await recorded_dead(tools.session, tools.keys, household, number)
    return {"died_on": str(person.died_on)}


async def recorded_dead(
    session: AsyncSession, keys: KeyRing, household: Household, id_number: str
) -> tuple[Person, Membership]:
    """Whoever lived in a household last and is recorded as dead, with that stay.

    Raises:
        NotRecordedDead: nobody of this household is, under this number.
    """
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Person.county) == household.county,
            col(Person.id_index) == people.index_of(keys, id_number),
            col(Person.died_on).is_not(None),
        )
        .order_by(col(Membership.since).desc())
    )
    found = (await session.exec(statement)).first()
    if found is None or found[1].household_id != household.id:
        raise NotRecordedDead()
    person, stay = found
    return person, stay


async def ended_with(
    session: AsyncSession,
    keys: KeyRing,
    household: Household,
    person_id: UUID,
    stands: Mapping[str, Any],
) -> dict[str, Any]:
    """What was the household's, ended with somebody's death and is not granted again, as it was."""
    around = await before_and_after.around_death(session, keys, household.id, person_id)
    if around is None:
        return {}
    before, by_death = (stood["facts"] for stood in around)
    return {
        name: before.get(name)
        for grant in endable().values()
        if grant.whose != PERSON
        and grant.is_paid(before)
        and not grant.is_paid(by_death)
        and not grant.is_paid(stands)
        for name in grant.ending(before)
    }


async def decided_of(
    session: AsyncSession, keys: KeyRing, household: Household, person_id: UUID
) -> dict[str, Any]:
    """What was decided of somebody before the decision that counts them as dead."""
    around = await before_and_after.around_death(session, keys, household.id, person_id)
    before = around[0]["members"] if around else []
    said = (one["facts"] for one in before if one["person_id"] == str(person_id))
    return decisions.decided_of(next(said, {}))


async def _say(
    tools: Tools, at: Standing, person: Person, event: Event, act: str, died_on: date
) -> None:
    tools.session.add(person)
    await announce(tools.session, event)
    await audit.record(
        tools.session,
        at.case.county,
        actor=at.caller.subject,
        act=act,
        subject=str(person.id),
        details={"died_on": died_on.isoformat()},
    )
