"""Whom a dossier is about: the people of a case or a household, and where they live."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import households, same_people
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CasePerson, Household, Membership, Person


@dataclass(frozen=True)
class Whom:
    """Their households of the register, who lives there, and the indexes they are found by."""

    households: list[Household]
    people: set[UUID]
    indexes: set[bytes]

    @property
    def home_ids(self) -> set[UUID]:
        """The ids of their households."""
        return {each.id for each in self.households}

    def shown(self) -> list[dict[str, Any]]:
        """Their households, as a page links to them."""
        return [
            {"household_id": str(each.id), "number": each.number, "village": each.village}
            for each in self.households
        ]


async def of_case(desk: Desk, at: Standing) -> Whom:
    """The people of a case who live together, and the households of the caller's area they live
    in; also the one the case is about."""
    rows = await desk.session.exec(
        select(col(CasePerson.id_index)).where(same_people.members_of([at.case.id]))
    )
    indexes = {index for index in rows if index is not None}
    living = select(col(Membership.household_id)).join(
        Person, col(Person.id) == col(Membership.person_id)
    )
    homes = living.where(col(Person.id_index).in_(indexes), col(Membership.until).is_(None))
    ids = {*(await desk.session.exec(homes)), at.case.household_id} - {None}
    found = await desk.session.exec(
        select(Household).where(col(Household.id).in_(ids)).order_by(col(Household.number))
    )
    seen = [each for each in found if desk.caller.may_see(each.village)]
    people = await desk.session.exec(
        select(col(Person.id)).where(col(Person.id_index).in_(indexes))
    )
    return Whom(seen, set(people), indexes)


async def of_household(desk: Desk, household_id: UUID) -> Whom:
    """A household of the caller's area and who lives there.

    Raises:
        NoSuchHousehold: there is none, or it is not of the caller's area.
    """
    household = await households.seen(desk.session, desk.caller, household_id)
    return _living(household, [p for p, _ in await households.living(desk.session, household_id)])


def _living(household: Household, people: Iterable[Person]) -> Whom:
    known = list(people)
    return Whom([household], {each.id for each in known}, {each.id_index for each in known})
