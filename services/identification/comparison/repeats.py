"""The same bytes again: sent twice by accident, or a list that has truly not changed.

They are told apart by what the sender says. Of a day that was said before, or an earlier one, it is
the delivery that came then. Of a newer day somebody has to say besides that the list is unchanged:
a file taken from the wrong folder must not make an old list fresh.
"""

from datetime import date

from sqlalchemy import true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import FeedDelivery
from shared.problems import Conflict


class SameAsBefore(Conflict):
    """This list is the one that came before, to the byte, and of a newer day: say that it has not
    changed, or send the new one."""


async def known(
    session: AsyncSession,
    county: str,
    feed: str,
    month: str,
    file_sha256: str,
    as_of: date | None = None,
) -> FeedDelivery | None:
    """The delivery of the newest day by which these bytes are in for a month, if they are; or of
    that day."""
    statement = (
        select(FeedDelivery)
        .where(
            col(FeedDelivery.county) == county,
            col(FeedDelivery.feed) == feed,
            col(FeedDelivery.month) == month,
            col(FeedDelivery.file_sha256) == file_sha256,
            col(FeedDelivery.status) != "refused",
            true() if as_of is None else col(FeedDelivery.as_of) == as_of,
        )
        .order_by(col(FeedDelivery.as_of).desc())
    )
    return (await session.exec(statement)).first()


def is_sent_again(
    before: FeedDelivery | None, as_of: date, unchanged: bool, *, by_agency: bool
) -> bool:
    """Whether it is what came before, sent again. An agency that sends what was brought for it, and
    says an earlier day of it, does not vouch for the day that was said then.

    Raises:
        SameAsBefore: it is of a newer day, and nobody says that it has not changed.
    """
    if before is None:
        return False
    if as_of > before.as_of and not unchanged:
        raise SameAsBefore(as_of=before.as_of.isoformat(), delivery_id=str(before.id))
    if by_agency and not before.from_agency and as_of < before.as_of:
        return False
    return as_of <= before.as_of
