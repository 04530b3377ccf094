"""Funds: what vouchers put at their disposal, and whether money may leave at all."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field

from services.payments import freeze, funds
from services.payments.api.reading import MonthAsked, Reason, Words, desk_of, responses
from shared.callers import Caller, needs
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Recorder = Annotated[Caller, needs("funds:record")]
Reader = Annotated[Caller, needs("funds:read", "payouts:read")]
Freezer = Annotated[Caller, needs("payouts:check", "payouts:release")]
Unfreezer = Annotated[Caller, needs("payouts:release")]


class Appropriated(Words):
    """What a voucher puts at a fund's disposal for a pay month."""

    fund: str = Field(pattern="^[a-z][a-z0-9-]{1,30}$")
    pay_month: Month
    amount_fen: int = Field(gt=0, le=10**14)
    voucher: str = Field(min_length=1, max_length=80)
    projects: list[Annotated[str, Field(max_length=80)]] = Field(min_length=1, max_length=20)


@router.post("/appropriations", status_code=201, responses=responses(409, 422))
async def record(
    words: Appropriated, request: Request, session: Transaction, caller: Recorder, now: Now
) -> dict[str, Any]:
    """Finance records an appropriation with its voucher."""
    kept = await funds.record(
        session,
        caller,
        desk_of(request).place,
        fund=words.fund,
        pay_month=str(words.pay_month),
        amount_fen=words.amount_fen,
        voucher=words.voucher,
        projects=words.projects,
        now=now,
    )
    return {
        "appropriation_id": str(kept.id),
        "fund": kept.fund,
        "pay_month": kept.pay_month,
        "amount_fen": kept.amount_fen,
        "voucher": kept.voucher,
        "projects": kept.projects,
    }


@router.get("/funds")
async def list_funds(
    session: Reading, request: Request, caller: Reader, pay_month: MonthAsked
) -> dict[str, Any]:
    """Each fund of a month: its vouchers, and what is left."""
    return {
        "pay_month": pay_month,
        "named": desk_of(request).place.funds,
        "items": await funds.listed(session, caller.county, pay_month),
        "next": None,
    }


@router.get("/freeze")
async def read_freeze(session: Reading, caller: Reader) -> dict[str, Any]:
    """Whether payouts are frozen, why, and since when."""
    return await freeze.standing(session, caller.county)


@router.post("/freeze")
async def freeze_payouts(
    words: Reason, session: Transaction, caller: Freezer, now: Now
) -> dict[str, Any]:
    """Let no money leave from now on."""
    return await freeze.change(session, caller, frozen=True, reason=words.reason, now=now)


@router.post("/unfreeze")
async def unfreeze_payouts(
    words: Reason, session: Transaction, caller: Unfreezer, now: Now
) -> dict[str, Any]:
    """Let money leave again, and say why that is safe."""
    return await freeze.change(session, caller, frozen=False, reason=words.reason, now=now)
