"""Of a household that merged nothing is decided but of the months in which they lived there."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework import households
from services.identification.casework.homes import Foresight, Merged
from services.identification.models import Household
from shared.months import Month
from shared.problems import Conflict


class LivesElsewhereNow(Conflict):
    """Nobody lives in this household any more, and nothing is decided of it but for the months in
    which they did: ask for the rest in the one they live in now."""


async def of(session: AsyncSession, own: Household) -> Merged | None:
    """Where those of a household live in which nobody is left, if it is in another."""
    now = await households.now_of(session, own.id)
    if now == own.id:
        return None
    last = await households.left_last(session, own.id)
    into = await session.get_one(Household, now)
    return Merged(into.number, Month.parse(str(last[0].until)))


def refuse_later(found: Foresight, from_month: Month | None = None) -> None:
    """Facts alone are decided of it, from a month in which they lived there.

    Raises:
        LivesElsewhereNow: it is of a later month, or of none yet, or somebody comes or all move;
            with the number of the household they live in.
    """
    merged, own = found.merged, found.own
    if merged is None:
        return
    if from_month is None or from_month > merged.until or own.comes or own.village is not None:
        raise LivesElsewhereNow(merged.into, household=merged.into)
