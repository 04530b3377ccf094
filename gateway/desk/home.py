"""The first page at the desk: what waits, where one may go, and where this month's money stands."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES, VISITORS
from shared.callers import Caller, needs
from shared.problems import Problem

router = APIRouter(dependencies=[Depends(signed_in)])


@router.get("/staff")
async def home(
    request: Request,
    caller: Annotated[Caller, needs("runs:read", *CASES, kinds=("staff",))],
    pay_month: str | None = None,
) -> Response:
    """Everything open to whoever sits here; a service that is away spoils no other line."""
    counts_money = caller.has("runs:read")
    month = await month_of(request, pay_month) if counts_money else ""
    runs = await _items(request, "benefits", "/runs", {"pay_month": month}) if counts_money else []
    handles = any(map(caller.has, CASES))
    waiting = await _items(request, "identification", "/case-queues", {}) if handles else None
    not_taken = await _items(request, "identification", "/payees-not-taken", {}) if handles else []
    visits = any(map(caller.has, VISITORS))
    to_sign = await _items(request, "identification", "/visits-to-sign", {}) if visits else None
    asks = caller.has("low-income:agree")
    asked = await _count(request, "low-income-request", "waiting") if asks else 0
    return pages_of(request).render(
        request,
        "desk/home.html",
        month=month,
        runs=runs,
        waiting=waiting,
        to_sign=to_sign or [],
        not_taken=not_taken or [],
        asked=asked,
        today=request.app.state.clock.today().isoformat(),
        roles=[words.ROLES.get(role, role) for role in sorted(request.state.visitor.roles)],
        families=words.FAMILIES,
        states=words.RUN_STATES,
    )


async def _items(
    request: Request, service: str, path: str, asked: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """What a list holds; None while its service is away."""
    try:
        found: list[dict[str, Any]] = (await peer(request, service).get(path, asked))["items"]
    except Problem:
        return None
    return found


async def _count(request: Request, register: str, listed: str) -> int:
    """How many entries of a register are on a list; none while its service is away."""
    try:
        found = await peer(request, "identification").get(f"/registers/{register}/counts", {})
    except Problem:
        return 0
    return sum(each["count"] for each in found["lists"] if each["list"] == listed)
