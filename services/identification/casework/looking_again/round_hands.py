"""In whose hands a finding of a round is: who signed it, whom its form names, who is waited for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework.looking_again import on_paper
from services.identification.desk import Desk
from services.identification.models import (
    CasePerson,
    Membership,
    NamedVisitor,
    Person,
    RoundHousehold,
    RoundSignature,
)
from shared.database import among


@dataclass
class Hands:
    """Those of what was found last of a household."""

    signed: list[RoundSignature] = field(default_factory=list)
    named: list[NamedVisitor] = field(default_factory=list)

    @property
    def people(self) -> set[str]:
        """Who signed by an account of their own."""
        return {each.person for each in self.signed}

    @property
    def awaited(self) -> set[str]:
        """Who is named by the form, might sign, and has not."""
        return {each.person for each in self.named if each.until is None} - self.people

    @property
    def paper_id(self) -> UUID | None:
        """The form, where it was found on paper."""
        known = [each.paper_id for each in self.named] + [each.paper_id for each in self.signed]
        return next(filter(None, known), None)

    def are_enough(self, least: int) -> bool:
        """Whether the finding counts."""
        return on_paper.counts(self.people, self.awaited, least)


async def of_whom(desk: Desk, one: RoundHousehold) -> set[bytes]:
    """The indexes of the ID numbers of whoever lives there, or is named by the case it is there
    for: of their near relatives nobody finds, signs or chooses anything."""
    living = (
        select(col(Person.id_index))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.household_id) == one.household_id, col(Membership.until).is_(None))
    )
    named = select(col(CasePerson.id_index)).where(col(CasePerson.case_id) == one.case_id)
    found = [each for which in (living, named) for each in await desk.session.exec(which)]
    return {each for each in found if each is not None}


async def of(desk: Desk, households: Iterable[RoundHousehold]) -> dict[UUID, Hands]:
    """In whose hands is what was found last of each, the first to sign first."""
    numbers = {each.id: each.finding_number for each in households}
    found = {household_id: Hands() for household_id in numbers}
    signed = select(RoundSignature).where(among(col(RoundSignature.household_id), numbers))
    for one in await desk.session.exec(signed.order_by(col(RoundSignature.id))):
        if one.number == numbers[one.household_id]:
            found[one.household_id].signed.append(one)
    named = select(NamedVisitor).where(among(col(NamedVisitor.household_id), numbers))
    for each in await desk.session.exec(named.order_by(col(NamedVisitor.id))):
        assert each.household_id is not None, "those of a case name no household of a round"
        if each.number == numbers[each.household_id]:
            found[each.household_id].named.append(each)
    return found
