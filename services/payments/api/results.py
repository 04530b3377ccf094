"""Results: what became of a bank's file, and its lines for those who tell people."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.payments import beneficiaries, results
from services.payments.api.reading import Limit, desk_of, responses
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("settlements:read", "bank:answer")]
Teller = Annotated[Caller, needs("settlements:read", kinds=(Kind.SERVICE,))]


@router.get("/results/{result_id}", responses=responses(404))
async def read(result_id: UUID, session: Reading, caller: Reader) -> dict[str, Any]:
    """What became of a file, with what in it did not fit."""
    result = await results.found(session, caller, result_id)
    return {
        **results.words_of(result),
        "discrepancy_list": await results.discrepancies_of(session, result_id),
    }


@router.get("/results/{result_id}/lines", responses=responses(404))
async def list_lines(
    result_id: UUID,
    request: Request,
    session: Reading,
    caller: Teller,
    after: Annotated[str, Query(max_length=60)] = "",
    limit: Limit = 2000,
) -> dict[str, Any]:
    """Each line the file settled, refused or returned, page by page."""
    await results.found(session, caller, result_id)
    return await beneficiaries.result_lines(
        session, desk_of(request).banks, result_id, after=after, limit=limit
    )
