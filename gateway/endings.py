"""When accounts lost what they might do: a service that takes in what was signed elsewhere is told.

Only the gateway knows accounts. What somebody signed without a network counts as long as they might
sign it, and whether they might is known here.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway.models import AccountEnding

HEADER: Final = "x-accounts-ended"
TOLD_DAYS: Final = 180
"""For so long after it an ending is told; no list of visits holds longer."""


def write_down(
    session: AsyncSession, county: str, name: str, lost: Iterable[str], now: datetime
) -> None:
    """An account may not do these things any more."""
    session.add(
        AccountEnding(county=county, subject=f"staff:{name}", lost=sorted(lost), ended_at=now)
    )


async def told(session: AsyncSession, scope: str, now: datetime) -> str:
    """Which accounts lost a scope lately, and when each: what a request passed on says of them."""
    statement = (
        select(AccountEnding)
        .where(col(AccountEnding.ended_at) > now - timedelta(days=TOLD_DAYS))
        .order_by(col(AccountEnding.ended_at))
    )
    found = (await session.exec(statement)).all()
    return json.dumps([[e.subject, e.ended_at.isoformat()] for e in found if scope in e.lost])
