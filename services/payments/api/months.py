"""The month: every line once, by its state now, and the proof."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, Field

from services.payments import months
from services.payments.api.reading import Limit, MonthNamed, Words, desk_of
from shared.callers import Caller, Kind, needs
from shared.problems import Malformed
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs("payouts:read")]
Prover = Annotated[Caller, needs("proofs:record", kinds=(Kind.STAFF,))]


class Sum(Words):
    """Lines of one state."""

    count: int = Field(ge=0, le=10**9)
    total_fen: int = Field(ge=0, le=10**15)


class Proved(Words):
    """What the independent checker printed."""

    pay_month: str | None = Field(default=None, max_length=7)
    ok: bool
    findings: list[dict[str, Any]] = Field(max_length=1000)
    totals: dict[Annotated[str, Field(max_length=20)], Sum] = Field(min_length=1, max_length=20)
    heads: dict[str, Any] = Field(default_factory=dict, max_length=10)
    """The audit chains' last rows, which whoever ran it keeps for the next night."""
    checked_at: AwareDatetime


class AnotherMonth(Malformed):
    """The proof is another month's."""


class ProofToCome(Malformed):
    """The proof says it was made later than now."""


@router.get("/months/{pay_month}")
async def read(
    pay_month: MonthNamed, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """How the month stands now."""
    return await months.summed(session, caller.county, desk_of(request), pay_month, now)


@router.get("/months/{pay_month}/orders")
async def list_orders(
    pay_month: MonthNamed,
    session: Reading,
    caller: Reader,
    state: Annotated[str, Query(pattern="^[a-z_]{4,20}$")],
    after: UUID | None = None,
    limit: Limit = 1000,
) -> dict[str, Any]:
    """The orders behind a state of the month, in pages."""
    found = await months.behind(session, caller.county, pay_month, state, after=after, limit=limit)
    items = found["items"]
    return {**found, "next": items[-1]["line_id"] if len(items) == limit else None}


@router.post("/months/{pay_month}/proof", status_code=201)
async def keep_proof(
    pay_month: MonthNamed, words: Proved, session: Transaction, caller: Prover, now: Now
) -> dict[str, Any]:
    """Keep what the checker found, so that the month's page shows it.

    It is brought by somebody who neither makes nor checks what is paid.
    """
    if words.pay_month not in (None, pay_month):
        raise AnotherMonth(f"it speaks of {words.pay_month}")
    if words.checked_at > now:
        raise ProofToCome(f"it is {now.isoformat()}")
    return await months.keep_proof(
        session,
        caller,
        pay_month,
        ok=words.ok,
        findings=words.findings,
        totals={state: each.model_dump() for state, each in words.totals.items()},
        checked_at=words.checked_at,
        now=now,
    )
