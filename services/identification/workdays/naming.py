"""The county names days, and every day that was counted is counted anew with it, or nothing is.

Whoever counts days holds the calendar until it commits, so that no due day is written by a calendar
that has gone. What has passed stays as it was: only days to come are named.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import ClockMove, DayNaming
from services.identification.workdays import recounting
from services.identification.workdays.calendar import Calendar
from shared import audit, workdays
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict, Forbidden, Malformed
from shared.workdays import DAY

NAMED_MAX: Final = 60
"""Days that one paper names at most; a year's arrangement is about thirty."""
LATELY_SECONDS: Final = 1.0
YEARS_AHEAD: Final = 2
SHOWN_MAX: Final = 50
BY_RELEASE: Final = "release"
"""Who named days that came with a newer release, which knows the State Council's word."""
_NEWEST: Final = text(
    "SELECT id FROM day_naming WHERE county = :county ORDER BY number DESC LIMIT 1"
)
_READ: Final[dict[UUID, Calendar]] = {}
"""Calendars as they were read; a naming does not change, and there are few a year."""
_HOLD: Final = text("SELECT pg_advisory_xact_lock_shared(hashtext('workdays'))")
_TAKE: Final = text("SELECT pg_advisory_xact_lock(hashtext('workdays'))")
_WAIT_BRIEFLY: Final = text("SET LOCAL lock_timeout = '3s'")


class DayPassed(Conflict):
    """A day that has begun was worked or not, and stays so: name days from tomorrow on."""


class DaysUnreadable(Malformed):
    """These days cannot be named so; `detail` says why."""


class OthersAtWork(Conflict):
    """Days are being counted at this moment, by an upload perhaps: send it again in a minute."""


class CountyNamesDays(Forbidden):
    """Whose area is the whole county names its days."""


class Said(StrEnum):
    """What is said of a day."""

    FREE = "free"
    WORKED = "worked"
    USUAL = "usual"


@dataclass(frozen=True)
class Naming:
    """Days that are named, by which paper."""

    document: str
    said: Mapping[date, Said] = field(default_factory=dict)

    def of(self, word: Said) -> list[date]:
        """The days of which that is said, in their order."""
        return sorted(day for day, said in self.said.items() if said is word)


async def in_force(session: AsyncSession, county: str) -> Calendar:
    """The calendar as it was last named; the nation's where nobody named a day."""
    newest = (await run(session, _NEWEST, {"county": county})).scalar()
    if newest is None:
        return Calendar.nation()
    if newest not in _READ:
        row = await session.get(DayNaming, newest)
        assert row is not None, "a naming is never taken away"
        _READ[newest] = _calendar(row)
    return _READ[newest]


class Lately:
    """The calendar for whoever only looks: a second old at most, so that not every look asks."""

    def __init__(self) -> None:
        self._known: tuple[float, Calendar] | None = None

    async def in_force(self, session: AsyncSession, county: str) -> Calendar:
        """The calendar as it was last named a second ago, or later."""
        now = time.monotonic()
        if self._known is None or now - self._known[0] > LATELY_SECONDS:
            self._known = (now, await in_force(session, county))
        return self._known[1]

    def forget(self) -> None:
        """Days are being named here."""
        self._known = None


async def held(session: AsyncSession, county: str) -> Calendar:
    """The same for whoever counts by it: nobody names a day until they commit."""
    await run(session, _HOLD)
    return await in_force(session, county)


async def name(
    session: AsyncSession, caller: Caller, now: datetime, today: date, naming: Naming
) -> dict[str, Any]:
    """Name days; how many due days moved.

    Raises:
        CountyNamesDays, DaysUnreadable, DayPassed: in this order; nothing was changed.
        OthersAtWork: days are being counted.
    """
    if not caller.may_see(caller.county):
        raise CountyNamesDays()
    if not 0 < len(naming.said) <= NAMED_MAX:
        raise DaysUnreadable(f"one paper names 1 to {NAMED_MAX} days")
    if min(naming.said) <= today:
        raise DayPassed(f"{min(naming.said)}")
    if max(naming.said) > _horizon(today):
        raise DaysUnreadable(f"{max(naming.said)} is later than {_horizon(today)}")
    row, moved = await _settle(session, caller.county, caller.subject, now, today, naming)
    return _shown(row, moved)


async def follow_release(
    session: AsyncSession, county: str, now: datetime, today: date, document: str
) -> dict[str, int] | None:
    """Count anew where this release knows days otherwise than was counted; None where it doesn't.

    The first time there is nothing to count: what this release knows is written down.
    """
    last = await _last(session, county)
    if last is not None:
        before, after = (
            _calendar(last),
            _following(_calendar(last), await _said(session, county), today),
        )
        if not _changed(before, after, today):
            return None
    _, moved = await _settle(session, county, BY_RELEASE, now, today, Naming(document))
    return moved


async def listed(
    session: AsyncSession, caller: Caller, calendar: Calendar, today: date
) -> dict[str, Any]:
    """What was named, the latest first, and the days to come that are not as the week has them."""
    days = recounting.days_between(today, _horizon(today))
    found = await session.exec(
        select(DayNaming)
        .where(col(DayNaming.county) == caller.county)
        .order_by(col(DayNaming.number).desc())
        .limit(SHOWN_MAX)
    )
    namings = found.all()
    moved = await _moved(session, [each.id for each in namings])
    odd = [day for day in days if calendar.is_workday(day) != _is_weekday(day)]
    return {
        "free": [day.isoformat() for day in odd if _is_weekday(day)],
        "worked": [day.isoformat() for day in odd if not _is_weekday(day)],
        "namings": [
            _shown(each, moved.get(each.id, {}))
            for each in namings
            if each.named_by != BY_RELEASE or each.id in moved
        ],
        "may_name": caller.may_see(caller.county),
    }


