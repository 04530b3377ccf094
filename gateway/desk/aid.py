"""Temporary assistance at the desk: every case of a month, and how long help took."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from shared.callers import Caller, needs
from shared.clock import Clock
from shared.months import Month
from shared.problems import Malformed

router = APIRouter(prefix="/staff/aid", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]


class NoSuchMonth(Malformed):
    """A month is written like 2026-10."""


@router.get("")
async def times(request: Request, caller: Reader, month: str | None = None) -> Response:
    """The cases reported in a month, from report to help, and whose papers are late."""
    clock: Clock = request.app.state.clock
    try:
        asked = Month.parse(month) if month else clock.month()
    except ValueError as problem:
        raise NoSuchMonth() from problem
    found = await peer(request, "identification").get("/aid-times", {"month": str(asked)})
    return pages_of(request).render(request, "desk/aid.html", month=str(asked), found=found)
