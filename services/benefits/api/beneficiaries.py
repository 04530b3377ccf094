"""What one household or person was granted, why, and what is held."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.benefits import entitlements, facts, holds, months_due, packs, workings
from services.benefits.api.reading import (
    MONTH_TEXT,
    OFFICES,
    After,
    Limit,
    law_of,
    page_of,
    shelf_of,
)
from services.benefits.months_due import Cause, Terms, Wish
from shared import audit
from shared.callers import Caller, needs
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("lines:read")]
Officer = Annotated[Caller, needs("lines:read", kinds=OFFICES)]
Maker = Annotated[Caller, needs("runs:make", kinds=OFFICES)]


class Reason(BaseModel):
    """Why a hold is released."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=4, max_length=400)


class MonthsDue(BaseModel):
    """Past months marked due by a named cause, with the paper that names them."""

    model_config = ConfigDict(extra="forbid")

    family: str = Field(max_length=40)
    first: Month
    last: Month
    cause: Literal[Cause.STANDARD, Cause.CORRECTION, Cause.APPEAL, Cause.DOUBLE_BENEFIT]
    paper: str = Field(min_length=2, max_length=200)
    households: list[UUID] | None = Field(default=None, max_length=1000)


@router.get("/beneficiaries/{beneficiary_id}/lines")
async def list_lines(beneficiary_id: UUID, session: Reading, caller: Reader) -> dict[str, Any]:
    """What a household or a person was granted, the newest month first."""
    found = await entitlements.of_beneficiary(session, caller, beneficiary_id)
    items = [entitlements.words(each.line_id, each.run_id, each) for each in found]
    return {"items": items, "next": None}


@router.get("/lines")
async def list_granted(
    session: Reading,
    caller: Officer,
    first: Annotated[str, Query(pattern=MONTH_TEXT)],
    last: Annotated[str, Query(pattern=MONTH_TEXT)],
    programme: Annotated[str | None, Query(max_length=40)] = None,
    budget_item: Annotated[str | None, Query(max_length=20)] = None,
    after: After = None,
    limit: Limit = 1000,
) -> dict[str, Any]:
    """What a sum of these pay months counts, of a programme or a budget item, in pages."""
    asked = {"first": first, "last": last, "programme": programme, "budget_item": budget_item}
    found = await entitlements.behind(session, caller.county, asked, after=after, limit=limit)
    return found | page_of(found["items"], limit, "line_id")


@router.get("/lines/{line_id}")
async def read_line(line_id: UUID, session: Reading, caller: Reader) -> dict[str, Any]:
    """One granted line."""
    line = await entitlements.granted(session, caller, line_id)
    return entitlements.words(line.line_id, line.run_id, line)


@router.get("/lines/{line_id}/workings")
async def read_workings(
    line_id: UUID, request: Request, session: Reading, caller: Reader
) -> dict[str, Any]:
    """Why a line is what it is, reckoned again from its run's facts and law."""
    line = await entitlements.granted(session, caller, line_id)
    return await workings.tell(session, shelf_of(request), law_of(request), line)


@router.post("/holds/{hold_id}/release")
async def release(
    hold_id: UUID,
    words: Reason,
    request: Request,
    session: Transaction,
    caller: Maker,
    now: Now,
) -> dict[str, Any]:
    """Let the month's supplementary run try a held sum again."""
    released = await holds.release(session, hold_id, caller, words.reason, now)
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="hold-released",
        subject=str(hold_id),
        details={"reason": released.reason},
    )
    return holds.words(released, law_of(request))


@router.post("/months-due", status_code=201)
async def mark_due(
    words: MonthsDue, request: Request, session: Transaction, caller: Maker, now: Now
) -> dict[str, Any]:
    """Mark past months due; the next run recomputes them, and two people see its effect."""
    packs.programmes_of(law_of(request), words.family)
    terms = Terms(caller.county, now, request.app.state.settings.arrears_months_max)
    await facts.gate(session, alone=False)
    wish = Wish(
        words.family,
        words.first,
        words.last,
        Cause(words.cause),
        words.paper,
        words.households,
    )
    marked = await months_due.mark_named(session, terms, wish)
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="months-marked-due",
        subject=words.family,
        details={
            "first": str(words.first),
            "last": str(words.last),
            "cause": words.cause,
            "marked": marked,
        },
    )
    return {"marked": marked}
