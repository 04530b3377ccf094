"""How fast help came, at the desk: of temporary assistance, of leads, of calls of the hotline."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import month_said, peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("registers:read", kinds=("staff",))]


@router.get("/aid")
async def of_aid(
    request: Request,
    caller: Annotated[Caller, needs(*CASES, kinds=("staff",))],
    month: str | None = None,
) -> Response:
    """The cases reported in a month, from report to help, and whose papers are late."""
    return await _of_month(request, month, "aid", "aid")


@router.get("/leads")
async def of_leads(request: Request, caller: Reader, month: str | None = None) -> Response:
    """The leads of a month, from the report to the first help."""
    return await _of_month(request, month, "lead", "leads")


@router.get("/calls")
async def of_calls(request: Request, caller: Reader, month: str | None = None) -> Response:
    """The calls of a month, each with the minutes until it was routed."""
    return await _of_month(request, month, "call", "calls")


async def _of_month(request: Request, month: str | None, what: str, page: str) -> Response:
    asked = month_said(request, month)
    found = await peer(request, "identification").get(f"/{what}-times", {"month": asked})
    return pages_of(request).render(request, f"desk/{page}.html", month=asked, found=found)
