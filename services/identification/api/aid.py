"""Temporary assistance: how fast help came, case by case."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.identification.api.cases import Reader, desk_of
from services.identification.api.patterns import MONTH
from services.identification.casework.oversight import aid_times
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading

router = APIRouter(route_class=CommittedRoute)


@router.get("/aid-times")
async def times(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    month: Annotated[str, Query(pattern=MONTH)],
) -> dict[str, Any]:
    """The cases reported in a month, of the caller's areas, with the time from report to help."""
    desk = desk_of(request, session, caller, now)
    return await aid_times.of_month(desk, Month.parse(month))
