"""Certificates at the desk: which wait to be handed over, and which are to be taken back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/certificates", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]


@router.get("")
async def undelivered(request: Request, caller: Reader, area: str | None = None) -> Response:
    """The lists, village by village, to be printed as they are."""
    found = await peer(request, "identification").get("/certificates", {"area": area or None})
    return pages_of(request).render(
        request,
        "desk/certificates.html",
        lists=(("待发证", found["undelivered"]), ("应收回", found["to_withdraw"])),
        area=area or "",
    )
