"""A month's comparison: opened once, resumed wherever it fell, and its alerts raised once.

opened → peopled → compared. Nothing of it is seen before the one transaction at its end.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.comparison import precedence
from services.identification.comparison.feeds import Feed, WhenStale
from services.identification.models import Comparison, ComparisonFeed, FeedDelivery
from shared import audit
from shared.callers import Caller
from shared.database import new_id, run
from shared.months import Month
from shared.problems import Conflict, NotFound

FRESH: Final = "fresh"
LAST_KNOWN: Final = "last-known"
MISSING: Final = "missing"
UNFINISHED: Final = ("opened", "peopled")
LISTED_MAX: Final = 24


class NoSuchComparison(NotFound):
    """There is no such comparison here."""


class ListsMissing(Conflict):
    """Nothing is compared before these lists have come."""


class AnotherCompares(Conflict):
    """Who brought one of these lists does not compare it."""


async def open_comparison(
    session: AsyncSession,
    feeds: Mapping[str, Feed],
    key_fingerprint: str,
    month: Month,
    caller: Caller,
    now: datetime,
) -> tuple[Comparison, bool]:
    """The month's comparison, and whether there is work to do; newer lists make another attempt.

    Raises:
        AnotherCompares: the caller brought one of the lists.
        ListsMissing: a list without which nothing is compared did not come, or is too old.
    """
    lists = await standings(session, feeds, key_fingerprint, caller.county, month)
    stopping = [
        name
        for name, feed in feeds.items()
        if feed.when_stale == WhenStale.STOP and lists[name]["standing"] != FRESH
    ]
    if stopping:
        raise ListsMissing("、".join(feeds[name].zh for name in stopping), feeds=stopping)
    brought = await _brought_by(session, caller, lists)
    if brought:
        raise AnotherCompares("、".join(feeds[name].zh for name in brought), feeds=brought)
    made = await run(
        session,
        insert(Comparison)
        .values(
            county=caller.county,
            id=new_id(),
            month=str(month),
            attempt=1,
            status="opened",
            opened_by=caller.subject,
            opened_at=now,
            lists=lists,
            unjudged={},
            batches={},
        )
        .on_conflict_do_nothing(constraint="uq_comparison_county_month")
        .returning(col(Comparison.id)),
    )
    is_new = made.first() is not None
    statement = select(Comparison).where(
        col(Comparison.county) == caller.county, col(Comparison.month) == str(month)
    )
    found = (await session.exec(statement.with_for_update())).one()
    if not is_new and (found.status in UNFINISHED or not _differs(found, lists)):
        return found, found.status in UNFINISHED
    if not is_new:
        found.attempt, found.status, found.lists = found.attempt + 1, "opened", lists
        found.opened_by, found.opened_at = caller.subject, now
        found.finished_at, found.refused_because = None, None
        found.people_deleted_at = None
        session.add(found)
        await session.flush()
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="comparison-opened",
        subject=str(found.id),
        details={"month": str(month), "attempt": found.attempt},
    )
    return found, True


async def standings(
    session: AsyncSession,
    feeds: Mapping[str, Feed],
    key_fingerprint: str,
    county: str,
    month: Month,
) -> dict[str, dict[str, Any]]:
    """For each list, which delivery counts for a month, and how it stands for that month: the same
    whenever it is asked, so that a month may be compared late, or again."""
    kept = await precedence.counting(session, county, str(month))
    return {
        name: _standing(feed, kept.get(name), key_fingerprint, month)
        for name, feed in feeds.items()
    }


async def _brought_by(
    session: AsyncSession, caller: Caller, lists: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """The lists that count and that the caller brought in for their agencies."""
    counted = [UUID(each["delivery_id"]) for each in lists.values() if each["delivery_id"]]
    found = await session.exec(select(FeedDelivery).where(col(FeedDelivery.id).in_(counted)))
    return sorted(
        each.feed for each in found if caller.is_same(each.received_by, each.received_person)
    )


def _differs(found: Comparison, lists: Mapping[str, Any]) -> bool:
    """Whether another attempt would read anything else; one that was refused is tried again."""
    return found.status == "refused" or found.lists != dict(lists)


def _standing(
    feed: Feed, delivery: FeedDelivery | None, key_fingerprint: str, month: Month
) -> dict[str, Any]:
    """Which delivery of a list counts, and how it stands."""
    if delivery is None or delivery.key_fingerprint != key_fingerprint:
        return {"standing": MISSING, "delivery_id": None, "as_of": None}
    named = {"delivery_id": str(delivery.id), "as_of": delivery.as_of.isoformat()}
    if feed.is_fresh(delivery.as_of, month.first_day()):
        return {"standing": FRESH, **named}
    if feed.when_stale == WhenStale.LAST_KNOWN:
        return {"standing": LAST_KNOWN, **named}
    return {"standing": MISSING, "delivery_id": None, "as_of": delivery.as_of.isoformat()}


async def one(session: AsyncSession, comparison_id: UUID, *, locked: bool = False) -> Comparison:
    """A comparison.

    Raises:
        NoSuchComparison: there is none.
    """
    found = await session.get(
        Comparison, comparison_id, with_for_update=locked or None, populate_existing=locked
    )
    if found is None:
        raise NoSuchComparison()
    return found


async def latest(session: AsyncSession, county: str) -> list[Comparison]:
    """The last comparisons, the newest month first."""
    statement = (
        select(Comparison)
        .where(col(Comparison.county) == county)
        .order_by(col(Comparison.month).desc())
        .limit(LISTED_MAX)
    )
    return list((await session.exec(statement)).all())


async def all_of_them(session: AsyncSession) -> list[Comparison]:
    """Every comparison there is: one a month."""
    return list((await session.exec(select(Comparison))).all())


async def waiting(session: AsyncSession) -> Comparison | None:
    """The oldest comparison that is not finished."""
    statement = (
        select(Comparison)
        .where(col(Comparison.status).in_(UNFINISHED))
        .order_by(col(Comparison.opened_at))
        .limit(1)
    )
    return (await session.exec(statement)).first()


async def change(session: AsyncSession, comparison_id: UUID, **values: Any) -> None:
    """Write how far a comparison is."""
    await run(
        session, update(Comparison).where(col(Comparison.id) == comparison_id).values(**values)
    )


async def counts(session: AsyncSession, found: Comparison) -> list[ComparisonFeed]:
    """What each list came to in the last attempt."""
    statement = (
        select(ComparisonFeed)
        .where(
            col(ComparisonFeed.comparison_id) == found.id,
            col(ComparisonFeed.attempt) == found.attempt,
        )
        .order_by(col(ComparisonFeed.feed))
    )
    return list((await session.exec(statement)).all())


def words(found: Comparison) -> dict[str, Any]:
    """A comparison in the words of the API."""
    return {
        "comparison_id": str(found.id),
        "month": found.month,
        "attempt": found.attempt,
        "status": found.status,
        "opened_by": found.opened_by,
        "opened_at": found.opened_at.isoformat(),
        "finished_at": found.finished_at.isoformat() if found.finished_at else None,
        "refused_because": found.refused_because,
        "people": found.people,
        "alerts_found": found.alerts_found,
        "alerts_new": found.alerts_new,
        "unjudged": found.unjudged,
        "batches": found.batches,
        "lists": found.lists,
        "law_sha256": found.law_sha256,
        "people_deleted_at": found.people_deleted_at and found.people_deleted_at.isoformat(),
    }


def feed_words(row: ComparisonFeed) -> dict[str, Any]:
    """What one list came to, in the words of the API."""
    return {
        "feed": row.feed,
        "standing": row.standing,
        "delivery_id": str(row.delivery_id) if row.delivery_id else None,
        "entries": row.entries,
        "entries_matched": row.entries_matched,
        "entries_only_there": row.entries_only_there,
        "people_matched": row.people_matched,
        "people_only_here": row.people_only_here,
    }
