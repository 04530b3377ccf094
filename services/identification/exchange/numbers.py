"""The numbers under which the province knows our households and cases."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.desk import Desk
from services.identification.models import ProvincialNumber
from services.identification.people import INDEX_COLUMN
from shared.database import new_id, run

HOUSEHOLD: Final = "household"
CASE: Final = "case"
_AT_ONCE: Final = 1_000
_LIVE: Final = text("""
    SELECT person.id_index, lives.household_id
    FROM unnest(CAST(:indexes AS bytea[])) AS wanted (id_index)
    JOIN person ON person.county = :county AND person.id_index = wanted.id_index
    JOIN membership lives ON lives.person_id = person.id AND lives.until IS NULL
    ORDER BY lives.household_id, person.id
""")


async def of_subjects(session: AsyncSession, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """The numbers of households, people or cases, by our ids."""
    rows = await session.exec(
        select(ProvincialNumber).where(col(ProvincialNumber.subject_id).in_(list(ids)))
    )
    return {row.subject_id: row.number for row in rows}


async def subjects(
    session: AsyncSession, county: str, kind: str, numbers: Iterable[str]
) -> Mapping[str, UUID]:
    """Whom the province means, by its numbers."""
    rows = await session.exec(
        select(ProvincialNumber).where(
            col(ProvincialNumber.county) == county,
            col(ProvincialNumber.kind) == kind,
            col(ProvincialNumber.number).in_(list(numbers)),
        )
    )
    return {row.number: row.subject_id for row in rows}


async def learn(
    session: AsyncSession, county: str, kind: str, numbers: Mapping[UUID, str], now: datetime
) -> int:
    """Keep numbers; a subject that has one gets the new one. How many were not known before."""
    known = await of_subjects(session, numbers)
    fresh = [
        {
            "county": county,
            "id": new_id(),
            "kind": kind,
            "subject_id": subject,
            "number": number,
            "learned_at": now,
        }
        for subject, number in numbers.items()
        if known.get(subject) != number
    ]
    for start in range(0, len(fresh), _AT_ONCE):
        row = insert(ProvincialNumber).values(fresh[start : start + _AT_ONCE])
        await run(
            session,
            row.on_conflict_do_update(
                constraint="uq_provincial_number_kind_subject_id",
                set_={"number": row.excluded.number, "learned_at": now},
            ),
        )
    return len(fresh)


async def learn_of_people(desk: Desk, said: Mapping[str, str]) -> int:
    """Keep the numbers a list gives beside people, by their ID numbers, for the households they
    live in; a number another household has stays that one's. How many were not known before."""
    indexes = {
        desk.keys.blind_index(number, column=INDEX_COLUMN): theirs
        for number, theirs in said.items()
    }
    words = {"county": desk.caller.county, "indexes": list(indexes)}
    taken = await subjects(desk.session, desk.caller.county, HOUSEHOLD, set(said.values()))
    found: dict[UUID, str] = {}
    given: set[str] = set()
    for row in await run(desk.session, _LIVE, words):
        number = indexes[bytes(row.id_index)]
        if taken.get(number, row.household_id) != row.household_id:
            continue
        if row.household_id not in found and number not in given:
            found[row.household_id] = number
            given.add(number)
    return await learn(desk.session, desk.caller.county, HOUSEHOLD, found, desk.now)
