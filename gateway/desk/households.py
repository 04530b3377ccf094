"""A household at the desk: its file of nine items, and its cases, entries and alerts beside it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.cases import PAPERS
from gateway.desk.desk import peer, together
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]


@router.get("/households/{household_id}/file")
async def look(household_id: UUID, request: Request, caller: Reader) -> Response:
    """The items with their versions, and everything known of the household beside them."""
    service, path = peer(request, "identification"), f"/households/{household_id}"
    file, dossier = await together(service.get(f"{path}/archive"), service.get(f"{path}/dossier"))
    return pages_of(request).render(
        request, "desk/household_file.html", file=file, dossier=dossier, papers=PAPERS
    )
