"""Money to be paid back: what runs propose, what was decided, and what of it has come."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, names_of, peer, together
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/recoveries", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("payouts:read", kinds=("staff",))]
Decider = Annotated[Caller, needs("recoveries:decide", kinds=("staff",))]
Recorder = Annotated[Caller, needs("funds:record", kinds=("staff",))]


@router.get("")
async def look(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """What the month's runs propose, what came back in it, and what of any month is to come."""
    month = await month_of(request, pay_month)
    benefits, payments = peer(request, "benefits"), peer(request, "payments")
    runs, left, came = await together(
        benefits.get("/runs", {"pay_month": month}),
        payments.get("/owed-back", {"limit": 200}),
        payments.get("/owed-back", {"received_in": month, "limit": 200}),
    )
    closed = [run["id"] for run in runs["items"] if run["status"] == "closed"]
    pages = await together(*(benefits.get(f"/runs/{each}/recoveries") for each in closed))
    proposed = [each for page in pages for each in page["items"]]
    shown = [*proposed, *left["items"], *came["items"]]
    return pages_of(request).render(
        request,
        "desk/recoveries.html",
        month=month,
        proposed=proposed,
        left=left["items"],
        came=came["items"],
        names=await names_of(request, {each["beneficiary_id"] for each in shown}),
    )


@router.get("/{recovery_id}")
async def one(recovery_id: UUID, request: Request, caller: Reader) -> Response:
    """A proposal, where its money went, every decision on it and every receipt."""
    payments = peer(request, "payments")
    told, owed = await together(
        peer(request, "benefits").get(f"/recoveries/{recovery_id}"),
        payments.get("/owed-back", {"recovery_id": str(recovery_id)}),
    )
    beneficiary = told["beneficiary_id"]
    paid = await payments.get(f"/beneficiaries/{beneficiary}/payments")
    return pages_of(request).render(
        request,
        "desk/recovery.html",
        told=told,
        owed=owed["items"][0] if owed["items"] else None,
        states={**words.MONEY_STATES, "held": words.MONEY_STATES["held_lines"]},
        paid=[each for each in paid["items"] if _same(each, told)],
        names=await names_of(request, {beneficiary}),
    )


@router.post("/{recovery_id}/decisions")
async def decide(recovery_id: UUID, request: Request, form: FormOf, caller: Decider) -> Response:
    """How much is to be paid back, by which paper, told when."""
    said = {
        "amount_fen": form.fen("amount"),
        "paper": form.word("paper", most=80),
        "told_on": form.word("told_on"),
        "reason": form.word("reason", most=400),
    }
    path = f"/recoveries/{recovery_id}"
    await peer(request, "benefits").post(f"{path}/decisions", said, key=form.key)
    return see(f"/staff{path}")


@router.post("/{recovery_id}/receipts")
async def receive(recovery_id: UUID, request: Request, form: FormOf, caller: Recorder) -> Response:
    """What came back; or, marked so, what was given back of too much."""
    sign = -1 if form.word("given_back") else 1
    said = {
        "amount_fen": sign * form.fen("amount"),
        "voucher": form.word("voucher", most=80),
        "received_on": form.word("received_on"),
    }
    await peer(request, "payments").post(f"/owed-back/{recovery_id}/receipts", said, key=form.key)
    return see(f"/staff/recoveries/{recovery_id}")


def _same(payment: dict[str, Any], told: dict[str, Any]) -> bool:
    return (payment["programme"], payment["month"]) == (told["programme"], told["month"])
