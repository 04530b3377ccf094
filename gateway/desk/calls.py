"""Calls of the hotline at the desk: a month's calls with their minutes, the late ones named."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import month_said, peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/calls", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("registers:read", kinds=("staff",))]


@router.get("")
async def times(request: Request, caller: Reader, month: str | None = None) -> Response:
    """The calls of a month, each with the minutes until it was routed."""
    asked = month_said(request, month)
    found = await peer(request, "identification").get("/call-times", {"month": asked})
    return pages_of(request).render(request, "desk/calls.html", month=asked, found=found)
