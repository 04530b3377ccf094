"""What is kept how long, at the desk: what goes when, why, and how much went."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import KEEPERS
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/retention", dependencies=[Depends(signed_in)])

Keeper = Annotated[Caller, needs(*KEEPERS, kinds=("staff",))]


@router.get("")
async def kept(request: Request, caller: Keeper) -> Response:
    """One table of everything that does not stay for good."""
    found = await peer(request, "identification").get("/retention")
    return pages_of(request).render(request, "desk/retention.html", kinds=found["items"])
