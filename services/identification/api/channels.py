"""The ways in that are not the applicant's own hands: who applies for whom, village by village."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from services.identification.api.cases import desk_of
from services.identification.api.patterns import VILLAGE
from services.identification.casework.oversight import proxies
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Transaction

router = APIRouter(route_class=CommittedRoute)

Village = Annotated[str, Path(pattern=VILLAGE)]
Overseer = Annotated[
    Caller, needs("cases:accept", "cases:review", "cases:check", kinds=(Kind.STAFF,))
]


@router.get("/villages/{village}/proxies")
async def proxies_of(
    village: Village, request: Request, session: Transaction, caller: Overseer, now: Now
) -> dict[str, Any]:
    """Everybody who applied for somebody of a village, with their cases; audited."""
    desk = desk_of(request, session, caller, now)
    return {"items": await proxies.of_village(session, caller, desk.today, village)}
