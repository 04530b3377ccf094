"""Deliveries: a list is received once for its month, by file or in chunks, and then keyed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.comparison import repeats
from services.identification.comparison.feeds import Feed
from services.identification.comparison.rows import Reject
from services.identification.models import FeedDelivery, FeedReject
from shared import audit
from shared.callers import Caller, Kind
from shared.database import copy_rows, new_id, run
from shared.months import Month
from shared.problems import Conflict, Forbidden, Malformed, NotFound

FILE: Final = "file"
CHUNKED: Final = "chunks"
NOBODY: Final = "nobody"
CHUNK_ROWS_MAX: Final = 10_000
LISTED_MAX: Final = 50
SHOWN_MAX: Final = 500
OPEN_MAX: Final = 20
"""As many deliveries of one sender take chunks at a time."""
_REJECT: Final = ("county", "delivery_id", "row", "column", "reason")


class NoSuchFeed(NotFound):
    """There is no such feed here."""


class NoSuchDelivery(NotFound):
    """There is no such delivery here."""


class NotYourFeed(Forbidden):
    """Another office delivers this list."""


class NotYourDelivery(Forbidden):
    """Another opened this delivery; whoever opened it sends it and closes it."""


class DayUnlikely(Malformed):
    """A list is of a day that has been."""


class NotOpen(Conflict):
    """This delivery takes no more chunks."""


class JustDelivered(Conflict):
    """The same list came in at the same moment."""

    constraint = "uq_feed_delivery_same"


class NeverEmpty(Conflict):
    """This list always names somebody; one that names nobody was not drawn up rightly."""


class TooManyOpen(Conflict):
    """You have as many deliveries open as one may have; close one, or let it run out."""


class ChunksMissing(Conflict):
    """Not all the chunks that were announced have come."""


class ChunksUncounted(Conflict):
    """More chunks came than were announced: nothing of a list is left out unseen. Begin it anew, if
    they are not of it."""


@dataclass(frozen=True)
class Announced:
    """What a sender says of a delivery."""

    month: Month
    as_of: date
    unchanged: bool = False
    """Whether it is as it was, though of a newer day."""


def feed_of(feeds: Mapping[str, Feed], name: str, caller: Caller) -> Feed:
    """The feed of a name, when the caller may have to do with it: an agency with its own alone.

    Raises:
        NoSuchFeed, NotYourFeed.
    """
    if name not in feeds:
        raise NoSuchFeed()
    if caller.kind == Kind.PARTNER and f"feed:{name}" not in caller.areas:
        raise NotYourFeed()
    return feeds[name]


async def receive(
    session: AsyncSession,
    caller: Caller,
    feed: Feed,
    said: Announced,
    delivery_id: UUID,
    file_sha256: str,
    file_bytes: int,
    now: datetime,
    today: date,
    *,
    channel: str = FILE,
) -> FeedDelivery:
    """Write a received file down; one that is sent again is the delivery it was.

    Raises:
        DayUnlikely: the list is of a day to come.
        SameAsBefore: it came before, of an earlier day, and is not said to be unchanged.
    """
    _likely(said, today)
    before = await repeats.known(session, caller.county, feed.name, str(said.month), file_sha256)
    own = caller.kind == Kind.PARTNER
    if before is not None and repeats.is_sent_again(
        before, said.as_of, said.unchanged, by_agency=own
    ):
        await _vouched(session, caller, before)
        return before
    made = await run(
        session,
        insert(FeedDelivery)
        .values(
            county=caller.county,
            id=delivery_id,
            feed=feed.name,
            month=str(said.month),
            as_of=said.as_of,
            channel=channel,
            status="received",
            file_sha256=file_sha256,
            file_bytes=file_bytes,
            received_by=caller.subject,
            received_person=caller.person,
            from_agency=own,
            received_at=now,
            same_as=before.id if before else None,
        )
        .on_conflict_do_nothing(
            index_elements=["county", "feed", "month", "file_sha256", "as_of"],
            index_where=sa.text("status <> 'refused'"),
        )
        .returning(col(FeedDelivery.id)),
    )
    if made.first() is not None:
        await _audit(session, caller, "feed-received", delivery_id, feed, said)
    found = await repeats.known(
        session, caller.county, feed.name, str(said.month), file_sha256, said.as_of
    )
    assert found is not None, "it was written down, or had come before"
    return found


async def say_nobody(
    session: AsyncSession, caller: Caller, feed: Feed, said: Announced, now: datetime, today: date
) -> FeedDelivery:
    """A month of which an office says that it has nobody to name; said again it is the same.

    Raises:
        NeverEmpty: the list always names somebody.
        DayUnlikely: it is said of a day to come.
    """
    if not feed.may_be_empty:
        raise NeverEmpty()
    said_sha256 = sha256(f"{NOBODY} {said.as_of}".encode()).hexdigest()
    return await receive(
        session, caller, feed, said, new_id(), said_sha256, 0, now, today, channel=NOBODY
    )


async def open_chunked(
    session: AsyncSession, caller: Caller, feed: Feed, said: Announced, now: datetime, today: date
) -> FeedDelivery:
    """A delivery that comes in chunks, by API.

    Raises:
        DayUnlikely: the list is of a day to come.
        TooManyOpen: the sender has as many open as they may.
    """
    _likely(said, today)
    mine = select(func.count()).where(
        col(FeedDelivery.county) == caller.county,
        col(FeedDelivery.status) == "open",
        col(FeedDelivery.received_by) == caller.subject,
    )
    if (await session.exec(mine)).one() >= OPEN_MAX:
        raise TooManyOpen(f"{OPEN_MAX} are", most=OPEN_MAX)
    row = FeedDelivery(
        county=caller.county,
        id=new_id(),
        feed=feed.name,
        month=str(said.month),
        as_of=said.as_of,
        channel=CHUNKED,
        status="open",
        received_by=caller.subject,
        received_person=caller.person,
        from_agency=caller.kind == Kind.PARTNER,
        received_at=now,
    )
    session.add(row)
    await _audit(session, caller, "feed-opened", row.id, feed, said)
    return row


async def open_one(
    session: AsyncSession, caller: Caller, delivery_id: UUID, feed: Feed
) -> FeedDelivery:
    """A delivery of the caller's that still takes chunks, held until this transaction ends.

    Raises:
        NoSuchDelivery, NotYourDelivery, NotOpen.
    """
    found = await one(session, delivery_id, feed, locked=True)
    if not caller.is_same(found.received_by, found.received_person):
        raise NotYourDelivery()
    if found.status != "open":
        raise NotOpen(f"it is {found.status}")
    return found


async def replaced(
    session: AsyncSession, caller: Caller, feed: Feed, delivery: FeedDelivery, chunk: int
) -> None:
    """A chunk takes the place of one that had come: nobody sees that in the list, so it is kept."""
    said = Announced(Month.parse(delivery.month), delivery.as_of)
    await _audit(session, caller, "feed-chunk-replaced", delivery.id, feed, said, chunk=chunk)


async def close(
    session: AsyncSession,
    caller: Caller,
    feed: Feed,
    delivery_id: UUID,
    chunks: int,
    file_sha256: str,
    file_bytes: int,
    now: datetime,
    *,
    unchanged: bool = False,
) -> FeedDelivery:
    """Everything was sent; what follows is the same as for a file. What had come before is that
    delivery, and this one ends.

    Raises:
        NoSuchDelivery, NotYourDelivery, NotOpen, SameAsBefore.
        JustDelivered: the same came in the same moment; close it again.
    """
    found = await open_one(session, caller, delivery_id, feed)
    before = await repeats.known(session, caller.county, feed.name, found.month, file_sha256)
    own = caller.kind == Kind.PARTNER
    if before is not None and repeats.is_sent_again(before, found.as_of, unchanged, by_agency=own):
        found.status, found.chunks, found.finished_at = "refused", chunks, now
        found.refused_because = f"这份名单已经收过：{before.id}"
        await session.flush()
        await _vouched(session, caller, before)
        return before
    found.status, found.chunks = "received", chunks
    found.file_sha256, found.file_bytes = file_sha256, file_bytes
    found.same_as = before.id if before else None
    said = Announced(Month.parse(found.month), found.as_of)
    await session.flush()
    await _audit(session, caller, "feed-received", delivery_id, feed, said)
    return found


async def one(
    session: AsyncSession, delivery_id: UUID, feed: Feed, *, locked: bool = False
) -> FeedDelivery:
    """A delivery of a feed.

    Raises:
        NoSuchDelivery: there is none.
    """
    found = await session.get(FeedDelivery, delivery_id, with_for_update=locked or None)
    if found is None or found.feed != feed.name:
        raise NoSuchDelivery()
    return found


async def waiting(session: AsyncSession) -> FeedDelivery | None:
    """The oldest delivery that was received and is not keyed."""
    statement = (
        select(FeedDelivery)
        .where(col(FeedDelivery.status) == "received")
        .order_by(col(FeedDelivery.id))
        .limit(1)
    )
    return (await session.exec(statement)).first()


async def keep(
    session: AsyncSession, delivery: FeedDelivery, rejects: list[Reject], **values: Any
) -> None:
    """Write down what became of a delivery; what an earlier, interrupted pass wrote is replaced."""
    await run(session, delete(FeedReject).where(col(FeedReject.delivery_id) == delivery.id))
    await copy_rows(
        session,
        "feed_reject",
        _REJECT,
        ((delivery.county, delivery.id, each.row, each.column, each.reason) for each in rejects),
    )
    await run(
        session, update(FeedDelivery).where(col(FeedDelivery.id) == delivery.id).values(**values)
    )
    await audit.record(
        session,
        delivery.county,
        actor="identification",
        act=f"feed-{values['status']}",
        subject=str(delivery.id),
        details={
            name: values[name] for name in ("rows", "rows_kept", "keyed_sha256") if name in values
        },
    )


async def of_feed(session: AsyncSession, county: str, feed: Feed) -> list[FeedDelivery]:
    """The last deliveries of a feed, the newest first."""
    statement = (
        select(FeedDelivery)
        .where(col(FeedDelivery.county) == county, col(FeedDelivery.feed) == feed.name)
        .order_by(col(FeedDelivery.id).desc())
        .limit(LISTED_MAX)
    )
    return list((await session.exec(statement)).all())


async def rejects(session: AsyncSession, delivery_id: UUID, after: int) -> list[FeedReject]:
    """What was not kept of a delivery, in the order of its rows."""
    statement = (
        select(FeedReject)
        .where(col(FeedReject.delivery_id) == delivery_id, col(FeedReject.row) > after)
        .order_by(col(FeedReject.row), col(FeedReject.id))
        .limit(SHOWN_MAX)
    )
    return list((await session.exec(statement)).all())


async def reject_reasons(session: AsyncSession, delivery_id: UUID) -> dict[str, int]:
    """How many rows were not kept, by reason."""
    statement = (
        select(col(FeedReject.reason), func.count())
        .where(col(FeedReject.delivery_id) == delivery_id)
        .group_by(col(FeedReject.reason))
        .order_by(col(FeedReject.reason))
    )
    return dict(iter(await session.exec(statement)))


def words(found: FeedDelivery) -> dict[str, Any]:
    """A delivery in the words of the API."""
    return {
        "delivery_id": str(found.id),
        "feed": found.feed,
        "month": found.month,
        "as_of": found.as_of.isoformat(),
        "channel": found.channel,
        "status": found.status,
        "received_at": found.received_at.isoformat(),
        "received_by": found.received_by,
        "from_agency": found.from_agency,
        "accepted_over": found.accepted_over and str(found.accepted_over),
        "accepted_by": found.accepted_by,
        "accepted_at": found.accepted_at and found.accepted_at.isoformat(),
        "accepted_because": found.accepted_because,
        "same_as": found.same_as and str(found.same_as),
        "finished_at": found.finished_at.isoformat() if found.finished_at else None,
        "refused_because": found.refused_because,
        "rows": found.rows,
        "rows_kept": found.rows_kept,
        "rows_rejected": found.rows_rejected,
        "entries": found.entries,
        "file_sha256": found.file_sha256,
        "keyed_sha256": found.keyed_sha256,
        "keyed_deleted_at": found.keyed_deleted_at and found.keyed_deleted_at.isoformat(),
    }


async def _vouched(session: AsyncSession, caller: Caller, before: FeedDelivery) -> None:
    """What was brought for an agency and comes again from itself is its own."""
    if caller.kind != Kind.PARTNER or before.from_agency:
        return
    before.from_agency = True
    await session.flush()
    await audit.record(
        session,
        before.county,
        actor=caller.subject,
        act="feed-vouched",
        subject=str(before.id),
        details={"feed": before.feed, "month": before.month},
    )


def _likely(said: Announced, today: date) -> None:
    if said.as_of > today:
        raise DayUnlikely()


async def _audit(
    session: AsyncSession,
    caller: Caller,
    act: str,
    delivery_id: UUID,
    feed: Feed,
    said: Announced,
    **more: int,
) -> None:
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act=act,
        subject=str(delivery_id),
        details={
            "feed": feed.name,
            "month": str(said.month),
            "as_of": said.as_of.isoformat(),
            **more,
        },
    )
