"""Whether what identification announced has been learned, for those who wait to open a run."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from services.benefits import facts
from shared.callers import Caller, needs
from shared.routes import CommittedRoute, Transaction

router = APIRouter(route_class=CommittedRoute)


@router.get("/learned/rosters/{import_id}")
async def is_learned(
    import_id: UUID, session: Transaction, caller: Annotated[Caller, needs("runs:read")]
) -> dict[str, Any]:
    """Whether a roster's determinations are in."""
    learned = await facts.is_learned(session, "roster", import_id)
    return {"import_id": str(import_id), "learned": learned}
