"""Households: one decided by itself, between two rosters."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification import decisions
from services.identification.api.cases import desk_of
from services.identification.casework.decisions import certificates
from shared.callers import Caller, Kind, needs
from shared.months import Month
from shared.problems import Malformed
from shared.routes import CommittedRoute, Now, Transaction

router = APIRouter(route_class=CommittedRoute)

Flag = Annotated[int, Field(ge=0, le=1)]
NotApplicable = Literal["not-applicable"]


class NotYetDecided(Malformed):
    """A decision cannot be of a day to come."""


class Words(BaseModel):
    """What is not named stays as it was decided; null says that it is unknown."""

    model_config = ConfigDict(extra="forbid")


class HouseholdFacts(Words):
    """What is decided about the household."""

    on_dibao: Flag = 0
    income_fen_monthly: int | None = Field(default=None, ge=0, le=1_000_000_000)


class MemberFacts(Words):
    """What is decided about a member."""

    on_tekun: Flag = 0
    care_mode: Annotated[int, Field(ge=1, le=2)] | NotApplicable | None = None
    self_care: Annotated[int, Field(ge=1, le=3)] | NotApplicable | None = None
    disability_grade: Annotated[int, Field(ge=1, le=4)] | NotApplicable | None = None
    disability_kind: Annotated[int, Field(ge=1, le=7)] | NotApplicable | None = None
    on_disability_living: Flag = 0
    on_disability_nursing: Flag = 0
    on_old_age: Flag = 0


class Member(Words):
    """A member whom the decision names."""

    person_id: UUID
    facts: MemberFacts


class Decision(Words):
    """A decision about one household, from a month."""

    decision_number: str = Field(min_length=1, max_length=100)
    decided_on: date
    from_month: Month
    facts: HouseholdFacts = HouseholdFacts()
    members: list[Member] = Field(default_factory=list, max_length=60)


@router.post("/households/{household_id}/determinations", status_code=201)
async def decide(
    household_id: UUID,
    words: Decision,
    request: Request,
    session: Transaction,
    caller: Annotated[Caller, needs("determinations:decide", kinds=(Kind.STAFF,))],
    now: Now,
) -> dict[str, Any]:
    """Record a decision, and tell those who reckon with it."""
    if words.decided_on > request.app.state.clock.today():
        raise NotYetDecided()
    recorded = await decisions.decide(
        session,
        request.app.state.keys,
        caller,
        household_id,
        words.decision_number,
        words.decided_on,
        words.from_month,
        words.facts.model_dump(exclude_unset=True),
        {one.person_id: one.facts.model_dump(exclude_unset=True) for one in words.members},
        now,
    )
    desk = desk_of(request, session, caller, now)
    await certificates.follow(desk, words.decision_number, [household_id])
    return {"determination_id": str(recorded.id)}
