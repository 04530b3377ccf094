"""Looking again: who is due by village, their cases, and samples drawn by chance."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import desk_of
from services.identification.api.patterns import AREA, MONTH
from services.identification.casework.looking_again import reviews, samples
from shared.callers import Caller, Kind, needs
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[
    Caller, needs("cases:survey", "cases:review", "cases:check", kinds=(Kind.STAFF,))
]
Opener = Annotated[Caller, needs("cases:review", kinds=(Kind.STAFF,))]
Drawer = Annotated[Caller, needs("cases:review", "cases:check", kinds=(Kind.STAFF,))]


class Opening(BaseModel):
    """The month whose reviews are opened, of the caller's areas or a part of them."""

    model_config = ConfigDict(extra="forbid")

    month: Month
    area: str | None = Field(default=None, pattern=AREA)


class Drawing(BaseModel):
    """From which cases a sample is drawn; the share is the place's."""

    model_config = ConfigDict(extra="forbid")

    stage: Literal["township", "county"]
    category: str = Field(default="dibao", max_length=40)


@router.get("/reviews")
async def due(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    month: Annotated[str, Query(pattern=MONTH)],
    area: Annotated[str | None, Query(pattern=AREA)] = None,
) -> dict[str, Any]:
    """Who is to be looked at again in a month, or was before, village by village."""
    desk = desk_of(request, session, caller, now)
    found = await reviews.to_visit(desk, Month.parse(month), area)
    return {"month": month, "villages": await reviews.shown(desk, found)}


@router.post("/reviews", status_code=201)
async def open_due(
    words: Opening, request: Request, session: Transaction, caller: Opener, now: Now
) -> dict[str, int]:
    """Open a case for each that is due and has none; what is left is opened by the same again."""
    desk = desk_of(request, session, caller, now)
    return await reviews.open_due(desk, words.month, words.area)


@router.post("/samples", status_code=201)
async def draw(
    words: Drawing, request: Request, session: Transaction, caller: Drawer, now: Now
) -> dict[str, Any]:
    """Draw a sample of the cases that wait at a stage; its seed is kept with it."""
    return await samples.draw(desk_of(request, session, caller, now), words.stage, words.category)


@router.get("/samples/{sample_id}")
async def sample(
    sample_id: UUID, request: Request, session: Reading, caller: Drawer, now: Now
) -> dict[str, Any]:
    """A sample with all that is needed to draw it again."""
    return await samples.show(desk_of(request, session, caller, now), sample_id)
