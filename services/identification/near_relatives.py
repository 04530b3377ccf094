"""Whether somebody is an officer or a near relative of one, by what officers put on record: of
those another decides. Filings themselves are kept by casework."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, union_all
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import CasePerson, Official, RelativeFiling
from shared.callers import Caller
from shared.problems import Forbidden


class NearRelative(Forbidden):
    """This is about a near relative of yours; another officer does it."""


SELF: Final = "self"
"""The relation under which an officer files that they apply themselves."""
_PROXY: Final = "proxy"


def filed_of() -> ColumnElement[bool]:
    """Whether a filing that holds is about somebody of a case; an officer who is the proxy of
    another applies for nobody near."""
    return and_(
        col(RelativeFiling.id_index) == col(CasePerson.id_index),
        col(RelativeFiling.ended_on).is_(None),
        or_(col(RelativeFiling.relation) != SELF, col(CasePerson.role) != _PROXY),
    )


def official_of() -> ColumnElement[bool]:
    """Whether an official without an account is somebody of a case, beside a proxy."""
    return and_(
        col(Official.county) == col(CasePerson.county),
        col(Official.id_index) == col(CasePerson.id_index),
        col(CasePerson.role) != _PROXY,
    )


def flagged() -> CompoundSelect[Any]:
    """The cases somebody is of who is an officer or a near relative of one."""
    of = select(col(CasePerson.case_id))
    return union_all(of.join(RelativeFiling, filed_of()), of.join(Official, official_of()))


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
