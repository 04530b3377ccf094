"""Who signs is responsible: a list by person, the signatures of one, and the workbook."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.identification.api.cases import desk_of
from services.identification.casework import signatures
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Transaction

router = APIRouter(route_class=CommittedRoute)

Leader = Annotated[Caller, needs("cases:review", "cases:check", kinds=(Kind.STAFF,))]
Person = Annotated[str | None, Query(max_length=100)]


@router.get("/signatures")
async def signed(
    request: Request,
    session: Transaction,
    caller: Leader,
    now: Now,
    first: date,
    last: date,
    person: Person = None,
) -> dict[str, Any]:
    """Each person with what they signed in a time; of one person, every signature and its case."""
    found = await signatures.signed(desk_of(request, session, caller, now), first, last, person)
    items = [asdict(each) for each in found] if person is not None else []
    return {"people": signatures.by_person(found), "items": items}


@router.get("/signatures/workbook")
async def workbook(
    request: Request,
    session: Transaction,
    caller: Leader,
    now: Now,
    first: date,
    last: date,
    person: Person = None,
) -> Response:
    """The same as a workbook."""
    found = await signatures.signed(desk_of(request, session, caller, now), first, last, person)
    return Response(signatures.workbook(found), media_type=signatures.WORKBOOK)
