"""The numbers under which the province knows our households, people and cases."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import ProvincialNumber
from shared.database import new_id, run

HOUSEHOLD: Final = "household"
KINDS: Final = (HOUSEHOLD, "person", "case")


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
    fresh = {subject: number for subject, number in numbers.items() if known.get(subject) != number}
    for subject, number in fresh.items():
        row = insert(ProvincialNumber).values(
            county=county, id=new_id(), kind=kind, subject_id=subject, number=number, learned_at=now
        )
        await run(
            session,
            row.on_conflict_do_update(
                constraint="uq_provincial_number_kind_subject_id",
                set_={"number": number, "learned_at": now},
            ),
        )
    return len(fresh)
