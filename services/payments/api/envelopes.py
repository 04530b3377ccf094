"""Envelopes: made, checked, released by three persons; and the next attempt after a failure."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field

from services.payments import approvals, deaths, envelopes
from services.payments.api.reading import MonthMaybeAsked, Reason, Words, desk_of, responses
from shared.callers import Caller, needs
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Maker = Annotated[Caller, needs("payouts:make")]
Checker = Annotated[Caller, needs("payouts:check")]
Releaser = Annotated[Caller, needs("payouts:release")]
Reader = Annotated[Caller, needs("payouts:read")]
AnyOfThem = Annotated[Caller, needs("payouts:make", "payouts:check", "payouts:release")]
Reissuer = Annotated[Caller, needs("reissues:make", "payouts:make")]


class RunNamed(Words):
    """Which run's orders are to be screened and put into envelopes."""

    run_id: UUID


class FailuresOf(Words):
    """Which month's failures are to be tried again."""

    pay_month: Month


class Approved(Words):
    """The hash over the list that was looked at."""

    list_sha256: str = Field(pattern="^[0-9a-f]{64}$")


@router.post("/envelopes", responses=responses(404))
async def make(
    words: RunNamed, request: Request, session: Transaction, caller: Maker, now: Now
) -> dict[str, Any]:
    """Screen a run's orders, hold the bad ones, put the good ones into envelopes."""
    desk = desk_of(request)
    died = await deaths.hold(
        session, caller.county, desk.place, now, actor=caller.subject, run_id=words.run_id
    )
    made = await envelopes.make(session, caller, desk, run_id=words.run_id, now=now)
    return {**made, "held_now": [*died, *made["held_now"]]}


@router.get("/envelopes")
async def list_envelopes(
    request: Request,
    session: Reading,
    caller: Reader,
    run_id: UUID | None = None,
    pay_month: MonthMaybeAsked = None,
) -> dict[str, Any]:
    """The envelopes of a run or a month."""
    found = await envelopes.listed(
        session,
        caller.county,
        desk_of(request),
        run_id=run_id,
        pay_month=pay_month,
    )
    return {"items": found, "next": None}


@router.get("/envelopes/{envelope_id}", responses=responses(404))
async def read(
    envelope_id: UUID, request: Request, session: Reading, caller: Reader
) -> dict[str, Any]:
    """One envelope, with the hash that is to be approved."""
    envelope = await approvals.found(session, caller.county, envelope_id)
    return envelopes.words_of(envelope, desk_of(request))


@router.post("/envelopes/{envelope_id}/check", responses=responses(404, 409))
async def check(
    envelope_id: UUID,
    words: Approved,
    request: Request,
    session: Transaction,
    caller: Checker,
    now: Now,
) -> dict[str, Any]:
    """A second person has looked at the list."""
    envelope = await approvals.check(
        session, caller, envelope_id, list_sha256=words.list_sha256, now=now
    )
    return envelopes.words_of(envelope, desk_of(request))


@router.post("/envelopes/{envelope_id}/release", responses=responses(404, 409))
async def release(
    envelope_id: UUID,
    words: Approved,
    request: Request,
    session: Transaction,
    caller: Releaser,
    now: Now,
) -> dict[str, Any]:
    """Finance releases it; its file is written as soon as this is committed."""
    envelope = await approvals.release(
        session, caller, envelope_id, list_sha256=words.list_sha256, now=now
    )
    return envelopes.words_of(envelope, desk_of(request))


@router.post("/envelopes/{envelope_id}/void", responses=responses(404, 409))
async def void(
    envelope_id: UUID, words: Reason, request: Request, session: Transaction, caller: AnyOfThem
) -> dict[str, Any]:
    """Take it apart before its release; its orders wait to be made up again."""
    envelope = await approvals.void(session, caller, envelope_id, reason=words.reason)
    return envelopes.words_of(envelope, desk_of(request))


@router.post("/reissues")
async def reissue(
    words: FailuresOf, request: Request, session: Transaction, caller: Reissuer, now: Now
) -> dict[str, Any]:
    """The next attempt for each definite failure whose account is in order again."""
    return await envelopes.reissue(
        session, caller, desk_of(request), pay_month=words.pay_month, now=now
    )
