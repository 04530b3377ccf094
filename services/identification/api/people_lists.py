"""Lists of people from schools and agencies: brought, looked at row by row, and accepted."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.identification.api.cases import desk_of
from services.identification.intake import people_lists
from services.identification.places import Place
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Taker = Annotated[Caller, needs("requests:take", kinds=(Kind.STAFF,))]
Accepter = Annotated[Caller, needs("requests:take", "cases:accept", kinds=(Kind.STAFF,))]


@router.post("/people-lists", status_code=201)
async def bring(
    request: Request,
    session: Transaction,
    caller: Taker,
    now: Now,
    source: Literal["school", "agency"],
    name: Annotated[str, Query(min_length=2, max_length=60)],
    category: Annotated[str, Query(max_length=40)],
    opens: Literal["draft", "lead"] = "draft",
) -> dict[str, Any]:
    """Stage a file (raw body, xlsx or csv): every row with what is wrong with it."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    content = await request.body()
    found = await people_lists.stage(desk, place, source, name, category, opens, content)
    return await people_lists.shown(desk, found)


@router.get("/people-lists")
async def page(request: Request, session: Reading, caller: Accepter, now: Now) -> dict[str, Any]:
    """The newest lists the caller may see, with their counts."""
    return {"items": await people_lists.listed(desk_of(request, session, caller, now))}


@router.get("/people-lists/{list_id}")
async def look(
    list_id: UUID, request: Request, session: Reading, caller: Accepter, now: Now
) -> dict[str, Any]:
    """A list row by row, with its reconciliation."""
    desk = desk_of(request, session, caller, now)
    return await people_lists.shown(desk, await people_lists.stand(desk, list_id))


@router.post("/people-lists/{list_id}/acceptance")
async def accept(
    list_id: UUID, request: Request, session: Transaction, caller: Accepter, now: Now
) -> dict[str, Any]:
    """Open what waits and another brought, at most 200 rows; asked again, the rest."""
    desk = desk_of(request, session, caller, now)
    waiting = await people_lists.accept(desk, list_id)
    return {"waiting": waiting, "counts": await people_lists.counts(desk, list_id)}
