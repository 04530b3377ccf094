"""A household's file at the desk: its nine items over all its cases, and the whole of it as PDF."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.cases import PAPERS
from gateway.desk.desk import peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]


@router.get("/households/{household_id}/file")
async def look(household_id: UUID, request: Request, caller: Reader) -> Response:
    """The items with their versions, and the cases they come from."""
    found = await peer(request, "identification").get(f"/households/{household_id}/archive")
    return pages_of(request).render(request, "desk/household_file.html", file=found, papers=PAPERS)
