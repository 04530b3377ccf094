"""Who is kept off every public list: everybody of a case that was put down as secret.

It is the people who are kept secret, not a case or a household: wherever they live, and whatever
else they are granted, nothing of it is on a list. They are known by their ID number or their code;
and whoever had only a code, in that case or here, by name and day of birth, for a code is another
where nobody said it, and gone once the number was found.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers
from services.identification.casework.applications import Member
from services.identification.casework.tools import application_of
from services.identification.models import CaseAct, CaseFile, CasePerson, Membership, Person
from shared.names import plain
from shared.secrets import KeyRing

_KEPT_SECRET: Final[ColumnElement[str]] = literal_column("'keep-secret'")
"""Written into the query, so that its index is found: there are few of them."""
_THEMSELVES: Final = ("applicant", "member")
"""Whom a case is about; a supporter or a proxy lives elsewhere."""


async def cases_of(
    session: AsyncSession, keys: KeyRing, case_ids: Collection[UUID]
) -> dict[UUID, set[str]]:
    """Which of these cases are about somebody who is secret, and by whom, there or elsewhere."""
    of_case, secret = aliased(CasePerson), aliased(CasePerson)
    among = (col(of_case.case_id).in_(case_ids), col(of_case.role).in_(_THEMSELVES))
    known = _kept(select(col(of_case.case_id), col(CaseAct.person)), secret).where(
        *among, col(secret.id_index) == col(of_case.id_index)
    )
    found = [*(await session.exec(known)).all()]
    named = _kept(select(of_case, secret, col(CaseAct.person)), secret).where(
        *among,
        col(secret.name_sort) == col(of_case.name_sort),
        col(secret.id_index) != col(of_case.id_index),
    )
    for one, other, keeper in (await session.exec(named)).all():
        member = await _member(session, keys, one)
        kept = await _member(session, keys, other)
        if member and _is(kept, member.name, member.born(), coded=_coded(member)):
            found.append((one.case_id, keeper))
    keepers: dict[UUID, set[str]] = {}
    for case_id, keeper in found:
        keepers.setdefault(case_id, set()).add(keeper)
    return keepers


async def households_of(
    session: AsyncSession, keys: KeyRing, household_ids: Collection[UUID]
) -> set[UUID]:
    """In which of these households somebody lives who is secret."""
    secret = aliased(CasePerson)
    living = (
        col(Person.id) == col(Membership.person_id),
        col(Membership.household_id).in_(household_ids),
        col(Membership.until).is_(None),
    )
    known = _kept(select(col(Membership.household_id)), secret).where(
        *living, col(secret.id_index) == col(Person.id_index)
    )
    found = set((await session.exec(known)).all())
    named = _kept(select(col(Membership.household_id), Person, secret), secret).where(
        *living,
        col(secret.name_sort) == col(Person.name_sort),
        col(secret.id_index) != col(Person.id_index),
    )
    for household_id, person, other in (await session.exec(named)).all():
        number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
        born, coded = id_numbers.birth_date(number), person.temporary_code is not None
        if _is(await _member(session, keys, other), person.name, born, coded=coded):
            found.add(household_id)
    return found


def _kept(statement: Any, secret: Any) -> Any:
    """The same, beside everybody of a case that was put down as secret."""
    return statement.where(
        col(CaseAct.case_id) == col(secret.case_id),
        col(CaseAct.act) == _KEPT_SECRET,
        col(secret.role).in_(_THEMSELVES),
        col(secret.id_index).is_not(None),
    )


def _is(secret: Member | None, name: str, born: date | None, *, coded: bool) -> bool:
    """Whether somebody of that name and day of birth, under a code or not, is who is secret."""
    if secret is None or not (coded or _coded(secret)):
        return False
    return secret.born() == born and plain(secret.name) == plain(name)


def _coded(member: Member) -> bool:
    return member.id_number is None


async def _member(session: AsyncSession, keys: KeyRing, known: CasePerson) -> Member | None:
    """Somebody of a case as it says of them."""
    case = await session.get_one(CaseFile, known.case_id)
    members = application_of(keys, case).members
    return next((each for each in members if each.key == known.person_key), None)
