"""Who is kept off every public list: everybody who lives together in a case put down as secret.

It is the people who are kept secret, not a case or a household: wherever they live, and whatever
else they are granted, nothing of it is on a list, until it was ended of the case by two. Whom a
case no longer names, because it was written otherwise since, stays secret by it; whom it only names
as living elsewhere is not. They are known by their ID number or their code; and whoever had only a
code, in that case or here, by name and day of birth, for a code is another where nobody said it,
and gone once the number was found.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers, names
from services.identification.casework.applications import Member
from services.identification.casework.paths import all_paths
from services.identification.casework.same_people import THEMSELVES
from services.identification.casework.standing import Secret
from services.identification.casework.tools import Tools, application_of, index_of
from services.identification.models import (
    CaseAct,
    CaseFile,
    CasePerson,
    Membership,
    Person,
    SecretPerson,
)
from shared.database import among_those, new_id, those
from shared.names import plain
from shared.secrets import KeyRing

_KEPT: Final[ColumnElement[str]] = literal_column("'keep-secret'")
"""Written into the query, so that its index is found: there are few of them."""
_ENDED: Final[ColumnElement[str]] = literal_column("'end-secret'")
_SEALED: Final = {"table": "secret_person", "column": "content_sealed"}


@dataclass(frozen=True)
class _Known:
    """Somebody as a case says of them."""

    name: str
    born: date | None
    coded: bool

    def may_be(self, other: "_Known") -> bool:
        """Whether by name and day of birth they are one, where one of them has only a code."""
        coded = self.coded or other.coded
        return coded and self.born == other.born and plain(self.name) == plain(other.name)


class _Words:
    """What cases say of their people, each of them read once."""

    def __init__(self, session: AsyncSession, keys: KeyRing) -> None:
        self._session, self._keys = session, keys
        self._read: dict[UUID, dict[str, _Known]] = {}

    async def of(self, someone: CasePerson | SecretPerson) -> _Known | None:
        """Whoever lives there or whose it is; nobody who is only named."""
        if isinstance(someone, SecretPerson):
            said = self._keys.decrypt(someone.content_sealed, row=someone.id, **_SEALED)
            words = json.loads(said)
            born = words["born_on"] and date.fromisoformat(words["born_on"])
            return _Known(words["name"], born, words["coded"])
        if someone.case_id not in self._read:
            case = await self._session.get_one(CaseFile, someone.case_id)
            concerned = _concerned(self._keys, case)
            self._read[case.id] = {each.key: _known(each) for each in concerned}
        return self._read[someone.case_id].get(someone.person_key)


async def elsewhere(
    session: AsyncSession, keys: KeyRing, case_ids: Collection[UUID]
) -> dict[UUID, set[Secret]]:
    """Which of these cases are about somebody who is or was secret by another, and by whose word
    and when."""
    words, found = _Words(session, keys), dict[UUID, set[Secret]]()
    for asked in _asked_of_cases():
        rows = await session.exec(asked, params=those(case_ids))
        for one, secret, kept_by, until in rows.all():
            known, hidden = await words.of(one), await words.of(secret)
            if known and hidden and (one.id_index == secret.id_index or hidden.may_be(known)):
                found.setdefault(one.case_id, set()).add(
                    Secret(kept_by.person, kept_by.done_on, until)
                )
    return found


async def households_of(
    session: AsyncSession, keys: KeyRing, household_ids: Collection[UUID]
) -> set[UUID]:
    """In which of these households somebody lives who is secret."""
    words, found = _Words(session, keys), set[UUID]()
    for asked in _asked_of_households():
        rows = await session.exec(asked, params=those(household_ids))
        for household_id, person, secret in rows.all():
            hidden = await words.of(secret)
            if hidden and (
                person.id_index == secret.id_index or hidden.may_be(_registered(keys, person))
            ):
                found.add(household_id)
    return found


async def remember(tools: Tools, case: CaseFile) -> None:
    """Whom a case that is kept secret names now: they stay so, whatever it is written to say."""
    kept = await tools.session.exec(
        select(col(CaseAct.number)).where(
            col(CaseAct.case_id) == case.id, col(CaseAct.act) == _KEPT, _until().is_(None)
        )
    )
    number = kept.first()
    if number is None:
        return
    there = await tools.session.exec(
        select(col(SecretPerson.id_index)).where(
            col(SecretPerson.case_id) == case.id, col(SecretPerson.kept_number) == number
        )
    )
    remembered = set(there.all())
    for each in _concerned(tools.keys, case):
        index, row_id = index_of(tools.keys, each), new_id()
        if index is None or index in remembered:
            continue
        born = each.born()
        said = {
            "name": each.name,
            "born_on": born and born.isoformat(),
            "coded": each.id_number is None,
        }
        tools.session.add(
            SecretPerson(
                id=row_id,
                county=case.county,
                case_id=case.id,
                kept_number=number,
                name_sort=names.sort_key(each.name),
                id_index=index,
                content_sealed=tools.keys.encrypt(
                    json.dumps(said, ensure_ascii=False), row=row_id, **_SEALED
                ),
            )
        )


@cache
def _asked_of_cases() -> tuple[Any, ...]:
    """What is asked whenever a case is looked at; put together once, which takes longer than the
    database needs to answer."""
    of_case = aliased(CasePerson)
    return tuple(
        select(of_case, someone, CaseAct, _until()).where(
            kept,
            among_those(col(of_case.case_id)),
            col(of_case.role).in_(THEMSELVES),
            col(someone.case_id) != col(of_case.case_id),
            _alike(someone, of_case),
        )
        for someone, kept in _someone()
    )


@cache
def _asked_of_households() -> tuple[Any, ...]:
    """The same of whoever lives in households."""
    return tuple(
        select(col(Membership.household_id), Person, someone).where(
            kept,
            col(Person.id) == col(Membership.person_id),
            among_those(col(Membership.household_id)),
            col(Membership.until).is_(None),
            _until().is_(None),
            _alike(someone, Person),
        )
        for someone, kept in _someone()
    )


def _someone() -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """Whom a case that was put down as secret names now, and whom it named when it was written
    otherwise."""
    for someone, which in (
        (now := aliased(CasePerson), col(now.role).in_(THEMSELVES)),
        (then := aliased(SecretPerson), col(then.kept_number) == col(CaseAct.number)),
    ):
        of_case = col(CaseAct.case_id) == col(someone.case_id)
        yield someone, of_case & (col(CaseAct.act) == _KEPT) & which


def _alike(someone: Any, other: Any) -> ColumnElement[bool]:
    return or_(
        col(someone.id_index) == col(other.id_index), col(someone.name_sort) == col(other.name_sort)
    )


def _until() -> Any:
    """The day on which it ended that somebody was put down as secret; none while it has not."""
    ended = aliased(CaseAct)
    return (
        select(func.min(col(ended.done_on)))
        .where(
            col(ended.case_id) == col(CaseAct.case_id),
            col(ended.act) == _ENDED,
            col(ended.number) > col(CaseAct.number),
        )
        .correlate(CaseAct)
        .scalar_subquery()
    )


def _concerned(keys: KeyRing, case: CaseFile) -> list[Member]:
    """Whoever lives together by a case, and whose it is."""
    said = application_of(keys, case)
    whose = said.asked_for(all_paths()[case.category].is_of_one)
    return [each for each in said.members if each.lives_together or each in whose]


def _known(member: Member) -> _Known:
    return _Known(member.name, member.born(), member.id_number is None)


def _registered(keys: KeyRing, person: Person) -> _Known:
    number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    coded = person.temporary_code is not None
    return _Known(person.name, id_numbers.birth_date(number), coded)
