"""The month's page: where every fen is, and what the independent checker found."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, peer, together
from gateway.forms import signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("runs:read", kinds=("staff",))]

STATES = ("held_lines", "waiting", "unconfirmed", "settled", "returned", "refused")


@router.get("/months")
async def this_month(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """To the page of a month, the county's current one by default."""
    return see(f"/staff/months/{await month_of(request, pay_month)}")


@router.get("/months/{pay_month}")
async def month_page(pay_month: str, request: Request, caller: Reader) -> Response:
    """Granted, and where it is now, to the fen; the proof; the messages."""
    month = await month_of(request, pay_month)
    granted, paid, told = await together(
        peer(request, "benefits").get(f"/months/{month}"),
        peer(request, "payments").get(f"/months/{month}"),
        peer(request, "notifications").get(f"/months/{month}"),
    )
    return pages_of(request).render(
        request,
        "desk/month.html",
        month=month,
        granted=granted,
        paid=paid,
        told=told,
        missing=_missing(granted, paid),
        states=STATES,
        hold_reasons=words.HOLD_REASONS,
    )


def _missing(granted: dict[str, Any], paid: dict[str, Any]) -> dict[str, int]:
    """What is granted and in no state: nothing, or what payments has not taken in yet."""
    whole = granted["granted"]
    return {
        key: whole[key] - sum(paid[state][key] for state in STATES)
        for key in ("count", "total_fen")
    }
