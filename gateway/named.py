"""Whom accounts that a request names belong to: only the gateway knows, and tells the service.

What somebody typed is no signature; an account of the staff that may sign is.
"""

import json
from collections.abc import Iterable
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway.models import StaffMember
from gateway.staff import scopes_of
from shared.months import civil_date

HEADER: Final = "x-accounts-named"
NAMED_MAX: Final = 10


async def told(session: AsyncSession, scopes: Iterable[str], names: Iterable[str]) -> str:
    """Those of the named accounts that hold one of these scopes, or did until they ended."""
    asked = sorted({name.strip().lower().removeprefix("staff:") for name in names})[:NAMED_MAX]
    statement = (
        select(StaffMember).where(col(StaffMember.name).in_(asked)).order_by(col(StaffMember.name))
    )
    held = set(scopes)
    return json.dumps(
        [
            {
                "account": f"staff:{each.name}",
                "person": each.person,
                "areas": each.areas,
                "until": each.dismissed_at and civil_date(each.dismissed_at).isoformat(),
            }
            for each in await session.exec(statement)
            if held & scopes_of(each.roles)
        ]
    )
