"""Whether somebody is a near relative of an officer, by what officers put on record: of those
another decides. Filings themselves are kept by casework."""

from collections.abc import Collection

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import RelativeFiling
from shared.callers import Caller
from shared.problems import Forbidden


class NearRelative(Forbidden):
    """This is about a near relative of yours; another officer does it."""


async def officers(session: AsyncSession, indexes: Collection[bytes]) -> set[str]:
    """Whose near relative one of these people is, by person."""
    statement = select(col(RelativeFiling.person)).where(
        col(RelativeFiling.id_index).in_(list(indexes)), col(RelativeFiling.ended_on).is_(None)
    )
    return set(await session.exec(statement))


async def is_one(session: AsyncSession, caller: Caller, indexes: Collection[bytes]) -> bool:
    """Whether one of these people, by the index of the ID number, is a relative of the caller's."""
    statement = select(col(RelativeFiling.id)).where(
        col(RelativeFiling.id_index).in_(list(indexes)),
        col(RelativeFiling.ended_on).is_(None),
        or_(
            col(RelativeFiling.person) == caller.person,
            col(RelativeFiling.officer) == caller.subject,
        ),
    )
    return (await session.exec(statement.limit(1))).first() is not None


async def insist_on_none(session: AsyncSession, caller: Caller, indexes: Collection[bytes]) -> None:
    """Go on only if none of these people is a relative of the caller's.

    Raises:
        NearRelative: one is.
    """
    if await is_one(session, caller, indexes):
        raise NearRelative()
