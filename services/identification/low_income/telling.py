"""Whoever was entered, moved or cleared by hand is told, by a message that names no group: under
every id by which they, or whoever of their home acts for them, are reached; nobody who is dead."""

from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import addressees, households
from services.identification.desk import Desk
from services.identification.models import Applicant, LowIncomePerson, Person
from shared.contracts.identification import GroupChanged, Happened
from shared.outbox import announce


async def tell(desk: Desk, about: LowIncomePerson, happened: Happened, request_id: UUID) -> None:
    """Say that something changed for somebody; nothing, where nobody is known by an id."""
    told_ids = await reached_as(desk, about)
    if told_ids:
        await announce(
            desk.session,
            GroupChanged(
                county=about.county,
                occurred_at=desk.now,
                request_id=request_id,
                told_ids=told_ids,
                happened=happened,
            ),
        )


async def reached_as(desk: Desk, about: LowIncomePerson) -> list[UUID]:
    """Under which ids whoever is told may be reached, the nearest first: themselves, or who of
    their home can act; as the register knows them, as they applied, and as their home is told."""
    known = select(Person).where(
        col(Person.county) == about.county, col(Person.id_index) == about.id_index
    )
    person = (await desk.session.exec(known)).first()
    if person is None:
        return await _applied(desk, about.county, about.id_index)
    home = await households.home_of(desk.session, person.id)
    living = await households.living(desk.session, home.id) if home is not None else []
    alive = [(each, stay) for each, stay in living if each.died_on is None]
    alive.sort(key=lambda found: (found[0].id != person.id, found[1].since))
    members = [households.member_of(desk.keys, each, stay.relation) for each, stay in alive]
    to = addressees.chosen(members, (), desk.today)
    if to is None:
        return [person.id] if person.died_on is None else []
    index = next(each.id_index for each, _ in alive if str(each.id) == to.key)
    found = [UUID(to.key), *(await _applied(desk, about.county, index) if index else ())]
    # What a home is told of goes to its head, who may be the one that died.
    return found if home is None or person.died_on else [*found, home.id]


async def _applied(desk: Desk, county: str, index: bytes) -> list[UUID]:
    """The ids under which somebody applied, the last first; only such as were seen with their ID
    card, for anybody may say a number."""
    statement = (
        select(col(Applicant.id))
        .where(
            col(Applicant.county) == county,
            col(Applicant.id_index) == index,
            col(Applicant.seen_at).is_not(None),
        )
        .order_by(col(Applicant.known_at).desc())
    )
    return list(await desk.session.exec(statement))
