"""Temporary assistance at the desk: every case of a month, and how long help took."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import month_said, peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/aid", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]


@router.get("")
async def times(request: Request, caller: Reader, month: str | None = None) -> Response:
    """The cases reported in a month, from report to help, and whose papers are late."""
    asked = month_said(request, month)
    found = await peer(request, "identification").get("/aid-times", {"month": asked})
    return pages_of(request).render(request, "desk/aid.html", month=asked, found=found)
