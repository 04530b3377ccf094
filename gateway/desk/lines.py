"""The records behind sums of money: what was granted, and what became of a month's payments."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from gateway import words
from gateway.desk.desk import names_of, peer, said_of
from gateway.forms import signed_in
from gateway.pages import pages_of
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

MONTH = Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
Granted = Annotated[Caller, needs("lines:read", kinds=("staff",))]
Paid = Annotated[Caller, needs("payouts:read", kinds=("staff",))]
PAGE = 200


@router.get("/lines")
async def granted(
    request: Request,
    caller: Granted,
    first: Annotated[str, MONTH],
    last: Annotated[str, MONTH],
) -> Response:
    """What was granted in these pay months, of a programme or a budget item."""
    asked = said_of(request, ("first", "last", "programme", "budget_item"))
    after = said_of(request, ("after",))
    found = await peer(request, "benefits").get("/lines", {**asked, **after, "limit": PAGE})
    title = words.programme(asked.get("programme", "")) or asked.get("budget_item", "")
    return await _page(request, found, asked, f"认定发放 {title}")


@router.get("/payments")
async def paid(
    request: Request,
    caller: Paid,
    pay_month: Annotated[str, MONTH],
    state: Annotated[str, Query(pattern="^[a-z_]{4,20}$")],
) -> Response:
    """A month's payments that are in a state."""
    asked = {"first": pay_month, "last": pay_month}
    after = said_of(request, ("after",))
    found = await peer(request, "payments").get(
        f"/months/{pay_month}/orders", {"state": state, **after, "limit": PAGE}
    )
    here = {"pay_month": pay_month, "state": state}
    return await _page(request, found, {**here, **asked}, words.MONEY_STATES.get(state, ""))


async def _page(
    request: Request, found: dict[str, Any], asked: dict[str, str], title: str
) -> Response:
    return pages_of(request).render(
        request,
        "desk/lines.html",
        title=title,
        asked=asked,
        found=found,
        names=await names_of(request, {each["beneficiary_id"] for each in found["items"]}),
    )
