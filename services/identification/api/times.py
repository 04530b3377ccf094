"""How fast help came, month by month: temporary assistance, leads, calls of the hotline."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.identification.api import cases
from services.identification.api.cases import desk_of
from services.identification.api.patterns import MONTH
from services.identification.casework.oversight import aid_times
from services.identification.discovery import times
from services.identification.intake import calls
from shared.callers import Caller, Kind, needs
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("registers:read", kinds=(Kind.STAFF,))]
OfMonth = Annotated[str, Query(pattern=MONTH)]


@router.get("/aid-times")
async def of_aid(
    request: Request, session: Reading, caller: cases.Reader, now: Now, month: OfMonth
) -> dict[str, Any]:
    """The cases reported in a month, of the caller's areas, with the time from report to help."""
    desk = desk_of(request, session, caller, now)
    return await aid_times.of_month(desk, Month.parse(month))


@router.get("/lead-times")
async def of_leads(
    request: Request, session: Reading, caller: Reader, now: Now, month: OfMonth
) -> dict[str, Any]:
    """The leads of a month, of the caller's areas, with the time from report to help."""
    return await times.of_month(desk_of(request, session, caller, now), Month.parse(month))


@router.get("/call-times")
async def of_calls(
    request: Request, session: Reading, caller: Reader, now: Now, month: OfMonth
) -> dict[str, Any]:
    """The calls of a month, of the caller's areas, each with its minutes; and the late ones."""
    return await calls.times(desk_of(request, session, caller, now), Month.parse(month))
