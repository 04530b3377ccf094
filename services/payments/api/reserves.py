"""Townships' reserves: filled by vouchers, drawn on by cases, reported by month."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from services.payments import reserves
from services.payments.api.reading import MonthAsked, Words, responses
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Recorder = Annotated[Caller, needs("funds:record")]
Reader = Annotated[Caller, needs("funds:read", "reserves:read", kinds=(Kind.STAFF,))]
Spender = Annotated[Caller, needs("reserves:spend", kinds=(Kind.SERVICE,))]
Town = Annotated[str, Path(pattern=r"^\d{9}$")]


class Received(Words):
    """What a voucher brings."""

    amount_fen: int = Field(gt=0, le=10**12)
    voucher: str = Field(min_length=1, max_length=100)


class Advanced(Words):
    """What is paid first for a case."""

    case_id: UUID
    amount_fen: int = Field(gt=0, le=10**9)
    voucher: str = Field(min_length=1, max_length=100)


class Back(Words):
    """What comes back of a case, by which voucher."""

    case_id: UUID
    voucher: str = Field(min_length=1, max_length=100)


@router.get("/reserves")
async def list_reserves(session: Reading, caller: Reader, month: MonthAsked) -> dict[str, Any]:
    """Each reserve of the caller's area in a month, voucher by voucher, and what is left."""
    return {"month": month, "items": await reserves.listed(session, caller, month)}


@router.post("/reserves/{town}/receipts", status_code=201, responses=responses(409))
async def receive(
    town: Town, words: Received, session: Transaction, caller: Recorder, now: Now
) -> dict[str, Any]:
    """Finance records what a township's reserve received."""
    return await reserves.receive(
        session, caller, town, amount_fen=words.amount_fen, voucher=words.voucher, now=now
    )


@router.post("/reserves/{town}/replenishments", status_code=201, responses=responses(409))
async def replenish(
    town: Town, words: Received, session: Transaction, caller: Recorder, now: Now
) -> dict[str, Any]:
    """Finance records that a reserve was filled up by what verified cases were advanced."""
    return await reserves.replenish(
        session, caller, town, amount_fen=words.amount_fen, voucher=words.voucher, now=now
    )


@router.post("/reserves/{town}/advances", status_code=201, responses=responses(409))
async def advance(
    town: Town, words: Advanced, session: Transaction, caller: Spender, now: Now
) -> dict[str, Any]:
    """A case is helped first; refused where the reserve holds less."""
    return await reserves.advance(
        session,
        caller,
        town,
        words.case_id,
        amount_fen=words.amount_fen,
        voucher=words.voucher,
        now=now,
    )


@router.post("/reserves/{town}/returns", status_code=201, responses=responses(404, 409))
async def take_back(
    town: Town, words: Back, session: Transaction, caller: Recorder, now: Now
) -> dict[str, Any]:
    """Finance records that what was advanced for a case came back, or never left."""
    return await reserves.take_back(
        session, caller, town, words.case_id, voucher=words.voucher, now=now
    )
