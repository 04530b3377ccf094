"""People at the desk: found by number, name or pinyin, and one with their household."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of
from shared import searching
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/people", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("people:read", kinds=("staff",))]


@router.get("")
async def ask(request: Request, caller: Reader) -> Response:
    """The form to look somebody up by."""
    return pages_of(request).render(request, "desk/people.html", query="", people=None)


@router.post("/searches")
async def find(request: Request, form: FormOf, caller: Reader) -> Response:
    """Whoever is found in the reader's areas; what was searched for stands in no address."""
    query = form.word("query", most=searching.LONGEST)
    people = peer(request, "identification")
    found = (await people.get("/people", search=query))["items"] if query else None
    return pages_of(request).render(request, "desk/people.html", query=query, people=found)


@router.get("/{person_id}")
async def look(person_id: UUID, request: Request, caller: Reader) -> Response:
    """One person, and who lives or lived with them."""
    found = await peer(request, "identification").get(f"/people/{person_id}")
    return pages_of(request).render(request, "desk/person.html", person=found)
