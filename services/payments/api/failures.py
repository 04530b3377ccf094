"""What did not arrive, for those who mend it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.payments import failures
from services.payments.api.reading import Limit, MonthAsked, desk_of
from shared.callers import Caller, needs
from shared.routes import CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("payouts:read", kinds=("staff",))]


@router.get("/failures")
async def list_failures(
    request: Request,
    session: Reading,
    caller: Reader,
    pay_month: MonthAsked,
    after: UUID | None = None,
    limit: Limit = 500,
) -> dict[str, Any]:
    """Refused and returned lines of a month, with the account each payee has now."""
    return await failures.listed(
        session,
        caller,
        desk_of(request),
        pay_month=pay_month,
        after=after,
        limit=limit,
    )
