"""The audit log of a process, page by page, for whoever audits it: the same route in each."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from shared import audit
from shared.callers import Caller, Kind, needs
from shared.routes import After, CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)

LINES: Final = "application/x-ndjson"
Auditor = Annotated[Caller, needs("audit:read", kinds=(Kind.STAFF,))]


@router.get("/audit-log")
async def log(
    session: Reading,
    caller: Auditor,
    after: After = 0,
    most: Annotated[int, Query(ge=1, le=audit.EXPORTED_AT_ONCE)] = audit.EXPORTED_AT_ONCE,
) -> Response:
    """Rows behind a number, a row a line; pages one behind the other are the whole log."""
    del caller
    lines = await audit.exported(session, after, most)
    return Response("".join(f"{line}\n" for line in lines), media_type=LINES)
