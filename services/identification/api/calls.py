"""Calls of the hotline: in how many minutes each became a case, a lead, an order or a referral."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.identification.api.cases import desk_of
from services.identification.api.patterns import MONTH
from services.identification.intake import calls
from shared.callers import Caller, Kind, needs
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading

router = APIRouter(route_class=CommittedRoute)


@router.get("/call-times")
async def times(
    request: Request,
    session: Reading,
    caller: Annotated[Caller, needs("registers:read", kinds=(Kind.STAFF,))],
    now: Now,
    month: Annotated[str, Query(pattern=MONTH)],
) -> dict[str, Any]:
    """The calls of a month, of the caller's areas, each with its minutes; and the late ones."""
    return await calls.times(desk_of(request, session, caller, now), Month.parse(month))
