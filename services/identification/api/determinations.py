"""Determinations, fetched by reference, in pages, by the one service that reckons with them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.identification import determinations
from shared.callers import Caller, Kind, needs
from shared.problems import Malformed
from shared.routes import CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("determinations:read", kinds=(Kind.SERVICE,))]


class NothingReferredTo(Malformed):
    """Name an import or one determination."""


@router.get("/determinations")
async def page(
    request: Request,
    session: Reading,
    caller: Reader,
    import_id: UUID | None = None,
    determination_id: UUID | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=determinations.PAGE_MAX)] = 500,
) -> dict[str, Any]:
    """What an event announced, in the order of ids; `next` is null on the last page."""
    del caller
    keys = request.app.state.keys
    if determination_id is not None:
        one = await determinations.one(session, keys, determination_id)
        return {"items": [one], "next": None}
    if import_id is None:
        raise NothingReferredTo()
    return await determinations.page(session, keys, import_id, after, limit)
