"""Envelopes at the desk: made by one, checked by a second, released by a third."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, peer, together
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("payouts:read", kinds=("staff",))]
Maker = Annotated[Caller, needs("payouts:make", kinds=("staff",))]
Checker = Annotated[Caller, needs("payouts:check", kinds=("staff",))]
Releaser = Annotated[Caller, needs("payouts:release", kinds=("staff",))]
AnyOfThem = Annotated[
    Caller, needs("payouts:make", "payouts:check", "payouts:release", kinds=("staff",))
]


@router.get("/envelopes")
async def list_envelopes(
    request: Request, caller: Reader, pay_month: str | None = None
) -> Response:
    """The month's envelopes, and the closed runs that may be made into more."""
    month = await month_of(request, pay_month)
    payments = peer(request, "payments")
    found, runs, freeze = await together(
        payments.get("/envelopes", {"pay_month": month}),
        peer(request, "benefits").get("/runs", {"pay_month": month}),
        payments.get("/freeze"),
    )
    return pages_of(request).render(
        request,
        "desk/envelopes.html",
        month=month,
        envelopes=found["items"],
        closed=[run for run in runs["items"] if run["status"] == "closed"],
        freeze=freeze,
        states=words.ENVELOPE_STATES,
        families=words.FAMILIES,
        kinds=words.RUN_KINDS,
    )


@router.post("/envelopes")
async def make(request: Request, form: FormOf, caller: Maker) -> Response:
    """Screen a run's orders and put the good ones into envelopes."""
    month = await month_of(request, form.word("pay_month"))
    await peer(request, "payments").post(
        "/envelopes", {"run_id": form.word("run_id")}, key=form.key
    )
    return see(f"/staff/envelopes?pay_month={month}")


@router.get("/envelopes/{envelope_id}")
async def read(envelope_id: UUID, request: Request, caller: Reader) -> Response:
    """One envelope, with the list's hash and the button of whoever's turn it is."""
    found = await peer(request, "payments").get(f"/envelopes/{envelope_id}")
    return pages_of(request).render(
        request,
        "desk/envelope.html",
        envelope=found,
        states=words.ENVELOPE_STATES,
        funds=words.FUNDS,
    )


@router.post("/envelopes/{envelope_id}/check")
async def check(envelope_id: UUID, request: Request, form: FormOf, caller: Checker) -> Response:
    """A second person has looked at the list whose hash the page showed."""
    return await _approve(envelope_id, request, form, "check")


@router.post("/envelopes/{envelope_id}/release")
async def release(envelope_id: UUID, request: Request, form: FormOf, caller: Releaser) -> Response:
    """Finance releases it."""
    return await _approve(envelope_id, request, form, "release")


@router.post("/envelopes/{envelope_id}/void")
async def void(envelope_id: UUID, request: Request, form: FormOf, caller: AnyOfThem) -> Response:
    """Take it apart before its release, with the reason."""
    await peer(request, "payments").post(
        f"/envelopes/{envelope_id}/void", {"reason": form.word("reason", most=400)}, key=form.key
    )
    return see(f"/staff/envelopes/{envelope_id}")


@router.post("/freeze")
async def freeze(request: Request, form: FormOf, caller: Reader) -> Response:
    """Freeze payouts, or let them go again, with the reason; payments says who may."""
    act = "unfreeze" if form.word("act") == "unfreeze" else "freeze"
    reason = {"reason": form.word("reason", most=400)}
    await peer(request, "payments").post(f"/{act}", reason, key=form.key)
    return see("/staff/envelopes")


async def _approve(envelope_id: UUID, request: Request, form: FormOf, act: str) -> Response:
    seen = {"list_sha256": form.word("list_sha256")}
    await peer(request, "payments").post(f"/envelopes/{envelope_id}/{act}", seen, key=form.key)
    return see(f"/staff/envelopes/{envelope_id}")
