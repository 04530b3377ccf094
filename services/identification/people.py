"""Who somebody is: found by ID number or name, shown to those who may see their village."""

from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import BindParameter, Row, Select, and_, bindparam, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers
from services.identification.areas import of_areas, within
from services.identification.models import Household, Membership, Person
from services.identification.names import begins, sought
from services.identification.places import Place
from services.identification.roster.columns import HEAD
from shared.callers import Caller, Kind
from shared.database import among, run
from shared.problems import NotFound
from shared.secrets import KeyRing

FOUND_MAX: Final = 50
STATEMENTS_KEPT: Final = 512
INDEX_COLUMN: Final = "person.id_number"


class How(Enum):
    """By what somebody is looked for."""

    NUMBER = auto()
    HOUSEHOLD = auto()
    PINYIN = auto()
    NAME = auto()


class NoSuchPerson(NotFound):
    """There is no such person here."""


def index_of(keys: KeyRing, id_number: str) -> bytes:
    """What an ID number is found by, however it is written; whoever reads it learns no number.

    The last digit says nothing that the others do not: one that is wrong hides nobody.
    """
    return keys.blind_index(id_numbers.corrected(id_number), column=INDEX_COLUMN)


async def resolve(session: AsyncSession, keys: KeyRing, county: str, id_number: str) -> UUID | None:
    """The person an ID number belongs to; the same work whether there is one or not."""
    statement = select(col(Person.id)).where(
        col(Person.county) == county, col(Person.id_index) == index_of(keys, id_number)
    )
    return (await session.exec(statement)).first()


async def search(
    session: AsyncSession, keys: KeyRing, place: Place, caller: Caller, query: str
) -> list[dict[str, Any]]:
    """People by ID number, household number, name or the beginning of its pinyin."""
    words = " ".join(query.split())
    if not words:
        return []
    sought = _sought(keys, words)
    if sought is None:
        return []
    how, what = sought
    statement = _finding(how, caller.divisions)
    found: dict[UUID, dict[str, Any]] = {}
    for each in await run(session, statement, {"county": place.county, "what": what}):
        found.setdefault(each.person_id, _found(each, place))
    return list(found.values())[:FOUND_MAX]


async def show(
    session: AsyncSession, keys: KeyRing, place: Place, caller: Caller, person_id: UUID
) -> dict[str, Any]:
    """One person and their household: to themselves, or to staff of their area.

    Raises:
        NoSuchPerson: there is none, or the caller may not know that there is one.
    """
    person = await session.get(Person, person_id)
    stay, household = await _lives(session, person_id)
    if person is None or household is None or stay is None:
        raise NoSuchPerson()
    own = caller.kind == Kind.CITIZEN and caller.person == str(person_id)
    if not own and (caller.kind == Kind.CITIZEN or not caller.may_see(household.village)):
        raise NoSuchPerson()
    number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    born = id_numbers.birth_date(number)
    return {
        "person_id": str(person.id),
        "name": person.name,
        "id_number_masked": id_numbers.masked(number),
        "born_on": born.isoformat() if born else None,
        "died_on": person.died_on.isoformat() if person.died_on else None,
        "relation": stay.relation,
        "since": stay.since,
        "until": stay.until,
        "household": {
            "household_id": str(household.id),
            "number": household.number,
            "registration": household.registration,
            **_where(household, place),
            "members": await _members(session, household.id),
        },
    }


async def names_of(session: AsyncSession, caller: Caller, ids: list[UUID]) -> dict[str, str]:
    """Names of people, and of the heads of households, that the caller may see; by id."""
    statement = (
        select(
            col(Person.id), col(Person.name), col(Household.id), col(Membership.relation),
        )
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Household, col(Household.id) == col(Membership.household_id))
        .where(
            or_(
                among(col(Person.id), ids),
                and_(
                    among(col(Household.id), ids),
                    col(Membership.relation) == HEAD,
                    col(Membership.until).is_(None),
                ),
            ),
            of_areas(caller, col(Household.village)),
        )
    )  # fmt: skip
    wanted, names = set(ids), dict[str, str]()
    for person_id, name, household_id, relation in await session.exec(statement):
        if person_id in wanted:
            names[str(person_id)] = name
        if household_id in wanted and relation == HEAD:
            names[str(household_id)] = name
    return names


