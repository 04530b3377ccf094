"""When accounts lost what they might do, and which of them have ended.

Only the gateway knows accounts. A service that takes in what was signed elsewhere is told: what
somebody signed without a network counts as long as they might sign it. And what was theirs, as a
household to help, is nobody's once their account has ended.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway.models import AccountEnding, StaffMember

HEADER: Final = "x-accounts-ended"
STAFF: Final = "staff:"
"""What an account's name is written behind."""
TOLD_DAYS: Final = 180
"""For so long after it an ending is told; no list of visits holds longer."""


def write_down(
    session: AsyncSession, county: str, name: str, lost: Iterable[str], now: datetime
) -> None:
    """An account may not do these things any more."""
    session.add(
        AccountEnding(county=county, subject=f"staff:{name}", lost=sorted(lost), ended_at=now)
    )


async def ended(session: AsyncSession, owners: Iterable[str]) -> dict[str, datetime]:
    """Those of these who have no account any more, each with when the last of theirs ended.

    Args:
        owners: as services know them, by the account or by the person behind it (`staff:wu.yu`).
    """
    named = {each.removeprefix(STAFF): each for each in owners}
    spelled = {*named, *(f"{STAFF}{each}" for each in named)}
    theirs = select(col(StaffMember.person)).where(
        or_(col(StaffMember.name).in_(named), col(StaffMember.person).in_(spelled))
    )
    statement = select(StaffMember).where(col(StaffMember.person).in_(theirs))
    members = (await session.exec(statement)).all()
    found = {}
    for name, owner in named.items():
        people = {e.person for e in members if name in {e.name, e.person.removeprefix(STAFF)}}
        until = [each.dismissed_at for each in members if each.person in people]
        over = [each for each in until if each is not None]
        if over and len(over) == len(until):
            found[owner] = max(over)
    return found


async def told(session: AsyncSession, scope: str, now: datetime) -> str:
    """Which accounts lost a scope lately, and when each: what a request passed on says of them."""
    statement = (
        select(AccountEnding)
        .where(col(AccountEnding.ended_at) > now - timedelta(days=TOLD_DAYS))
        .order_by(col(AccountEnding.ended_at))
    )
    found = (await session.exec(statement)).all()
    return json.dumps([[e.subject, e.ended_at.isoformat()] for e in found if scope in e.lost])
