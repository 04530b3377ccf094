"""The numbers under which the province knows our households and cases.

A number is one household's or one case's at a time. Whoever the province names otherwise gets the
other number; what was before stands in the audit chain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import insert, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.desk import Desk
from services.identification.models import ProvincialNumber
from services.identification.people import INDEX_COLUMN
from shared import audit
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
_HOLDERS: Final = text("""
    SELECT known.number, known.subject_id, household.number AS ours, EXISTS (
        SELECT FROM membership lives
        WHERE lives.household_id = household.id AND lives.until IS NULL
    ) AS is_lived_in
    FROM provincial_number known
    JOIN household ON household.id = known.subject_id
    WHERE known.county = :county AND known.number = ANY(CAST(:numbers AS text[]))
""")
_LET_GO: Final = text("""
    DELETE FROM provincial_number
    WHERE county = :county AND kind = :kind AND (
        subject_id = ANY(CAST(:subjects AS uuid[])) OR number = ANY(CAST(:numbers AS text[]))
    )
    RETURNING subject_id, number
""")


@dataclass(frozen=True)
class Holder:
    """The household that has a number, and whether anybody lives there still."""

    household_id: UUID
    household_number: str
    is_lived_in: bool


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


async def holders(session: AsyncSession, county: str, numbers: Iterable[str]) -> dict[str, Holder]:
    """Which household has which of these numbers."""
    words = {"county": county, "numbers": list(numbers)}
    return {
        row.number: Holder(row.subject_id, row.ours, row.is_lived_in)
        for row in await run(session, _HOLDERS, words)
    }


async def refused(session: AsyncSession, county: str, said: Mapping[UUID, str | None]) -> set[UUID]:
    """Which households cannot have the number that is said of them (None: they have none): it stays
    another's, where people live and of which no other is said, or it is said of two."""
    has = await holders(session, county, [each for each in said.values() if each])
    lived_in = {number: each.household_id for number, each in has.items() if each.is_lived_in}
    found: set[UUID] = set()
    while True:
        goes_to: dict[str, UUID] = {}
        for home, number in said.items():
            if number and home not in found:
                goes_to.setdefault(number, home)
        for number, home in lived_in.items():
            if home in found or said.get(home, number) == number:
                goes_to[number] = home
        more = {
            home
            for home, number in said.items()
            if number and home not in found and goes_to[number] != home
        }
        if not more:
            return found
        found |= more


async def learn(
    session: AsyncSession,
    county: str,
    kind: str,
    numbers: Mapping[UUID, str | None],
    now: datetime,
    actor: str,
) -> int:
    """Keep numbers, or that there is none; whoever had one of them has it no longer, and what each
    had before is noted, so call it last. How many were not known before."""
    known = await of_subjects(session, numbers)
    changed = {
        subject: number for subject, number in numbers.items() if known.get(subject) != number
    }
    fresh = [
        {
            "county": county,
            "id": new_id(),
            "kind": kind,
            "subject_id": subject,
            "number": number,
            "learned_at": now,
        }
        for subject, number in changed.items()
        if number is not None
    ]
    words = {
        "county": county,
        "kind": kind,
        "subjects": list(changed),
        "numbers": [each["number"] for each in fresh],
    }
    before = (await run(session, _LET_GO, words)).all() if changed else []
    for start in range(0, len(fresh), _AT_ONCE):
        await run(session, insert(ProvincialNumber).values(fresh[start : start + _AT_ONCE]))
    for row in before:
        await audit.record(
            session,
            county,
            actor=actor,
            act="provincial-number-corrected",
            subject=str(row.subject_id),
            details={"before": row.number, "after": changed.get(row.subject_id)},
        )
    return len(fresh)


async def learn_of_people(desk: Desk, said: Mapping[str, str]) -> int:
    """Keep the numbers a list gives beside people, by their ID numbers, for the households they
    live in; one that stays another household's is left with it. How many were not known before."""
    indexes = {
        desk.keys.blind_index(number, column=INDEX_COLUMN): theirs
        for number, theirs in said.items()
    }
    words = {"county": desk.caller.county, "indexes": list(indexes)}
    found: dict[UUID, str] = {}
    for row in await run(desk.session, _LIVE, words):
        found.setdefault(row.household_id, indexes[bytes(row.id_index)])
    for home in await refused(desk.session, desk.caller.county, found):
        del found[home]
    return await learn(
        desk.session, desk.caller.county, HOUSEHOLD, found, desk.now, desk.caller.subject
    )
