"""Proactive discovery: how fast help came to whoever was found."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.identification.api.cases import desk_of
from services.identification.api.patterns import MONTH
from services.identification.discovery import times
from shared.callers import Caller, Kind, needs
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("registers:read", kinds=(Kind.STAFF,))]


@router.get("/lead-times")
async def lead_times(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    month: Annotated[str, Query(pattern=MONTH)],
) -> dict[str, Any]:
    """The leads of a month, of the caller's areas, with the time from report to help."""
    return await times.of_month(desk_of(request, session, caller, now), Month.parse(month))
