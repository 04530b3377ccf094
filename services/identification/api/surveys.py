"""Visits without a network: the list that is taken along, and the packages that are brought."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import desk_of
from services.identification.api.patterns import AREA
from services.identification.offline import uploads, worklists
from services.identification.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Reading, Transaction

ENDED: Final = "x-accounts-ended"

router = APIRouter(route_class=CommittedRoute)

Surveyor = Annotated[Caller, needs("cases:survey", kinds=(Kind.STAFF,))]


class Taking(BaseModel):
    """Of which area the visits are; without it, of all the caller's."""

    model_config = ConfigDict(extra="forbid")

    area: str | None = Field(default=None, pattern=AREA)


@router.post("/survey-work", status_code=201)
async def take_along(
    words: Taking, request: Request, session: Transaction, caller: Surveyor, now: Now
) -> dict[str, Any]:
    """The visits to be made, and the key by which the caller signs them; audited."""
    return await worklists.issue(desk_of(request, session, caller, now), words.area)


@router.post("/survey-packages")
async def bring(
    request: Request, session: Transaction, caller: Surveyor, now: Now
) -> dict[str, Any]:
    """Take in a package (raw body: JSON, or a zip with its photos); what became of each visit."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    content = await request.body()
    return await uploads.take_in(desk, settings.files_dir, content, _ended(request))


@router.get("/survey-packages")
async def brought(request: Request, session: Reading, caller: Surveyor, now: Now) -> dict[str, Any]:
    """The last packages the caller brought."""
    return {"items": await uploads.listed(desk_of(request, session, caller, now))}


def _ended(request: Request) -> dict[str, list[datetime]]:
    """Which accounts lost the right to make visits, as the gateway says it with a package."""
    found: dict[str, list[datetime]] = {}
    for subject, ended_at in json.loads(request.headers.get(ENDED, "[]")):
        found.setdefault(subject, []).append(datetime.fromisoformat(ended_at))
    return found
