"""What the register holds already of the people and households in a chunk of a roster."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import run

_PEOPLE: Final = text("""
    SELECT p.id, p.id_index, p.name, p.died_on,
        m.id AS membership_id, m.household_id, m.since, h.number
    FROM person p
    LEFT JOIN membership m ON m.person_id = p.id AND m.until IS NULL
    LEFT JOIN household h ON h.id = m.household_id
    WHERE p.county = :county AND p.id_index = ANY(CAST(:indexes AS bytea[]))
""")
_HOUSEHOLDS: Final = text("""
    SELECT id, number, village, registration FROM household
    WHERE county = :county AND number = ANY(CAST(:numbers AS text[]))
""")
_MEMBERSHIPS: Final = text("""
    SELECT m.id, m.household_id, m.person_id, m.relation, m.since, m.until, p.id_index, p.died_on
    FROM membership m JOIN person p ON p.id = m.person_id
    WHERE m.household_id = ANY(CAST(:ids AS uuid[]))
""")
_DETERMINATIONS: Final = text("""
    SELECT DISTINCT ON (household_id) household_id, id, content_index, content_sealed
    FROM determination
    WHERE household_id = ANY(CAST(:ids AS uuid[])) AND programme IS NULL
    ORDER BY household_id, id DESC
""")


@dataclass(slots=True)
class KnownMembership:
    """One stay in one household."""

    id: UUID
    household_id: UUID
    person_id: UUID
    since: str
    until: str | None = None
    relation: str = ""
    id_index: bytes = b""
    died_on: date | None = None


@dataclass(slots=True)
class KnownPerson:
    """A person of the register, and where they live now."""

    id: UUID
    name: str
    died_on: date | None
    lives: KnownMembership | None = None
    household_number: str = ""


@dataclass(slots=True)
class KnownHousehold:
    """A household of the register, with everybody who ever lived in it."""

    id: UUID
    village: str
    registration: int
    memberships: list[KnownMembership] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KnownDetermination:
    """The last determination of a household."""

    id: UUID
    content_index: bytes
    content_sealed: str


@dataclass
class Known:
    """What a chunk may find in the register."""

    people: dict[bytes, KnownPerson] = field(default_factory=dict)
    households: dict[str, KnownHousehold] = field(default_factory=dict)
    determinations: dict[UUID, KnownDetermination] = field(default_factory=dict)


async def look_up(
    session: AsyncSession, county: str, indexes: Iterable[bytes], numbers: Iterable[str]
) -> Known:
    """Everything the register holds under these ID indexes and household numbers."""
    known = Known()
    people = await run(session, _PEOPLE, {"county": county, "indexes": list(indexes)})
    for row in people:
        person = KnownPerson(row.id, row.name, row.died_on)
        if row.membership_id is not None:
            person.lives = KnownMembership(row.membership_id, row.household_id, row.id, row.since)
            person.household_number = row.number
        known.people[bytes(row.id_index)] = person
    by_id: dict[UUID, KnownHousehold] = {}
    households = await run(session, _HOUSEHOLDS, {"county": county, "numbers": list(numbers)})
    for row in households:
        household = KnownHousehold(row.id, row.village, row.registration)
        known.households[row.number] = by_id[row.id] = household
    if not by_id:
        return known
    for row in await run(session, _MEMBERSHIPS, {"ids": list(by_id)}):
        by_id[row.household_id].memberships.append(
            KnownMembership(
                row.id,
                row.household_id,
                row.person_id,
                row.since,
                row.until,
                row.relation,
                bytes(row.id_index),
                row.died_on,
            )
        )
    for row in await run(session, _DETERMINATIONS, {"ids": list(by_id)}):
        known.determinations[row.household_id] = KnownDetermination(
            row.id, bytes(row.content_index), row.content_sealed
        )
    return known
