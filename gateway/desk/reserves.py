"""Townships' reserves at the desk: what each received, advanced and has left, and vouchers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import month_said, peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/reserves", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("funds:read", "reserves:read", kinds=("staff",))]
Recorder = Annotated[Caller, needs("funds:record", kinds=("staff",))]


@router.get("")
async def month_of_reserves(request: Request, caller: Reader, month: str | None = None) -> Response:
    """The reserves of the caller's area in a month, voucher by voucher."""
    asked = month_said(request, month)
    found = await peer(request, "payments").get("/reserves", {"month": asked})
    return pages_of(request).render(
        request, "desk/reserves.html", month=asked, reserves=found["items"]
    )


@router.post("")
async def receive(request: Request, form: FormOf, caller: Recorder) -> Response:
    """Record what a township's reserve received."""
    words = {"amount_fen": form.fen("amount"), "voucher": form.word("voucher")}
    path = f"/reserves/{form.number('town')}/receipts"
    await peer(request, "payments").post(path, words, key=form.key)
    return see("/staff/reserves")


@router.post("/replenishments")
async def replenish(request: Request, form: FormOf, caller: Recorder) -> Response:
    """Record that a reserve was filled up again by what verified cases were advanced."""
    words = {"amount_fen": form.fen("amount"), "voucher": form.word("voucher")}
    path = f"/reserves/{form.number('town')}/replenishments"
    await peer(request, "payments").post(path, words, key=form.key)
    return see("/staff/reserves")


@router.post("/returns")
async def take_back(request: Request, form: FormOf, caller: Recorder) -> Response:
    """Record that what was advanced for a case came back."""
    words = {"case_id": form.word("case_id"), "voucher": form.word("voucher")}
    path = f"/reserves/{form.number('town')}/returns"
    await peer(request, "payments").post(path, words, key=form.key)
    return see("/staff/reserves")
