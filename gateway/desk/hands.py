"""Whether anybody of the county's accounts can still bring a case to an end, said while it can be
mended."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import Request

from gateway import staff
from gateway.desk.desk import peer
from gateway.routes import HANDS
from shared.callers import Caller
from shared.database import Database
from shared.ids import new_id
from shared.problems import Problem


async def left(request: Request, caller: Caller, case: Mapping[str, Any]) -> dict[str, Any]:
    """To which ends the accounts over a case still lead it, whom what bars, and which acts of the
    reader's would leave nobody; nothing, where the reader only reads or the service does not say.
    """
    if not any(map(caller.has, HANDS)):
        return {}
    database: Database = request.app.state.database
    async with database.transaction() as session:
        accounts = await staff.over(session, case["village"])
    said = [
        {
            "subject": f"staff:{each.name}",
            "person": each.person,
            "scopes": sorted(staff.scopes_of(each.roles)),
            "areas": each.areas,
        }
        for each in accounts
    ]
    with suppress(Problem):
        found: dict[str, Any] = await peer(request, "identification").post(
            f"/cases/{case['case_id']}/hands", {"staff": said}, key=str(new_id())
        )
        return found
    return {}
