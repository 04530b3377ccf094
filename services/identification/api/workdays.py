"""Working days: which are named, and naming them; and the calendar each request counts by."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.place_settings import PlaceSettings
from services.identification.workdays import naming
from services.identification.workdays.naming import Naming, Said
from shared.callers import Caller, Kind, needs
from shared.kept import Day
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("cases:read", "registers:read", "days:name", kinds=(Kind.STAFF,))]
Namer = Annotated[Caller, needs("days:name", kinds=(Kind.STAFF,))]


class Days(BaseModel):
    """Days that a paper names: free, worked, or as the nation's calendar has them again."""

    model_config = ConfigDict(extra="forbid")

    document: str = Field(min_length=1, max_length=200)
    days: dict[Day, Said] = Field(min_length=1, max_length=naming.NAMED_MAX)


async def know_calendar(request: Request, session: AsyncSession) -> None:
    """The calendar in force, for whatever this request counts; who may write holds it."""
    lately: naming.Lately = request.app.state.calendar_lately
    known = lately.in_force if request.method == "GET" else naming.held
    request.state.calendar = await known(session, request.app.state.settings.county)


def settings_of(request: Request) -> PlaceSettings:
    """What the place sets, with the calendar in force."""
    settings: PlaceSettings = request.app.state.casework
    return replace(settings, calendar=request.state.calendar)


@router.get("/workdays")
async def days(request: Request, session: Reading, caller: Reader, now: Now) -> dict[str, Any]:
    """The days to come that are not as the week has them, and who named which by what paper."""
    return await naming.listed(
        session, caller, settings_of(request).calendar, request.app.state.clock.today()
    )


@router.post("/workdays", status_code=201)
async def name(
    words: Days, request: Request, session: Transaction, caller: Namer, now: Now
) -> dict[str, Any]:
    """Name days; every due day that was counted moves with them."""
    lately: naming.Lately = request.app.state.calendar_lately
    lately.forget()
    return await naming.name(
        session, caller, now, request.app.state.clock.today(), Naming(words.document, words.days)
    )
