"""What is kept how long: what goes next and when, and what went."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from services.identification.retention import sweeping
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)

Keeper = Annotated[Caller, needs("audit:read", "cases:check", kinds=(Kind.STAFF,))]


@router.get("/retention")
async def kept(request: Request, session: Reading, caller: Keeper) -> dict[str, Any]:
    """Each kind with its days and why, how many are held, when the next goes, how many went."""
    return {"items": await sweeping.shown(session, caller.county, request.app.state.casework)}
