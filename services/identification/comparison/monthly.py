"""Every month is compared without anybody's asking: from the place's day on, as soon as its lists
are there; and what was not compared yet, and what it waits for, is on a list.

It waits for every list that is not of its time, and after the place's days only for those without
which nothing is compared. A month that went by without is for somebody to ask for.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.comparison import comparisons
from services.identification.comparison.feeds import Feed, WhenStale, read_feeds
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.models import Comparison, FeedDelivery
from services.identification.place_settings import PlaceSettings
from services.identification.workdays import naming
from shared import telemetry
from shared.callers import Caller, Kind
from shared.months import Month, months_between

LOOK_SECONDS: Final = 30.0
LISTED_MAX: Final = 12
_DAY: Final = "comparison_day"


@dataclass(frozen=True)
class Waiting:
    """A month that was not compared: since when it might be, and for which lists it waits."""

    month: Month
    since: date
    until: date
    missing: tuple[str, ...]
    stopping: tuple[str, ...]
    by_itself: bool

    def may_begin(self, today: date) -> bool:
        """Whether nothing is waited for any more."""
        return not self.missing or (today > self.until and not self.stopping)


async def keep_months(context: Any) -> None:
    """Begin each month's comparison for as long as this process stands."""
    settings = context.settings
    feeds, words = read_feeds(settings.feeds_file), PlaceSettings.read(settings.casework_file)
    while settings.comparison_children and words.words[_DAY]:
        try:
            await begin(context, feeds, words)
        except Exception as problem:
            telemetry.log.warning("month-waits", because=type(problem).__name__)
        await asyncio.sleep(LOOK_SECONDS)
    await asyncio.Event().wait()


async def begin(context: Any, feeds: Mapping[str, Feed], settings: PlaceSettings) -> bool:
    """Begin the newest month's comparison, if its day has come and its lists have; whether it was
    begun now."""
    county, now, today = context.settings.county, context.clock.now(), context.clock.today()
    month = newest(settings, today)
    fingerprint = Pseudonyms(context.keys).fingerprint
    caller = Caller(
        "identification", Kind.SERVICE, county, "identification", frozenset(), (county,)
    )
    async with context.database.transaction() as session:
        if month in await _compared(session, county):
            return False
        settings = replace(settings, calendar=await naming.in_force(session, county))
        waits = await _waiting(session, feeds, settings, fingerprint, county, month, today)
        if not waits.may_begin(today):
            return False
        _, begun = await comparisons.open_comparison(
            session, feeds, fingerprint, month, caller, now
        )
    return begun


async def without(
    session: AsyncSession,
    feeds: Mapping[str, Feed],
    settings: PlaceSettings,
    key_fingerprint: str,
    county: str,
    today: date,
) -> list[Waiting]:
    """The months that were not compared since lists first came, the newest first."""
    first = await _first_delivered(session, county)
    if not settings.words[_DAY] or first is None:
        return []
    done, last = await _compared(session, county), newest(settings, today)
    months = [each for each in months_between(min(first, last), last) if each not in done]
    return [
        await _waiting(session, feeds, settings, key_fingerprint, county, month, today)
        for month in reversed(months[-LISTED_MAX:])
    ]


def newest(settings: PlaceSettings, today: date) -> Month:
    """The last month whose day has come."""
    this = Month.of(today)
    return this.next() if today >= _day_of(settings, this.next()) else this


def _day_of(settings: PlaceSettings, month: Month) -> date:
    """The day on which a month's comparison begins, in the month before it."""
    before = month.previous()
    return before.first_day().replace(day=min(settings.words[_DAY], before.last_day().day))


async def _waiting(
    session: AsyncSession,
    feeds: Mapping[str, Feed],
    settings: PlaceSettings,
    key_fingerprint: str,
    county: str,
    month: Month,
    today: date,
) -> Waiting:
    lists = await comparisons.standings(session, feeds, key_fingerprint, county, month)
    missing = [name for name in feeds if lists[name]["standing"] != comparisons.FRESH]
    since = _day_of(settings, month)
    return Waiting(
        month=month,
        since=since,
        until=settings.add_workdays(since, settings.number("comparison_wait_days")),
        missing=tuple(missing),
        stopping=tuple(each for each in missing if feeds[each].when_stale == WhenStale.STOP),
        by_itself=month == newest(settings, today),
    )


async def _compared(session: AsyncSession, county: str) -> set[Month]:
    """The months that were compared, or are."""
    found = select(col(Comparison.month)).where(col(Comparison.county) == county)
    return {Month.parse(each) for each in await session.exec(found)}


async def _first_delivered(session: AsyncSession, county: str) -> Month | None:
    found = (
        select(col(FeedDelivery.month))
        .where(col(FeedDelivery.county) == county, col(FeedDelivery.status) == "kept")
        .order_by(col(FeedDelivery.month))
        .limit(1)
    )
    month = (await session.exec(found)).first()
    return Month.parse(month) if month else None
