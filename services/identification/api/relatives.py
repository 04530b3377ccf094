"""Near relatives of officers: what each has put on record, and the cases that are flagged by it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import Reader, desk_of
from services.identification.api.patterns import NO_NUL
from services.identification.casework import relatives
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Transaction

router = APIRouter(route_class=CommittedRoute)

Overseer = Annotated[
    Caller, needs("cases:accept", "cases:review", "cases:check", kinds=(Kind.STAFF,))
]


class Filing(BaseModel):
    """A relative of the caller's."""

    model_config = ConfigDict(extra="forbid")

    relation: str = Field(max_length=40)
    name: str = Field(min_length=1, max_length=60, pattern=NO_NUL)
    id_number: str = Field(min_length=15, max_length=24)


@router.post("/relatives", status_code=201)
async def file(
    words: Filing, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """Put a relative of one's own on record: from now on one does nothing in their cases."""
    desk = desk_of(request, session, caller, now)
    filing_id = await relatives.file(desk, words.relation, words.name, words.id_number)
    return {"filing_id": str(filing_id)}


@router.post("/relatives/{filing_id}/ending")
async def end(
    filing_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """A filing of one's own holds no longer."""
    await relatives.end(desk_of(request, session, caller, now), filing_id)
    return {"filing_id": str(filing_id)}


@router.get("/relatives")
async def own(request: Request, session: Transaction, caller: Reader, now: Now) -> dict[str, Any]:
    """What the caller has put on record, and the relations there are."""
    desk = desk_of(request, session, caller, now)
    relations = desk.settings.words["relations"]
    return {"items": await relatives.own(desk), "relations": relations}


@router.get("/relatives/cases")
async def flagged(
    request: Request, session: Transaction, caller: Overseer, now: Now
) -> dict[str, Any]:
    """Cases with a relative of an officer in them, and whether the county has visited each."""
    return {"items": await relatives.flagged(desk_of(request, session, caller, now))}
