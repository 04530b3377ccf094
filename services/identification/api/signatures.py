"""Who signs is responsible: a list by person, the signatures of one, and the workbook."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.identification.api.cases import desk_of
from services.identification.casework.oversight import signatures
from services.identification.casework.papers import tables
from services.identification.places import Place
from shared.callers import Caller, Kind, needs
from shared.kept import Day
from shared.routes import CommittedRoute, Now, Reading

router = APIRouter(route_class=CommittedRoute)

Leader = Annotated[Caller, needs("cases:review", "cases:check", kinds=(Kind.STAFF,))]
Person = Annotated[str | None, Query(max_length=100)]


@router.get("/signatures")
async def signed(
    request: Request,
    session: Reading,
    caller: Leader,
    now: Now,
    first: Annotated[Day, Query()],
    last: Annotated[Day, Query()],
    person: Person = None,
) -> dict[str, Any]:
    """Each person with what they signed in a time; of one person, every signature and its case."""
    desk, of_one = desk_of(request, session, caller, now), person is not None
    found = await signatures.signed(desk, first, last, person, said=of_one)
    items = [asdict(each) for each in found] if of_one else []
    return {"people": signatures.by_person(found), "items": items}


@router.get("/signatures/workbook")
async def workbook(
    request: Request,
    session: Reading,
    caller: Leader,
    now: Now,
    first: Annotated[Day, Query()],
    last: Annotated[Day, Query()],
    person: Person = None,
) -> Response:
    """The same as a workbook."""
    desk = desk_of(request, session, caller, now)
    found = await signatures.signed(desk, first, last, person, said=True)
    place: Place = request.app.state.place
    return Response(signatures.workbook(found, place), media_type=tables.XLSX)
