"""Deaths against what was granted after them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from services.benefits import deaths
from services.benefits.api.reading import OFFICES
from shared.callers import Caller, needs
from shared.routes import CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("lines:read", kinds=OFFICES)]


@router.get("/deaths/{year}")
async def list_deaths(
    year: Annotated[int, Path(ge=2000, le=2100)], session: Reading, caller: Reader
) -> dict[str, Any]:
    """Who died in a year, by id, with what was granted after it and proposed for recovery."""
    return {"items": await deaths.granted_on(session, caller.county, year)}
