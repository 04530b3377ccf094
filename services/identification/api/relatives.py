"""Near relatives of officers: what each has put on record, and the cases the county is to visit."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import Reader, desk_of
from services.identification.api.patterns import AREA
from services.identification.casework.needs import county_visits
from services.identification.casework.oversight import officials, relatives
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Overseer = Annotated[
    Caller, needs("cases:accept", "cases:review", "cases:check", kinds=(Kind.STAFF,))
]


Checker = Annotated[Caller, needs("cases:check", kinds=(Kind.STAFF,))]


class Settlement(BaseModel):
    """Whether a filing ends."""

    model_config = ConfigDict(extra="forbid")

    agreed: bool


class Recording(BaseModel):
    """An official without an account."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    post: str = Field(min_length=1, max_length=60)
    area: str = Field(pattern=AREA)
    id_number: str = Field(min_length=15, max_length=24)


class Filing(BaseModel):
    """A relative of the caller's, or of an official's."""

    model_config = ConfigDict(extra="forbid")

    relation: str = Field(max_length=40)
    name: str = Field(min_length=1, max_length=60)
    id_number: str = Field(min_length=15, max_length=24)


@router.post("/relatives", status_code=201)
async def file(
    words: Filing, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """Put a relative of one's own on record: from now on one does nothing in their cases."""
    desk = desk_of(request, session, caller, now)
    filing_id = await relatives.file(desk, words.relation, words.name, words.id_number)
    return {"filing_id": str(filing_id)}


@router.post("/officials", status_code=201)
async def record(
    words: Recording, request: Request, session: Transaction, caller: Overseer, now: Now
) -> dict[str, Any]:
    """Put an official on record who has no account, by whoever oversees their area."""
    desk = desk_of(request, session, caller, now)
    said = words.model_dump()
    return {"official_id": str(await officials.record(desk, **said))}


@router.get("/officials")
async def recorded(
    request: Request, session: Reading, caller: Overseer, now: Now
) -> dict[str, Any]:
    """The officials on record in the caller's areas, with their relatives."""
    return {"items": await relatives.of_officials(desk_of(request, session, caller, now))}


@router.post("/officials/{official_id}/relatives", status_code=201)
async def file_of_official(
    official_id: UUID,
    words: Filing,
    request: Request,
    session: Transaction,
    caller: Overseer,
    now: Now,
) -> dict[str, Any]:
    """Put a relative of an official's on record."""
    desk = desk_of(request, session, caller, now)
    said = (words.relation, words.name, words.id_number)
    return {"filing_id": str(await relatives.file(desk, *said, official_id))}


@router.post("/relatives/{filing_id}/ending")
async def ask_to_end(
    filing_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """Say that a filing of one's own holds no longer; it does until another agrees."""
    await relatives.ask_to_end(desk_of(request, session, caller, now), filing_id)
    return {"filing_id": str(filing_id)}


@router.post("/relatives/{filing_id}/ending/settlement")
async def settle(
    filing_id: UUID,
    words: Settlement,
    request: Request,
    session: Transaction,
    caller: Checker,
    now: Now,
) -> dict[str, Any]:
    """Agree that another's filing ends, or let it hold on."""
    desk = desk_of(request, session, caller, now)
    await relatives.settle_ending(desk, filing_id, agreed=words.agreed)
    return {"filing_id": str(filing_id)}


@router.get("/relatives/endings")
async def endings(request: Request, session: Reading, caller: Checker, now: Now) -> dict[str, Any]:
    """Others' filings that are said to hold no longer."""
    return {"items": await relatives.asked_to_end(desk_of(request, session, caller, now))}


@router.get("/relatives")
async def own(request: Request, session: Reading, caller: Reader, now: Now) -> dict[str, Any]:
    """What the caller has put on record, and the relations there are."""
    desk = desk_of(request, session, caller, now)
    relations = desk.settings.words["relations"]
    return {"items": await relatives.own(desk), "relations": relations}


@router.get("/county-visits")
async def county_visits_due(
    request: Request, session: Reading, caller: Overseer, now: Now
) -> dict[str, Any]:
    """Cases the county is to visit – a relative, an objection, a complaint – and whether it did."""
    return {"items": await county_visits.listed(desk_of(request, session, caller, now))}
