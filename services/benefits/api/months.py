"""A pay month in sums."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from services.benefits import overview
from services.benefits.api.reading import MONTH_TEXT, OFFICES, READING, law_of
from shared.callers import Caller, needs
from shared.months import Month
from shared.routes import CommittedRoute, Transaction

router = APIRouter(route_class=CommittedRoute)


@router.get("/months/{pay_month}")
async def read_month(
    pay_month: Annotated[str, Path(pattern=MONTH_TEXT)],
    request: Request,
    session: Transaction,
    caller: Annotated[Caller, needs(*READING, kinds=OFFICES)],
) -> dict[str, Any]:
    """Granted, proposed for recovery and held; and by which law and facts."""
    return await overview.month(session, law_of(request), caller.county, Month.parse(pay_month))
