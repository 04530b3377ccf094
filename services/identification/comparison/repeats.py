"""The same bytes again: sent twice by accident, or a list that has truly not changed.

They are told apart by what the sender says. Of a day that was said before, or an earlier one, it is
the delivery that came then. Of a newer day somebody has to say besides that the list is unchanged:
a file taken from the wrong folder must not make an old list fresh.
"""

from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import FeedDelivery
from shared.problems import Conflict


class SameAsBefore(Conflict):
    """This list is the one that came before, to the byte, and of a newer day: say that it has not
    changed, or send the new one."""


async def known(
    session: AsyncSession, county: str, feed: str, month: str, file_sha256: str
) -> FeedDelivery | None:
    """The delivery of the newest day by which these bytes are in for a month, if they are."""
    statement = (
        select(FeedDelivery)
        .where(
            col(FeedDelivery.county) == county,
            col(FeedDelivery.feed) == feed,
            col(FeedDelivery.month) == month,
            col(FeedDelivery.file_sha256) == file_sha256,
            col(FeedDelivery.status) != "refused",
        )
        .order_by(col(FeedDelivery.as_of).desc())
    )
    return (await session.exec(statement)).first()


def is_sent_again(before: FeedDelivery | None, as_of: date, unchanged: bool) -> bool:
    """Whether it is what came before, sent again.

    Raises:
        SameAsBefore: it is of a newer day, and nobody says that it has not changed.
    """
    if before is None:
        return False
    if as_of > before.as_of and not unchanged:
        raise SameAsBefore(as_of=before.as_of.isoformat(), delivery_id=str(before.id))
    return as_of <= before.as_of
