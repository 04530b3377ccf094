"""My assistance: what is paid, month by month, where it is, and why it is this much."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import reckoning, words
from gateway.forms import signed_in
from gateway.pages import month_words, pages_of
from gateway.palmtop.applications import to_answer
from shared.callers import Caller, needs
from shared.calls import Peer
from shared.problems import Problem

router = APIRouter(dependencies=[Depends(signed_in)])

Citizen = Annotated[Caller, needs("my:read", kinds=("citizen",))]

LINES_SHOWN: Final = 200
PAGES: Final = ("/my", "/my/payments", "/my/messages")


class State(StrEnum):
    """The five words a payment's state is told in."""

    RECKONED = "算好了"
    LOOKED_INTO = "在核对"
    AT_THE_BANK = "送银行了"
    ARRIVED = "到卡了"
    FAILED = "没发成"


STATES: Final = {
    "ordered": State.RECKONED,
    "enveloped": State.RECKONED,
    "held": State.LOOKED_INTO,
    "in-flight": State.AT_THE_BANK,
    "unconfirmed": State.AT_THE_BANK,
    "settled": State.ARRIVED,
    "refused": State.FAILED,
    "returned": State.FAILED,
}
LOOKS: Final = {State.ARRIVED: "ok", State.FAILED: "bad"}


@dataclass(frozen=True, slots=True)
class Payment:
    """One sum for one month, as its person reads it."""

    line_id: str
    programme: str
    month: str
    pay_month: str
    arrears: bool
    amount_fen: int
    state: State
    look: str
    next_step: str
    card: str
    failure: words.Failure | None


@router.get("/my")
async def mine(request: Request, caller: Citizen) -> Response:
    """The newest pay month, large; what went wrong first."""
    payments, person, waiting = await asyncio.gather(
        _payments(request, caller), _person(request, caller), to_answer(request, caller)
    )
    newest = max((payment.pay_month for payment in payments), default=None)
    return pages_of(request).render(
        request,
        "palmtop/my.html",
        person=person,
        to_answer=waiting,
        month=newest,
        payments=[payment for payment in payments if payment.pay_month == newest],
        failed=[payment for payment in payments if payment.state == State.FAILED],
        earlier=len({payment.pay_month for payment in payments}) > 1,
    )


@router.get("/my/payments")
async def all_mine(request: Request, caller: Citizen) -> Response:
    """Every month, the newest first."""
    payments = await _payments(request, caller)
    payments.sort(key=lambda payment: payment.pay_month, reverse=True)
    months = groupby(payments, key=lambda payment: payment.pay_month)
    return pages_of(request).render(
        request,
        "palmtop/payments.html",
        months=[(month, list(of_month)) for month, of_month in months],
    )


@router.get("/my/why/{line_id}")
async def why(line_id: UUID, request: Request, caller: Citizen) -> Response:
    """Why this amount, in sentences, from the facts and the law it was reckoned with."""
    benefits: Peer = request.app.state.peers["benefits"].on_behalf_of(caller)
    told, person = await asyncio.gather(
        benefits.get(f"/lines/{line_id}/workings"), _person(request, caller)
    )
    steps = reckoning.steps(told["workings"], _names(person))
    return pages_of(request).render(
        request,
        "palmtop/why.html",
        told=told,
        steps=steps,
        mainly=[step for step in steps if step["is_main"]],
    )


@router.get("/my/messages")
async def messages(request: Request, caller: Citizen) -> Response:
    """What we told them: the same words as the text messages."""
    notifications: Peer = request.app.state.peers["notifications"].on_behalf_of(caller)
    found = await notifications.get(f"/people/{caller.person}/inbox")
    return pages_of(request).render(request, "palmtop/messages.html", messages=found["items"])


async def _person(request: Request, caller: Caller) -> dict[str, Any] | None:
    """Who they are to the register, for the greeting; the page does without."""
    identification: Peer = request.app.state.peers["identification"].on_behalf_of(caller)
    try:
        found: dict[str, Any] = await identification.get(f"/people/{caller.person}")
    except Problem:
        return None
    return found


async def _payments(request: Request, caller: Caller) -> list[Payment]:
    """What benefits says is theirs, and where payments says it is.

    Benefits alone decides whose a line is; payments is asked by the door for just those lines.
    With payments away the sums are shown all the same, without their state.
    """
    peers = request.app.state.peers
    benefits: Peer = peers["benefits"].on_behalf_of(caller)
    lines = (await benefits.get(f"/beneficiaries/{caller.person}/lines"))["items"][:LINES_SHOWN]
    lines = [line for line in lines if line["amount_fen"] > 0]
    try:
        paid = await _paid(peers["payments"], [line["line_id"] for line in lines])
    except Problem:
        paid = {}
    return [_payment(line, paid.get(line["line_id"])) for line in lines]


async def _paid(payments: Peer, line_ids: list[str]) -> dict[str, dict[str, Any]]:
    if not line_ids:
        return {}
    found = await payments.get("/lines/payments", {"line_id": line_ids})
    return {str(item["line_id"]): item for item in found["items"]}


def _payment(line: dict[str, Any], paid: dict[str, Any] | None) -> Payment:
    state = STATES.get(paid["status"], State.RECKONED) if paid else State.RECKONED
    failure = words.failure(paid["reason"]) if paid and state == State.FAILED else None
    return Payment(
        line_id=line["line_id"],
        programme=words.programme(line["programme"]),
        month=line["month"],
        pay_month=paid["pay_month"] if paid else line["month"],
        arrears=line["kind"] == "arrears",
        amount_fen=line["amount_fen"],
        state=state,
        look=LOOKS.get(state, "wait"),
        next_step=_next_step(state, paid),
        card=f"{paid['bank_name'] or ''}尾号{paid['account_last4']}"
        if paid and paid["account_last4"]
        else "",
        failure=failure,
    )


def _next_step(state: State, paid: dict[str, Any] | None) -> str:
    if state == State.ARRIVED and paid:
        return f"{_day(paid['settled_on'])}到账。"
    if state == State.LOOKED_INTO and paid:
        return f"有一项要核对，最晚{_day(paid['held_until'])}有结果，镇民政办会找您。"
    if state == State.AT_THE_BANK:
        return "已送到银行，一般 1 到 3 个工作日到卡。"
    if state == State.FAILED:
        return "钱给您留着。换好卡、核对过，就再发。"
    return "钱数定了，等县里发放。"


def _day(said: str | None) -> str:
    if not said:
        return ""
    return f"{month_words(said[:7])}{int(said[8:10])}日"


def _names(person: dict[str, Any] | None) -> dict[str, str]:
    """The household's members by id, where a line speaks of one of several."""
    members = (person or {}).get("household", {}).get("members", [])
    return {each["person_id"]: each["name"] for each in members} if len(members) > 1 else {}
