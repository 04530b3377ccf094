"""Who lives in a household from when to when, as the register has it, or is to have it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.determinations import NOT_APPLICABLE
from services.identification.models import Membership, Person
from shared.months import Month, day_number
from shared.secrets import KeyRing


@dataclass(frozen=True)
class Stay:
    """Somebody who lives or lived in a household, as the register knows them."""

    born_on: int
    died_on: int | str
    since: str
    until: str | None


@dataclass(frozen=True)
class Foreseen:
    """What is to be otherwise of who lives there: when stays end, and when people died, by ids."""

    until: Mapping[UUID, str | None] = field(default_factory=dict)
    died_on: Mapping[UUID, date | None] = field(default_factory=dict)


async def stays_in(
    session: AsyncSession,
    keys: KeyRing,
    household_id: UUID,
    ends: Month | None = None,
    foreseen: Foreseen | None = None,
) -> dict[str, Stay]:
    """Everybody who lives or lived there, by id; who left and came back by the last stay, or by the
    last that began before a month. Nobody whose stay has no month: their coming was undone, or they
    were gone before it."""
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.household_id) == household_id)
        .order_by(col(Membership.since))
    )
    foreseen, found = foreseen or Foreseen(), dict[str, Stay]()
    for person, stay in await session.exec(statement):
        until = foreseen.until.get(stay.id, stay.until)
        if until is not None and until < stay.since:
            continue
        if str(person.id) in found and ends is not None and stay.since >= str(ends):
            continue
        number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
        died = foreseen.died_on.get(person.id, person.died_on)
        died_on = day_number(died) if died else NOT_APPLICABLE
        found[str(person.id)] = Stay(int(number[6:14]), died_on, stay.since, until)
    return found
