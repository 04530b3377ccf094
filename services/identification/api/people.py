"""People: resolved for sign-in, looked up by staff of their area, shown to themselves."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification import people
from shared.callers import Caller, Kind, needs
from shared.look_ups import LookUp, searched
from shared.problems import Malformed
from shared.routes import CommittedRoute, LookedUp, Reading, Transaction
from shared.searching import Searched

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("people:read", kinds=(Kind.STAFF,))]


class SearchWanted(Malformed):
    """Whom are you looking for? Say it in the header Search-For."""


class IdNumberAsked(BaseModel):
    """Whose ID number is this?"""

    model_config = ConfigDict(extra="forbid")

    id_number: str = Field(min_length=1, max_length=40)


class NamesAsked(BaseModel):
    """What are these people, or the heads of these households, called?"""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] = Field(max_length=1000)


@router.post("/people/resolve")
async def resolve(
    words: IdNumberAsked,
    request: Request,
    session: Transaction,
    caller: Annotated[Caller, needs("people:resolve", kinds=(Kind.SERVICE,))],
) -> dict[str, UUID | None]:
    """The person an ID number belongs to; null when there is none."""
    keys = request.app.state.keys
    return {"person_id": await people.resolve(session, keys, caller.county, words.id_number)}


@router.post("/people/names")
async def names(
    words: NamesAsked, session: Reading, caller: Reader, looked_up: LookedUp
) -> dict[str, Any]:
    """Names by id, of those the caller may see; audited."""
    found = await people.names_of(session, caller, words.ids)
    looked_up.append(LookUp(caller.subject, "names-read", "people", len(found)))
    return {"names": found}


@router.get("/people")
async def search(
    request: Request,
    session: Reading,
    caller: Reader,
    looked_up: LookedUp,
    query: Searched,
) -> dict[str, Any]:
    """At most fifty people by ID number, household number, name, or the beginning of its pinyin."""
    if not query:
        raise SearchWanted()
    keys, place = request.app.state.keys, request.app.state.place
    found = await people.search(session, keys, place, caller, query)
    looked_up.append(searched(caller, "people", found))
    return {"items": found}


@router.get("/people/{person_id}")
async def one(
    person_id: UUID,
    request: Request,
    session: Reading,
    looked_up: LookedUp,
    caller: Annotated[Caller, needs("people:read", "my:read", kinds=(Kind.STAFF, Kind.CITIZEN))],
) -> dict[str, Any]:
    """One person and their household; audited, but for whoever looks at themselves."""
    keys, place = request.app.state.keys, request.app.state.place
    shown = await people.show(session, keys, place, caller, person_id)
    if caller.kind is Kind.STAFF:
        looked_up.append(LookUp(caller.subject, "person-read", str(person_id)))
    return shown


@router.get("/county")
async def county(
    session: Reading,
    caller: Annotated[Caller, needs("runs:read", "people:read", "roster:import")],
) -> dict[str, int]:
    """How many people and households the register holds."""
    del caller
    return await people.county_sums(session)
