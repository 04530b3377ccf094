"""One proposal to recover: read, and decided by a person."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.benefits import recovery_decisions
from services.benefits.api.reading import OFFICES
from shared.callers import Caller, needs
from shared.kept import Day
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("runs:read", kinds=OFFICES)]
Decider = Annotated[Caller, needs("recoveries:decide", kinds=OFFICES)]


class RecoveryWords(BaseModel):
    """How much is to be paid back, by which paper, and when whom it concerns was told."""

    model_config = ConfigDict(extra="forbid")

    amount_fen: int = Field(ge=0, le=10**12)
    paper: str = Field(min_length=1, max_length=80)
    told_on: Day
    reason: str = Field(default="", max_length=400)


@router.get("/recoveries/{recovery_id}")
async def look(recovery_id: UUID, session: Reading, caller: Reader) -> dict[str, Any]:
    """A proposal, what may be decided at most, and every decision."""
    return await recovery_decisions.told(session, caller.county, recovery_id)


@router.post("/recoveries/{recovery_id}/decisions", status_code=201)
async def decide(
    recovery_id: UUID, words: RecoveryWords, session: Transaction, caller: Decider, now: Now
) -> dict[str, Any]:
    """Decide how much of it is to be paid back; the last decision stands."""
    said = recovery_decisions.Decided(**words.model_dump())
    return await recovery_decisions.decide(session, caller, recovery_id, said, now)