async def county_sums(session: AsyncSession) -> dict[str, int]:
    """How many people and households the register holds."""
    sums = {}
    for name, table in (("people", Person), ("households", Household)):
        counted = await session.exec(select(func.count()).select_from(table))
        sums[name] = counted.one()
    return sums


def _sought(keys: KeyRing, words: str) -> tuple[How, Any] | None:
    """How somebody is looked for by such words, and what is looked for; none finds nobody."""
    number = id_numbers.normalise(words)
    if len(number) == 18 and number[:17].isdigit():
        return How.NUMBER, index_of(keys, number)
    if words[0].isdigit():
        return How.HOUSEHOLD, words
    if (found := sought(words)) is None:
        return None
    is_pinyin, beginning = found
    return (How.PINYIN if is_pinyin else How.NAME), beginning


# A caller asks for the same again and again; a statement is written once, and told the rest.
@lru_cache(maxsize=STATEMENTS_KEPT)
def _finding(how: How, divisions: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """The statement of a search; the stay that began last comes first of each person's."""
    county: BindParameter[str] = bindparam("county")
    what: BindParameter[Any] = bindparam("what")
    found = {
        How.NUMBER: and_(col(Person.county) == county, col(Person.id_index) == what),
        How.HOUSEHOLD: and_(col(Household.county) == county, col(Household.number) == what),
        How.PINYIN: begins(col(Person.name_sort), what),
        How.NAME: begins(col(Person.name), what),
    }
    return (
        sa.select(
            col(Person.id).label("person_id"),
            col(Person.name),
            col(Membership.relation),
            col(Membership.until),
            col(Household.id).label("household_id"),
            col(Household.number),
            col(Household.village),
        )
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Household, col(Household.id) == col(Membership.household_id))
        .where(found[how], within(divisions, col(Household.village)))
        .order_by(col(Person.name_sort), col(Person.id), col(Membership.since).desc())
        .limit(FOUND_MAX * 2)
    )


async def _lives(
    session: AsyncSession, person_id: UUID
) -> tuple[Membership | None, Household | None]:
    """Where somebody lives, or lived last."""
    statement = (
        select(Membership, Household)
        .join(Household, col(Household.id) == col(Membership.household_id))
        .where(col(Membership.person_id) == person_id)
        .order_by(col(Membership.until).desc().nulls_first(), col(Membership.since).desc())
        .limit(1)
    )
    for stay, household in await session.exec(statement):
        return stay, household
    return None, None


async def _members(session: AsyncSession, household_id: UUID) -> list[dict[str, Any]]:
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.household_id) == household_id,
            func.coalesce(Membership.until, Membership.since) >= col(Membership.since),
        )
        .order_by(col(Membership.id))
    )
    return [
        {
            "person_id": str(person.id),
            "name": person.name,
            "relation": stay.relation,
            "since": stay.since,
            "until": stay.until,
            "died_on": person.died_on.isoformat() if person.died_on else None,
        }
        for person, stay in await session.exec(statement)
    ]


def _found(each: Row[Any], place: Place) -> dict[str, Any]:
    return {
        "person_id": str(each.person_id),
        "name": each.name,
        "relation": each.relation,
        "until": each.until,
        "household_id": str(each.household_id),
        "household_number": each.number,
        **_where(each, place),
    }


def _where(household: Household | Row[Any], place: Place) -> dict[str, str]:
    return {
        "village": household.village,
        "village_name": place.villages.get(household.village, ""),
        "town_name": place.towns.get(household.village[:9], ""),
    }
