"""Payees at the desk whose money does not go where a case decided, each with what mends it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/payees", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]


@router.get("")
async def not_taken(request: Request, caller: Reader, area: str | None = None) -> Response:
    """The list, the oldest first; whoever takes changes in begins the next one from here."""
    found = await peer(request, "identification").get("/payees-not-taken", {"area": area or None})
    return pages_of(request).render(
        request,
        "desk/payees.html",
        payees=found["items"],
        mended_by=found["mended_by"],
        area=area or "",
    )
