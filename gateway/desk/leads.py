"""Proactive discovery at the desk: how long help took for whoever was found, lead by lead."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import month_said, peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/leads", dependencies=[Depends(signed_in)])


@router.get("")
async def times(
    request: Request,
    caller: Annotated[Caller, needs("registers:read", kinds=("staff",))],
    month: str | None = None,
) -> Response:
    """The leads of a month, from the report to the first help."""
    asked = month_said(request, month)
    found = await peer(request, "identification").get("/lead-times", {"month": asked})
    return pages_of(request).render(request, "desk/leads.html", month=asked, found=found)