async def moves_of(session: AsyncSession, about_id: Any) -> list[dict[str, Any]]:
    """Which due days of something moved, by which paper and who named it."""
    found = await session.exec(
        select(ClockMove, DayNaming)
        .join(DayNaming, col(DayNaming.id) == col(ClockMove.naming_id))
        .where(col(ClockMove.about_id) == about_id)
        .order_by(col(DayNaming.number), col(ClockMove.clock))
    )
    return [
        {
            "clock": move.clock,
            "was_on": move.was_on.isoformat(),
            "due_on": move.due_on.isoformat(),
            "document": naming.document,
            "named_by": naming.named_by,
            "named_at": naming.named_at.isoformat(),
        }
        for move, naming in found
    ]


async def _settle(
    session: AsyncSession, county: str, actor: str, now: datetime, today: date, naming: Naming
) -> tuple[DayNaming, dict[str, int]]:
    """Write down what is said, and count anew what was counted by the calendar before it."""
    await _take(session)
    last = await _last(session, county)
    before = Calendar.nation() if last is None else _calendar(last)
    after = _following(before, {**await _said(session, county), **naming.said}, today)
    row = DayNaming(
        county=county,
        number=before.number + 1,
        document=naming.document,
        named_by=actor,
        named_at=now,
        free_days=naming.of(Said.FREE),
        worked_days=naming.of(Said.WORKED),
        usual_days=naming.of(Said.USUAL),
        since=after.since,
        until=after.until,
        workdays=sorted(after.worked),
    )
    moves = recounting.moves(before, after, today)
    session.add(row)
    await session.flush()
    moved = await recounting.recount(session, row, moves)
    if not (naming.said or moved):
        return row, moved  # What a release knows, written down before anybody named a day.
    await audit.record(
        session,
        county,
        actor=actor,
        act="days-named",
        subject=str(row.id),
        details={
            "number": row.number,
            **{word.value: [day.isoformat() for day in naming.of(word)] for word in Said},
            "moved": moved,
        },
    )
    return row, moved


async def _moved(session: AsyncSession, namings: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """How many due days each naming moved, by what they are of."""
    statement = (
        select(col(ClockMove.naming_id), col(ClockMove.about), func.count())
        .where(col(ClockMove.naming_id).in_(namings))
        .group_by(col(ClockMove.naming_id), col(ClockMove.about))
    )
    moved: dict[UUID, dict[str, int]] = {}
    for naming_id, about, count in await session.exec(statement):
        moved.setdefault(naming_id, {})[about] = count
    return moved


async def _take(session: AsyncSession) -> None:
    """Wait for whoever counts days, briefly: an upload may take long, and all wait behind us."""
    await run(session, _WAIT_BRIEFLY)
    try:
        await run(session, _TAKE)
    except OperationalError as problem:
        raise OthersAtWork() from problem
    await run(session, text("SET LOCAL lock_timeout = DEFAULT"))


async def _last(session: AsyncSession, county: str) -> DayNaming | None:
    newest = select(func.max(col(DayNaming.number))).where(col(DayNaming.county) == county)
    found = await session.exec(
        select(DayNaming).where(
            col(DayNaming.county) == county, col(DayNaming.number) == newest.scalar_subquery()
        )
    )
    return found.first()


async def _said(session: AsyncSession, county: str) -> dict[date, Said]:
    """What was last said of each day."""
    said: dict[date, Said] = {}
    of_county = select(DayNaming).where(col(DayNaming.county) == county)
    for each in await session.exec(of_county.order_by(col(DayNaming.number))):
        said |= dict.fromkeys(each.free_days, Said.FREE)
        said |= dict.fromkeys(each.worked_days, Said.WORKED)
        said |= dict.fromkeys(each.usual_days, Said.USUAL)
    return said


def _calendar(row: DayNaming) -> Calendar:
    return Calendar(row.number, row.since, row.until, frozenset(row.workdays))


def _following(before: Calendar, said: Mapping[date, Said], today: date) -> Calendar:
    """The calendar after one: what has passed as it was, then what was said or the nation's."""
    since, until = min(before.since, today.replace(month=1, day=1)), _horizon(today)
    passed = (each for each in recounting.days_between(since - DAY, today))
    to_come = recounting.days_between(today, until)
    worked = [day for day in passed if before.is_workday(day)]
    worked += [day for day in to_come if _is_worked(day, said.get(day, Said.USUAL))]
    return Calendar(before.number + 1, since, until, frozenset(worked))


def _is_worked(day: date, said: Said) -> bool:
    return workdays.is_workday(day) if said is Said.USUAL else said is Said.WORKED


def _changed(before: Calendar, after: Calendar, today: date) -> bool:
    days = recounting.days_between(today, after.until)
    return any(before.is_workday(day) != after.is_workday(day) for day in days)


def _horizon(today: date) -> date:
    return date(today.year + YEARS_AHEAD, 12, 31)


def _is_weekday(day: date) -> bool:
    return day.isoweekday() <= 5


def _iso(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _shown(row: DayNaming, moved: Mapping[str, int]) -> dict[str, Any]:
    return {
        "number": row.number,
        "document": row.document,
        "named_by": row.named_by,
        "named_at": row.named_at.isoformat(),
        "free": _iso(row.free_days),
        "worked": _iso(row.worked_days),
        "usual": _iso(row.usual_days),
        "moved": moved,
    }
