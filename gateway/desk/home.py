"""The first page at the desk: where this month stands, and whose turn it is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, peer
from gateway.forms import signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs
from shared.problems import Problem

router = APIRouter(dependencies=[Depends(signed_in)])


@router.get("/staff")
async def home(
    request: Request,
    caller: Annotated[Caller, needs("runs:read", "cases:read", kinds=("staff",))],
    pay_month: str | None = None,
) -> Response:
    """The month's acts in order, with what is done; a service that is away spoils no other line."""
    if not caller.has("runs:read"):
        return see("/staff/cases")
    month = await month_of(request, pay_month)
    try:
        runs = (await peer(request, "benefits").get("/runs", {"pay_month": month}))["items"]
    except Problem:
        runs = None
    return pages_of(request).render(
        request,
        "desk/home.html",
        month=month,
        runs=runs,
        roles=[words.ROLES.get(role, role) for role in sorted(request.state.visitor.roles)],
        families=words.FAMILIES,
        states=words.RUN_STATES,
    )
