"""A review that was opened of a household to which nothing is granted any more: it ends undone."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import assistance, decisions
from services.identification.casework.moving import move_other
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.casework.visits import NOT_DUE
from services.identification.desk import Desk
from services.identification.models import CaseFile, Review
from shared.problems import Conflict

CATEGORY: Final = "review"
NO_LONGER_DUE: Final = "no-longer-due"


class DueStill(Conflict):
    """Something is granted to this household by its last decision: it is looked at again."""


async def end(desk: Desk, at: Standing) -> None:
    """End a review that is due no more: it counts neither as done nor as due.

    Raises:
        DueStill: something is granted to the household.
    """
    if await _granted(desk, at):
        raise DueStill()
    await _end(desk, at)


async def follow(desk: Desk, decision_number: str, household_ids: Collection[UUID]) -> None:
    """After a decision: of whoever is granted nothing by it no review is due."""
    found = await desk.session.exec(
        select(CaseFile)
        .where(
            col(CaseFile.category) == CATEGORY,
            col(CaseFile.household_id).in_(household_ids),
            col(CaseFile.closed_at).is_(None),
        )
        .order_by(col(CaseFile.id))
    )
    for at in await standings(desk, found.all()):
        if await _granted(desk, at):
            continue
        await _end(desk, at)
        said = replace(at, words={"reason": decision_number})
        await move_other(desk, said, NO_LONGER_DUE, NOT_DUE, None)


async def ended(session: AsyncSession) -> set[tuple[UUID, str]]:
    """The reviews that ended so, by household and month: another is of another month."""
    statement = select(col(Review.household_id), col(Review.due_month)).where(
        col(Review.outcome) == NOT_DUE
    )
    return {(home, month) for home, month in (await session.exec(statement)).all() if month}


async def _end(desk: Desk, at: Standing) -> None:
    statement = select(Review).where(col(Review.case_id) == at.case.id)
    review = (await desk.session.exec(statement)).first()
    if review is not None:
        review.outcome = NOT_DUE
        desk.session.add(review)


async def _granted(desk: Desk, at: Standing) -> bool:
    assert at.case.household_id is not None, "a review is about a household"
    last = await decisions.last(desk.session, desk.keys, at.case.household_id)
    return last is not None and bool(assistance.granted(last))
