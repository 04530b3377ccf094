"""What households would be paid, by words that are only supposed."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from services.benefits import supposed
from services.benefits.api.reading import law_of
from services.benefits.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.contracts.benefits import ToReckon
from shared.routes import CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)


@router.post("/supposed")
async def reckon(
    words: ToReckon,
    request: Request,
    session: Reading,
    caller: Annotated[Caller, needs("sums:suppose", kinds=(Kind.SERVICE,))],
) -> dict[str, Any]:
    """Reckon, by opaque ids; asked again, the same. Nothing is written."""
    settings: Settings = request.app.state.settings
    found = await supposed.reckon(
        session,
        law_of(request),
        caller.county,
        words.month,
        words.households,
        line_fen_max=settings.line_fen_max,
    )
    return {"month": str(words.month), "households": found}
