"""Which delivery of a list counts: what its agency sent itself, before what was brought for it.

Whoever is on a list could be left out of one that somebody brings. So a list that was brought takes
the place of the agency's own only when another person lets it, and says why; what the agency sends
after that is its own word again.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.comparison import deliveries
from services.identification.comparison.feeds import Feed
from services.identification.models import FeedDelivery
from shared import audit
from shared.callers import Caller
from shared.problems import Conflict, Forbidden

LAST: Final = "9999-12"
"""After every month."""


class BroughtThisList(Forbidden):
    """Whoever brought a list does not let it count before the agency's own."""


class NothingToSetAside(Conflict):
    """This list does not stand behind the agency's own that was seen."""


@dataclass(frozen=True)
class Kept:
    """What is kept of one list up to a month, the newest first."""

    deliveries: list[FeedDelivery]
    sent_later: bool = False
    """Whether the agency sent one of a later month that is still here."""

    @property
    def own(self) -> FeedDelivery | None:
        """The newest that the agency sent itself.

        One whose rows are deleted keeps nothing away, but where a later one of its own took its
        place: until brought lists stood behind, they had an agency's own deleted.
        """
        sent = [each for each in self.deliveries if each.from_agency]
        here = (each for each in sent if each.keyed_deleted_at is None)
        return next(here, sent[0] if sent and self.sent_later else None)

    @property
    def counts(self) -> FeedDelivery:
        """The one that counts."""
        own = self.own
        if own is None:
            return self.deliveries[0]
        accepted = (each for each in self.deliveries if each.accepted_over == own.id)
        return next(accepted, own)

    @property
    def waits(self) -> FeedDelivery | None:
        """The newest, where it was brought and the agency's own counts before it."""
        newest = self.deliveries[0]
        return None if newest.from_agency or newest is self.counts else newest


async def of_month(
    session: AsyncSession, county: str, month: str = LAST, feed: str | None = None
) -> dict[str, Kept]:
    """What is kept of each list, or of one, that is of a month or an earlier one."""
    statement = (
        select(FeedDelivery)
        .where(
            col(FeedDelivery.county) == county,
            col(FeedDelivery.status) == "kept",
        )
        .order_by(
            col(FeedDelivery.feed),
            col(FeedDelivery.month).desc(),
            col(FeedDelivery.as_of).desc(),
            col(FeedDelivery.id).desc(),
        )
    )
    if feed is not None:
        statement = statement.where(col(FeedDelivery.feed) == feed)
    found = (await session.exec(statement)).all()
    lists = {name: list(rows) for name, rows in groupby(found, lambda each: each.feed)}
    kept = {name: _kept(rows, month) for name, rows in lists.items()}
    return {name: each for name, each in kept.items() if each.deliveries}


def _kept(rows: list[FeedDelivery], month: str) -> Kept:
    later = [each for each in rows if each.month > month]
    sent_later = any(each.from_agency and each.keyed_deleted_at is None for each in later)
    return Kept([each for each in rows if each.month <= month], sent_later)


async def counting(session: AsyncSession, county: str, month: str) -> dict[str, FeedDelivery]:
    """The delivery of each list that counts for a month, while its rows are here."""
    kept = await of_month(session, county, month)
    counts = {name: each.counts for name, each in kept.items()}
    return {name: each for name, each in counts.items() if each.keyed_deleted_at is None}


async def ahead_of(session: AsyncSession, delivery: FeedDelivery) -> FeedDelivery | None:
    """The agency's own list that a brought one stands behind, if it does."""
    if delivery.status != "kept" or delivery.from_agency:
        return None
    kept = await of_month(session, delivery.county, delivery.month, delivery.feed)
    own = kept[delivery.feed].own
    return None if own is None or own.id == delivery.accepted_over else own


async def accept(
    session: AsyncSession,
    caller: Caller,
    feed: Feed,
    delivery_id: UUID,
    over: UUID,
    because: str,
    now: datetime,
) -> FeedDelivery:
    """Another than who brought a list lets it count before the agency's own, and says why.

    Args:
        over: the agency's own list, as the caller saw it.

    Raises:
        NoSuchDelivery, BroughtThisList: as they say.
        NothingToSetAside: it counts already, or the agency has sent another since.
    """
    found = await deliveries.one(session, delivery_id, feed, locked=True)
    if caller.is_same(found.received_by, found.received_person):
        raise BroughtThisList()
    own = await ahead_of(session, found)
    if own is None or own.id != over:
        raise NothingToSetAside()
    found.accepted_over, found.accepted_because = own.id, because
    found.accepted_by, found.accepted_person = caller.subject, caller.person
    found.accepted_at = now
    await session.flush()
    await audit.record(
        session,
        found.county,
        actor=caller.subject,
        act="feed-accepted",
        subject=str(found.id),
        details={"feed": feed.name, "month": found.month, "over": str(own.id)},
    )
    return found
