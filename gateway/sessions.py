"""Who is signed in at which browser, and when that ends."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway import staff
from gateway.models import BrowserSession, StaffMember
from gateway.settings import Settings
from shared.callers import Caller, Kind

SEEN_STEP = timedelta(seconds=20)  # Writing each glance down would make every reading a write.
CITIZEN_SCOPES = frozenset({"my:read", "lines:read", "cases:own"})
APPLICANT_SCOPES = frozenset({"cases:own"})
"""Of somebody who proved a telephone, whom the register need not know: nothing but their cases."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone signed in: as whom the services know them, and how the pages greet them."""

    caller: Caller
    shown_name: str
    roles: frozenset[str] = frozenset()

    def may(self, scope: str) -> bool:
        """Whether their roles reach this far."""
        return self.caller.has(scope)


def new_secret() -> str:
    """256 bits for a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """How a browser's secret is kept: a copy of the table opens nothing."""
    return sha256(secret.encode()).digest()


def csrf_of(secret: str) -> str:
    """The word a form must carry: only who has the cookie can say it, and no other site has."""
    return hmac.digest(secret.encode(), b"csrf", "sha256").hex()


def csrf_holds(secret: str, said: str) -> bool:
    """Whether the word said belongs to the cookie."""
    return hmac.compare_digest(csrf_of(secret).encode(), said.encode())


async def begin(
    session: AsyncSession,
    settings: Settings,
    now: datetime,
    *,
    staff_id: UUID | None = None,
    person_id: UUID | None = None,
    applicant: bool = False,
) -> str:
    """Open a session for somebody of staff, a citizen, an applicant; the secret for its cookie."""
    secret = new_secret()
    session.add(
        BrowserSession(
            county=settings.county,
            token_hash=hash_of(secret),
            staff_id=staff_id,
            person_id=person_id,
            applicant=applicant,
            started_at=now,
            seen_at=now,
            ends_at=now + timedelta(hours=settings.session_hours_max),
        )
    )
    return secret


async def visitor(
    session: AsyncSession, settings: Settings, secret: str, now: datetime
) -> Visitor | None:
    """Who a browser's secret stands for at this moment, or nobody.

    Roles and dismissal are read each time, so that taking a role away works at once.
    """
    found = await session.get(BrowserSession, hash_of(secret))
    if found is None or now >= found.ends_at or now >= found.seen_at + _idle(found, settings):
        return None
    if found.staff_id is not None:
        member = await session.get(StaffMember, found.staff_id)
        if member is None or member.dismissed_at is not None:
            return None
        seen = _staff_visitor(member)
    else:
        seen = _citizen_visitor(found, settings)
    if now - found.seen_at >= SEEN_STEP:
        found.seen_at = now
        session.add(found)
    return seen


async def end(session: AsyncSession, secret: str) -> None:
    """Sign out."""
    await session.exec(
        delete(BrowserSession).where(col(BrowserSession.token_hash) == hash_of(secret))
    )


async def forget_ended(session: AsyncSession, now: datetime) -> None:
    """Take away sessions that are over."""
    await session.exec(delete(BrowserSession).where(col(BrowserSession.ends_at) < now))


def _idle(found: BrowserSession, settings: Settings) -> timedelta:
    is_staff = found.staff_id is not None
    return timedelta(
        minutes=settings.staff_idle_minutes if is_staff else settings.citizen_idle_minutes
    )


def _staff_visitor(member: StaffMember) -> Visitor:
    caller = Caller(
        subject=f"staff:{member.name}",
        kind=Kind.STAFF,
        county=member.county,
        person=member.person,
        scopes=staff.scopes_of(member.roles),
        areas=tuple(member.areas),
    )
    return Visitor(caller=caller, shown_name=member.name, roles=frozenset(member.roles))


def _citizen_visitor(found: BrowserSession, settings: Settings) -> Visitor:
    caller = Caller(
        subject=f"citizen:{found.person_id}",
        kind=Kind.CITIZEN,
        county=settings.county,
        person=str(found.person_id),
        scopes=APPLICANT_SCOPES if found.applicant else CITIZEN_SCOPES,
    )
    return Visitor(caller=caller, shown_name="")
