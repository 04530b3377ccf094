"""Somebody without an ID number: known by a temporary code until it is found, and then the same.

In the place of the number stands a text of its length that says the day of birth where a number
does, begins with a T, and is found under no number. Nothing is ever paid to it.
"""

import hashlib
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers, names
from services.identification.models import Person
from services.identification.people import index_of
from shared import audit
from shared.callers import Caller
from shared.database import new_id
from shared.problems import Conflict
from shared.secrets import KeyRing

CODE_COLUMN: Final = "person.temporary_code"
_MARK: Final = "T"


class NumberTaken(Conflict):
    """This ID number is somebody's of the register already; that is who lives there."""


class NumberKnown(Conflict):
    """The register knows this person's ID number."""


class NumberDiffers(Conflict):
    """The ID number does not hold, or says another day of birth than is known."""


def stands_in(number: str) -> bool:
    """Whether a text stands in the place of an ID number that is not known."""
    return number.startswith(_MARK)


async def person_of(
    session: AsyncSession,
    keys: KeyRing,
    county: str,
    *,
    code: str,
    name: str,
    born_on: date,
    reason: str,
) -> Person:
    """The person of the register a code belongs to; a new one if it is not known."""
    index = keys.blind_index(code, column=CODE_COLUMN)
    statement = select(Person).where(col(Person.county) == county, col(Person.id_index) == index)
    known = (await session.exec(statement)).first()
    if known is not None:
        return known
    person_id = new_id()
    digits = f"{int(hashlib.sha256(code.encode()).hexdigest(), 16) % 10**9:09d}"
    person = Person(
        id=person_id,
        county=county,
        name=name,
        name_sort=names.sort_key(name),
        id_sealed=keys.encrypt(
            f"{_MARK}{digits[:5]}{born_on:%Y%m%d}{digits[5:]}",
            table="person",
            column="id_sealed",
            row=person_id,
        ),
        id_index=index,
        temporary_code=code,
        no_id_reason_sealed=keys.encrypt(
            reason, table="person", column="no_id_reason_sealed", row=person_id
        ),
    )
    session.add(person)
    await session.flush()
    return person


async def find_number(
    session: AsyncSession, keys: KeyRing, caller: Caller, person_id: UUID, number: str, today: date
) -> None:
    """The number takes the place of the code: the person is the same, and not two.

    Raises:
        NumberKnown, NumberDiffers, NumberTaken: then nothing is changed.
    """
    person = await session.get(Person, person_id, with_for_update=True)
    if person is None or person.temporary_code is None:
        raise NumberKnown()
    before = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    same_day = id_numbers.birth_date(number) == id_numbers.birth_date(before)
    if id_numbers.flaw(number, today) is not None or not same_day:
        raise NumberDiffers()
    index = index_of(keys, number)
    other = select(Person).where(col(Person.county) == person.county, col(Person.id_index) == index)
    if (await session.exec(other)).first() is not None:
        raise NumberTaken()
    code, person.temporary_code, person.no_id_reason_sealed = person.temporary_code, None, None
    person.id_sealed = keys.encrypt(number, table="person", column="id_sealed", row=person.id)
    person.id_index = index
    session.add(person)
    await session.flush()
    await audit.record(
        session,
        person.county,
        actor=caller.subject,
        act="id-number-found",
        subject=str(person.id),
        details={"temporary_code": code},
    )
