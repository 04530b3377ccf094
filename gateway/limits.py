"""How often the door may be tried: by one person's number, one address, one network, and all."""

from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import ColumnElement, delete, func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway.models import SignInAttempt, Tried
from gateway.settings import Settings
from shared.database import run
from shared.problems import TooMany

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class AskedTooOften(TooMany):
    """A code was asked for too often; wait a little."""


class TriedTooOften(TooMany):
    """Too many wrong tries; the village or township office helps."""


def network_of(peer: str) -> str:
    """The neighbours a peer is counted with: its /24, or its /48 for IPv6."""
    try:
        own = ip_network(peer)
    except ValueError:
        return peer
    return str(own.supernet(new_prefix=24 if own.version == 4 else 48))


async def ask_for_code(
    session: AsyncSession, settings: Settings, *, subject_hash: bytes, peer: str, now: datetime
) -> None:
    """Count one code asked for, or refuse it; known and unknown ID numbers count alike.

    Raises:
        AskedTooOften: this number, address or network asked too often, or everybody did.
        TriedTooOften: this number had too many wrong codes today.
    """
    # One at a time, or a hundred at once would each see the count before the others.
    await run(session, text("SELECT pg_advisory_xact_lock(hashtext('sign-in'))"))
    subject = col(SignInAttempt.subject_hash) == subject_hash
    asked = Tried.CODE_ASKED
    limits: list[tuple[ColumnElement[bool], timedelta, int]] = [
        (subject, MINUTE, settings.sends_per_minute_max),
        (subject, HOUR, settings.sends_per_hour_max),
        (subject, DAY, settings.sends_per_day_max),
        (col(SignInAttempt.peer) == peer, HOUR, settings.sends_per_peer_hourly_max),
        (
            col(SignInAttempt.network) == network_of(peer),
            HOUR,
            settings.sends_per_network_hourly_max,
        ),
    ]
    for whose, span, most in limits:
        if await _count(session, asked, whose, now - span) >= most:
            raise AskedTooOften()
    wrong = await _count(session, Tried.CODE_WRONG, subject, now - DAY)
    if wrong >= settings.wrong_codes_daily_max:
        raise TriedTooOften()
    last_hour, mean = await _of_everybody(session, settings.sends_breaker_share, now)
    if last_hour >= max(settings.sends_breaker_floor, settings.sends_breaker_times * mean):
        raise AskedTooOften()
    note(session, settings, Tried.CODE_ASKED, subject_hash=subject_hash, peer=peer, now=now)


async def try_password(
    session: AsyncSession, settings: Settings, *, peer: str, now: datetime
) -> None:
    """Refuse an address that has tried too many wrong passwords.

    Raises:
        AskedTooOften: it has.
    """
    whose = col(SignInAttempt.peer) == peer
    wrong = await _count(session, Tried.PASSWORD_WRONG, whose, now - HOUR)
    if wrong >= settings.wrong_passwords_per_peer_hourly_max:
        raise AskedTooOften()


def note(
    session: AsyncSession,
    settings: Settings,
    tried: Tried,
    *,
    subject_hash: bytes,
    peer: str,
    now: datetime,
) -> None:
    """Write one try down."""
    session.add(
        SignInAttempt(
            county=settings.county,
            tried=tried.value,
            subject_hash=subject_hash,
            peer=peer,
            network=network_of(peer),
            at=now,
        )
    )


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Take away what no limit counts any more."""
    await session.exec(delete(SignInAttempt).where(col(SignInAttempt.at) < now - DAY))


async def _of_everybody(session: AsyncSession, share: int, now: datetime) -> tuple[int, float]:
    """Codes asked for in the last hour, and the hourly mean of the 23 before it.

    Each network counts up to `share` an hour, or a single one could stop the codes of all.
    """
    hours: Any = func.floor(func.extract("epoch", now - col(SignInAttempt.at)) / HOUR.seconds)
    counted: Any = func.count()
    by_network = (
        select(hours.label("hours_ago"), func.least(counted, share).label("asked"))
        .where(
            col(SignInAttempt.tried) == Tried.CODE_ASKED.value, col(SignInAttempt.at) > now - DAY
        )
        .group_by(hours, col(SignInAttempt.network))
        .subquery()
    )
    summed: Any = func.sum(by_network.c.asked)
    query = select(by_network.c.hours_ago, summed).group_by(by_network.c.hours_ago)
    asked = {int(ago): int(codes) for ago, codes in (await session.exec(query)).all()}
    last_hour = asked.pop(0, 0)
    return last_hour, sum(asked.values()) / 23


async def _count(
    session: AsyncSession, tried: Tried, whose: ColumnElement[bool], since: datetime
) -> int:
    counted: Any = func.count()
    query = (
        select(counted)
        .select_from(SignInAttempt)
        .where(col(SignInAttempt.tried) == tried.value, whose, col(SignInAttempt.at) > since)
    )
    return int((await session.exec(query)).one())
