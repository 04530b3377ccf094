"""Held lines: whose turn it is, and letting one go on."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from services.payments import deaths, holds
from services.payments.api.reading import Limit, MonthMaybeAsked, Reason, desk_of, responses
from shared.callers import Caller, needs
from shared.routes import After, CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("payouts:read", "payouts:make", "payouts:check")]
Decider = Annotated[Caller, needs("payouts:make", "payouts:check")]


@router.get("/holds")
async def list_holds(
    session: Reading,
    request: Request,
    caller: Reader,
    pay_month: MonthMaybeAsked = None,
    after: After = 0,
    limit: Limit = 500,
) -> dict[str, Any]:
    """Open holds of the caller's areas, page by page."""
    return await holds.listed(
        session, caller, desk_of(request), pay_month=pay_month, after=after, limit=limit
    )


@router.post("/holds/{hold_id}/release", responses=responses(403, 404, 409))
async def release(
    hold_id: Annotated[int, Path(ge=1, lt=2**63)],
    words: Reason,
    session: Transaction,
    caller: Decider,
    now: Now,
) -> dict[str, Any]:
    """Let a line be screened again, with the reason."""
    await deaths.refuse_unless_head(session, caller, hold_id)
    return await holds.release(session, caller, hold_id, reason=words.reason, now=now)
