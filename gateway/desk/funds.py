"""Funds at the desk: what was applied for, what vouchers put there, what is left."""

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, peer, together
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs
from shared.calls import Peer

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("funds:read", kinds=("staff",))]
Recorder = Annotated[Caller, needs("funds:record", kinds=("staff",))]


@router.get("/funds")
async def list_funds(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """Each fund of the month: applied for, appropriated, left; and the form for a voucher."""
    month = await month_of(request, pay_month)
    benefits = peer(request, "benefits")
    found, runs = await together(
        peer(request, "payments").get("/funds", {"pay_month": month}),
        benefits.get("/runs", {"pay_month": month}),
    )
    closed = [run["id"] for run in runs["items"] if run["status"] == "closed"]
    return pages_of(request).render(
        request,
        "desk/funds.html",
        month=month,
        named=found["named"],
        standing={each["fund"]: each for each in found["items"]},
        applied=await _applied(benefits, closed),
        funds=words.FUNDS,
    )


@router.post("/appropriations")
async def record(request: Request, form: FormOf, caller: Recorder) -> Response:
    """Record what a voucher puts at a fund's disposal."""
    fund, month = form.word("fund"), await month_of(request, form.word("pay_month"))
    payments = peer(request, "payments")
    named = (await payments.get("/funds", {"pay_month": month}))["named"]
    await payments.post(
        "/appropriations",
        {
            "fund": fund,
            "pay_month": month,
            "amount_fen": form.fen("amount"),
            "voucher": form.word("voucher", most=80),
            "projects": named.get(fund, []),
        },
        key=form.key,
    )
    return see(f"/staff/funds?pay_month={month}")


async def _applied(benefits: Peer, closed: list[str]) -> dict[str, int]:
    """What the month's closed runs ask of each fund."""
    asked: dict[str, int] = defaultdict(int)
    applications: list[dict[str, Any]] = await together(
        *(benefits.get(f"/runs/{run_id}/application") for run_id in closed)
    )
    for application in applications:
        for row in application["by_fund"]:
            asked[row["fund"]] += row["amount_fen"]
    return dict(asked)
