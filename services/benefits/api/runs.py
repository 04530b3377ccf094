"""Runs: open, look, sign, and read the list."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.benefits import (
    applications,
    entitlements,
    holds,
    packs,
    recoveries,
    review,
    runs,
    signatures,
    stages,
)
from services.benefits.api.reading import (
    MONTH_TEXT,
    OFFICES,
    READING,
    After,
    Limit,
    law_of,
    page_of,
)
from services.benefits.runs import Wanted
from shared.callers import Caller, needs
from shared.contracts.benefits import RunKind
from shared.months import Month
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs(*READING, kinds=OFFICES)]
Maker = Annotated[Caller, needs("runs:make", kinds=OFFICES)]
Signer = Annotated[Caller, needs("runs:make", "runs:check", kinds=OFFICES)]


class RunWanted(BaseModel):
    """Which run to open, or to resume."""

    model_config = ConfigDict(extra="forbid")

    family: str = Field(max_length=40)
    pay_month: Month
    kind: RunKind = RunKind.REGULAR
    sequence: int = Field(default=1, ge=1, le=99)


class Signature(BaseModel):
    """A name under the list whose hash is given."""

    model_config = ConfigDict(extra="forbid")

    role: signatures.Role
    list_sha256: str = Field(pattern="^[0-9a-f]{64}$")


@router.post("/runs", status_code=201)
async def open_run(
    words: RunWanted,
    request: Request,
    response: Response,
    session: Transaction,
    caller: Maker,
    now: Now,
) -> dict[str, Any]:
    """Open a run, or resume the one that is there (200)."""
    wanted = Wanted(words.family, words.pay_month, RunKind(words.kind), words.sequence)
    opened, is_new = await runs.open_run(session, law_of(request), wanted, caller, now)
    response.status_code = 201 if is_new else 200
    return review.summary(opened)


@router.get("/runs")
async def list_runs(
    request: Request,
    session: Reading,
    caller: Reader,
    pay_month: Annotated[str | None, Query(pattern=MONTH_TEXT)] = None,
) -> dict[str, Any]:
    """The runs of a pay month, or the latest; and what runs may be opened for."""
    month = Month.parse(pay_month) if pay_month else None
    found = await runs.listed(session, caller.county, month)
    return {
        "items": [review.summary(each) for each in found],
        "families": packs.families_in_words(law_of(request)),
        "next": None,
    }


@router.get("/runs/{run_id}")
async def look(run_id: UUID, request: Request, session: Reading, caller: Reader) -> dict[str, Any]:
    """The check page of a run."""
    return await review.page(session, law_of(request), await stages.get(session, run_id))


@router.post("/runs/{run_id}/recalculation")
async def recalculate(
    run_id: UUID, session: Transaction, caller: Maker, now: Now
) -> dict[str, Any]:
    """Begin again with the facts known now."""
    return review.summary(await runs.recalculate(session, run_id, caller, now))


@router.post("/runs/{run_id}/signatures")
async def sign(
    run_id: UUID,
    words: Signature,
    request: Request,
    session: Transaction,
    caller: Signer,
    now: Now,
) -> dict[str, Any]:
    """Sign the list; with the head's signature the run is closed."""
    state = request.app.state
    law = await asyncio.to_thread(packs.present, state.settings)
    return review.summary(
        await signatures.sign(
            session, state.keys, law, run_id, words.role, words.list_sha256, caller, now
        )
    )


@router.get("/runs/{run_id}/lines")
async def list_lines(
    run_id: UUID,
    session: Reading,
    caller: Reader,
    after: After = None,
    limit: Limit = 2000,
) -> dict[str, Any]:
    """The run's lines, in the order of their ids."""
    of = await stages.get(session, run_id)
    items = await entitlements.page(session, of, after=after, limit=limit)
    return page_of(items, limit, "line_id")


@router.get("/runs/{run_id}/changes")
async def list_changes(
    run_id: UUID,
    session: Reading,
    caller: Reader,
    change: Annotated[str | None, Query(pattern="^(new|gone|up|down)$")] = None,
) -> dict[str, Any]:
    """The largest changes against the month before."""
    of = await stages.get(session, run_id)
    return {"items": await review.changed(session, of, change), "next": None}


@router.get("/runs/{run_id}/holds")
async def list_holds(
    run_id: UUID,
    request: Request,
    session: Reading,
    caller: Reader,
    after: After = None,
    limit: Limit = 1000,
) -> dict[str, Any]:
    """What the run could not know, with reason, owner and limit."""
    law = law_of(request)
    found = await holds.of_run(session, run_id, after=after, limit=limit)
    items = [holds.words(each, law) for each in found]
    return page_of(items, limit, "id")


@router.get("/runs/{run_id}/recoveries")
async def list_recoveries(
    run_id: UUID,
    session: Reading,
    caller: Reader,
    after: After = None,
    limit: Limit = 1000,
) -> dict[str, Any]:
    """What the run proposes to recover and what was decided; never in the list, never in a file."""
    of = await stages.get(session, run_id)
    items = await recoveries.page(session, of, after=after, limit=limit)
    return page_of(items, limit, "recovery_id")


@router.get("/runs/{run_id}/application")
async def read_application(run_id: UUID, session: Reading, caller: Reader) -> dict[str, Any]:
    """The application for funds of a closed run."""
    return await applications.read(session, await stages.get(session, run_id))
