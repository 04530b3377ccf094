"""Who is kept off every public list: everybody of a case that was put down as secret.

It is the people who are kept secret, not a case or a household: wherever they live, and whatever
else they are granted, nothing of it is on a list.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Subquery
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import CaseAct, CasePerson, Membership, Person

_ACT: Final = "keep-secret"
_THEMSELVES: Final = ("applicant", "member")
"""Whom a case is about; a supporter or a proxy lives elsewhere."""


async def cases_of(session: AsyncSession, case_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Which of these cases are about somebody who is secret, and by whom, there or elsewhere."""
    of_case, secret = aliased(CasePerson), _secret_people()
    statement = (
        select(col(of_case.case_id), secret.c.person)
        .join(secret, secret.c.id_index == col(of_case.id_index))
        .where(col(of_case.case_id).in_(case_ids), col(of_case.role).in_(_THEMSELVES))
    )
    keepers: dict[UUID, set[str]] = {}
    for case_id, person in await session.exec(statement):
        keepers.setdefault(case_id, set()).add(person)
    return keepers


async def households_of(session: AsyncSession, household_ids: Collection[UUID]) -> set[UUID]:
    """In which of these households somebody lives who is secret."""
    statement = (
        select(col(Membership.household_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.household_id).in_(household_ids),
            col(Membership.until).is_(None),
            col(Person.id_index).in_(select(_secret_people().c.id_index)),
        )
    )
    return set((await session.exec(statement)).all())


def _secret_people() -> Subquery:
    return (
        select(col(CasePerson.id_index), col(CaseAct.person))
        .join(CaseAct, col(CaseAct.case_id) == col(CasePerson.case_id))
        .where(
            col(CaseAct.act) == _ACT,
            col(CasePerson.role).in_(_THEMSELVES),
            col(CasePerson.id_index).is_not(None),
        )
    ).subquery()
