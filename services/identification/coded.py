"""Somebody without an ID number: known by a temporary code until it is found, and then the same.

In the place of the number stands a text of its length that says the day of birth where a number
does, begins with a T, and is found under no number. Nothing is ever paid to it.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers, names, people
from services.identification.models import CasePerson, Person
from shared import audit
from shared.callers import Caller
from shared.database import new_id
from shared.names import plain
from shared.problems import Conflict
from shared.secrets import KeyRing

CODE_COLUMN: Final = "person.temporary_code"
CODE_FORM: Final = r"T[0-9A-Z-]{3,30}"
_MARK: Final = "T"
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody mixes up."""
_SIGNS: Final = 12


class NumberTaken(Conflict):
    """This ID number is somebody's of the register already; that is who lives there."""


@dataclass(frozen=True)
class Coded:
    """Somebody without an ID number, as an application says who they are."""

    key: str
    """What they are called by where they are said: it is named when their code is another's."""
    code: str
    name: str
    born_on: date
    reason: str


class CodeOfAnother(Conflict):
    """A temporary code belongs to another name or day of birth; leave it empty for a new one."""


class NumberKnown(Conflict):
    """The register knows this person's ID number."""


class NumberDiffers(Conflict):
    """The ID number does not hold, or says another day of birth than is known."""


def stands_in(number: str) -> bool:
    """Whether a text stands in the place of an ID number that is not known."""
    return number.startswith(_MARK)


def new_code() -> str:
    """A code that is nobody's yet, and that nobody guesses."""
    return f"{_MARK}-" + "".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS))


def code_by(keys: KeyRing, household: str, name: str, born_on: date) -> str:
    """The code issued to somebody of a household whom a list brings: the same whenever it does."""
    who = f"{household}|{plain(name)}|{born_on}"
    signs = keys.blind_index(who, column=CODE_COLUMN + ".issued")[:_SIGNS]
    return f"{_MARK}-" + "".join(_ALPHABET[each % len(_ALPHABET)] for each in signs)


def in_its_place(code: str, born_on: date) -> str:
    """What stands where a number would, and says the day of birth as a number does."""
    digits = f"{int(hashlib.sha256(code.encode()).hexdigest(), 16) % 10**9:09d}"
    return f"{_MARK}{digits[:5]}{born_on:%Y%m%d}{digits[5:]}"


def index_of(keys: KeyRing, code: str) -> bytes:
    """The index under which whoever has a code is found."""
    return keys.blind_index(code, column=CODE_COLUMN)


def is_theirs(keys: KeyRing, person: Person, name: str, born_on: date | None) -> bool:
    """Whether whoever has a code is who is said to have it: by name and day of birth."""
    stands = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    return id_numbers.birth_date(stands) == born_on and plain(person.name) == plain(name)


def among(
    keys: KeyRing, people: Iterable[Person], name: str, born_on: date | None
) -> Person | None:
    """Who of these has no number, and is of a name and day of birth."""
    coded = (each for each in people if each.temporary_code is not None)
    return next((each for each in coded if is_theirs(keys, each, name, born_on)), None)


async def known(session: AsyncSession, keys: KeyRing, county: str, said: Coded) -> Person | None:
    """Whoever of the register has a code; nobody if it is not known.

    Raises:
        CodeOfAnother: it belongs to another name or day of birth.
    """
    index = index_of(keys, said.code)
    statement = select(Person).where(col(Person.county) == county, col(Person.id_index) == index)
    person = (await session.exec(statement)).first()
    if person is not None and not is_theirs(keys, person, said.name, said.born_on):
        raise CodeOfAnother(member=said.key)
    return person


async def person_of(session: AsyncSession, keys: KeyRing, county: str, said: Coded) -> Person:
    """The person of the register a code belongs to; a new one if it is not known.

    Raises:
        CodeOfAnother: it belongs to another name or day of birth.
    """
    there = await known(session, keys, county, said)
    if there is not None:
        return there
    person_id = new_id()
    person = Person(
        id=person_id,
        county=county,
        name=said.name,
        name_sort=names.sort_key(said.name),
        id_sealed=keys.encrypt(
            in_its_place(said.code, said.born_on),
            table="person",
            column="id_sealed",
            row=person_id,
        ),
        id_index=index_of(keys, said.code),
        temporary_code=said.code,
        no_id_reason_sealed=keys.encrypt(
            said.reason, table="person", column="no_id_reason_sealed", row=person_id
        ),
    )
    session.add(person)
    await session.flush()
    return person


async def find_number(
    session: AsyncSession, keys: KeyRing, caller: Caller, person_id: UUID, number: str, today: date
) -> Person:
    """The number takes the place of the code, in the register and on cases: one person, not two;
    whose it is.

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
    index = people.index_of(keys, number)
    other = select(Person).where(col(Person.county) == person.county, col(Person.id_index) == index)
    if (await session.exec(other)).first() is not None:
        raise NumberTaken()
    known_by = col(CasePerson.id_index) == person.id_index
    cases = update(CasePerson).where(col(CasePerson.county) == person.county, known_by)
    await session.exec(cases.values(id_index=index))
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
    return person
