"""What is owed back, and its receipts."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from services.payments import recoveries
from services.payments.api.reading import Limit, MonthMaybeAsked, Words, responses
from shared.callers import Caller, needs
from shared.kept import Day
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

RECOVERIES_MAX: Final = 100
"""So many are asked after by their ids at once."""

Reader = Annotated[Caller, needs("payouts:read")]
Recorder = Annotated[Caller, needs("funds:record")]


class Receipt(Words):
    """What came back, or below zero was given back, by which voucher, on which day."""

    amount_fen: int = Field(ge=-(10**12), le=10**12)
    voucher: str = Field(min_length=1, max_length=80)
    received_on: Day


@router.get("/owed-back")
async def list_owed_back(
    session: Reading,
    caller: Reader,
    recovery_id: Annotated[list[UUID] | None, Query(max_length=RECOVERIES_MAX)] = None,
    received_in: MonthMaybeAsked = None,
    after: UUID | None = None,
    limit: Limit = 1000,
) -> dict[str, Any]:
    """What is not yet paid back; or what had receipts in a month; or some, with their receipts."""
    items = await recoveries.listed(
        session,
        caller.county,
        recovery_ids=recovery_id,
        received_in=received_in,
        after=after,
        limit=limit,
    )
    return {"items": items, "next": items[-1]["recovery_id"] if len(items) == limit else None}


@router.post("/owed-back/{recovery_id}/receipts", status_code=201, responses=responses(404, 409))
async def receive(
    recovery_id: UUID, words: Receipt, session: Transaction, caller: Recorder, now: Now
) -> dict[str, Any]:
    """Finance records what came back."""
    return await recoveries.receive(
        session,
        caller,
        recovery_id,
        amount_fen=words.amount_fen,
        voucher=words.voucher,
        received_on=words.received_on,
        now=now,
    )
