"""Whom the database holds under given ID numbers, and the group each is in: as much as settling
claims needs, for whole rows cost three times the work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import run

# Joined and not compared with an array: a plan made once compares every row with every number.
_LOOK_UP: Final = text("""
    SELECT person.id_index, person.id, person.name, person.village, person.registration,
        person.content_sealed, stay.id AS stay_id, stay.group_name, stay.source, stay.since,
        stay.valid_until, before.until AS out_until
    FROM unnest(CAST(:indexes AS bytea[])) AS wanted (id_index)
    JOIN low_income_person person
        ON person.county = :county AND person.id_index = wanted.id_index
    LEFT JOIN low_income_entry stay ON stay.holder_id = person.id AND stay.until IS NULL
    LEFT JOIN LATERAL (
        SELECT max(until) AS until FROM low_income_entry
        WHERE holder_id = person.id AND until >= since
    ) before ON true
""")
_KNOWN: Final = text("""
    SELECT person.id_index
    FROM unnest(CAST(:indexes AS bytea[])) AS wanted (id_index)
    JOIN low_income_person person
        ON person.county = :county AND person.id_index = wanted.id_index
""")


@dataclass(slots=True)
class Who:
    """Somebody of the database."""

    id: UUID
    name: str
    village: str
    registration: int
    content_sealed: str


@dataclass(slots=True)
class Stay:
    """A stay in a group that is not over."""

    id: UUID
    holder_id: UUID
    group_name: str
    source: str
    since: date
    valid_until: date | None


@dataclass
class Known:
    """Who is there, by the keyed index; the group each is in, and the last day they were in one
    before, by their id."""

    people: dict[bytes, Who] = field(default_factory=dict)
    current: dict[UUID, Stay] = field(default_factory=dict)
    out_until: dict[UUID, date] = field(default_factory=dict)


async def look_up(session: AsyncSession, county: str, indexes: Sequence[bytes]) -> Known:
    """Everybody the database holds under these indexes."""
    known = Known()
    for row in await run(session, _LOOK_UP, {"county": county, "indexes": list(indexes)}):
        known.people[bytes(row.id_index)] = Who(
            row.id, row.name, row.village, row.registration, row.content_sealed
        )
        if row.out_until is not None:
            known.out_until[row.id] = row.out_until
        if row.stay_id is not None:
            known.current[row.id] = Stay(
                row.stay_id, row.id, row.group_name, row.source, row.since, row.valid_until
            )
    return known


async def held(session: AsyncSession, county: str, indexes: Sequence[bytes]) -> set[bytes]:
    """Which of these indexes belong to somebody of the database."""
    if not indexes:
        return set()
    rows = await run(session, _KNOWN, {"county": county, "indexes": list(indexes)})
    return {bytes(index) for index in rows.scalars()}
