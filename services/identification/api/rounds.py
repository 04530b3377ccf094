"""Campaign rounds: begun, found household by household, sampled."""

import asyncio
import json
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import attached, desk_of
from services.identification.api.patterns import AREA, MONTH, VILLAGE
from services.identification.api.prints import pdf
from services.identification.casework.looking_again import (
    on_paper,
    reviews,
    round_checks,
    round_findings,
    round_lists,
    rounds,
)
from services.identification.casework.looking_again.round_findings import Found
from services.identification.casework.looking_again.rounds import AreaNotYours
from services.identification.comparison import comparisons, opened
from services.identification.registers import look_backs
from services.identification.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.kept import Day
from shared.months import Month
from shared.routes import NUMBER_MAX, CommittedRoute, Now, Reading, Transaction

NAMED: Final = "x-accounts-named"

router = APIRouter(route_class=CommittedRoute)

Village = Annotated[str, Path(pattern=VILLAGE)]
Reader = Annotated[
    Caller, needs("cases:survey", "cases:review", "cases:check", kinds=(Kind.STAFF,))
]
Leader = Annotated[Caller, needs("cases:review", "cases:check", kinds=(Kind.STAFF,))]


class Beginning(BaseModel):
    """A campaign of the place, in a year and an area."""

    model_config = ConfigDict(extra="forbid")

    campaign: str = Field(max_length=40)
    year: int
    area: str = Field(pattern=AREA)
    look_back: bool = False
    registered_poor: list[Annotated[str, Field(max_length=100)]] = Field(
        default_factory=list, max_length=rounds.NUMBERS_MAX
    )


class Seen(BaseModel):
    """What a visit found; what was read of it before, where something was."""

    model_config = ConfigDict(extra="forbid")

    was: str | None = Field(default=None, max_length=20)
    finding: str = Field(max_length=20)
    visited_on: Day
    note: str = Field(default="", max_length=2000)


class Finding(Seen):
    """The same of a household of the round by its serial."""

    serial: int = Field(ge=1)


class Weighing(BaseModel):
    """Which counts – the visit as it was found, or the check – and why."""

    model_config = ConfigDict(extra="forbid")

    counts: Literal["visit", "check"]
    reason: str = Field(min_length=1, max_length=2000)


class CallingOff(BaseModel):
    """Why a round is not gone through."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=400)


class Signing(BaseModel):
    """What is signed: the finding as it was read."""

    model_config = ConfigDict(extra="forbid")

    finding: str = Field(max_length=20)


@router.post("/rounds", status_code=201)
async def begin(
    words: Beginning, request: Request, session: Transaction, caller: Leader, now: Now
) -> dict[str, Any]:
    """Begin a round: everybody it looks at is frozen now, registered poor without assistance too.

    Those are of the last comparison that had their register; `poor_of` is its month, `unknown` are
    the numbers that were brought and are no household's of the area.
    """
    desk = desk_of(request, session, caller, now)
    month, uncovered = await _uncovered(request, session, caller) if words.look_back else ("", ())
    round_, unknown = await rounds.open_round(
        desk,
        words.campaign,
        words.year,
        words.area,
        look_back=words.look_back,
        poor=words.registered_poor,
        uncovered=uncovered,
    )
    return {**rounds.head(desk, round_), "poor_of": month, "unknown": unknown}


async def _uncovered(
    request: Request, session: Transaction, caller: Caller
) -> tuple[str, Collection[UUID]]:
    """Households of registered poor who are not assisted, by the last comparison; and its month."""
    state = request.app.state
    for found in await comparisons.latest(session, caller.county):
        with suppress(opened.NoSuchList):
            households = await asyncio.to_thread(
                opened.uncovered, state.settings, state.keys, state.feeds, found
            )
            return str(found.month), households
    return "", ()


@router.get("/rounds")
async def all_rounds(
    request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """The rounds of the caller's areas, and the campaigns there are."""
    desk = desk_of(request, session, caller, now)
    campaigns = desk.settings.words["campaigns"]
    return {
        "items": await rounds.all_rounds(desk),
        "campaigns": {name: each["zh"] for name, each in campaigns.items()},
    }


@router.get("/rounds/{round_id}")
async def show(
    round_id: UUID,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    village: Annotated[str | None, Query(pattern=VILLAGE)] = None,
) -> dict[str, Any]:
    """A round with its sums by village, and the households of one."""
    return await rounds.show(desk_of(request, session, caller, now), round_id, village)


@router.post("/rounds/{round_id}/findings", status_code=201)
async def find(
    round_id: UUID,
    words: Finding,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> dict[str, Any]:
    """What a visit found of one household, signed by its finder; another signs it."""
    desk = desk_of(request, session, caller, now)
    counted = await round_findings.find(desk, round_id, Found(**words.model_dump()))
    put_right = await look_backs.put_right(desk, *counted) if counted else None
    return {"serial": words.serial, "finding": words.finding, "put_right": put_right}


@router.post("/rounds/{round_id}/findings/{serial}/signature", status_code=201)
async def sign(
    round_id: UUID,
    serial: int,
    words: Signing,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> dict[str, Any]:
    """Sign what another found; what counts then and is otherwise has an entry to be put right."""
    desk = desk_of(request, session, caller, now)
    counted = await round_findings.sign(desk, round_id, serial, words.finding)
    put_right = await look_backs.put_right(desk, *counted) if counted else None
    return {"serial": serial, "finding": words.finding, "put_right": put_right}


@router.post("/rounds/{round_id}/findings/{serial}/check", status_code=201)
async def check(
    round_id: UUID,
    serial: int,
    words: Seen,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> dict[str, Any]:
    """A second look at whom chance picked, by who did not sign the first; what it finds otherwise
    is weighed by another."""
    desk = desk_of(request, session, caller, now)
    said = Found(serial=serial, **words.model_dump())
    return {"serial": serial, "as_found": await round_checks.check(desk, round_id, said)}


@router.post("/rounds/{round_id}/findings/{serial}/weighing", status_code=201)
async def weigh(
    round_id: UUID,
    serial: int,
    words: Weighing,
    request: Request,
    session: Transaction,
    caller: Leader,
    now: Now,
) -> dict[str, Any]:
    """Choose between a finding and the second look that found otherwise."""
    desk = desk_of(request, session, caller, now)
    await round_checks.weigh(desk, round_id, serial, words.counts, words.reason)
    return {"serial": serial, "counts": words.counts}


@router.post("/rounds/{round_id}/paper-findings", status_code=201)
async def find_on_paper(
    round_id: UUID,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
    serial: Annotated[int, Query(ge=1, le=NUMBER_MAX)],
    finding: Annotated[str, Query(max_length=20)],
    visited_on: Annotated[Day, Query()],
    was: Annotated[str | None, Query(max_length=20)] = None,
) -> dict[str, Any]:
    """What a form on paper found, with the form (raw body), typed the same day or weeks later.

    Whoever signed it is named in the address (`account`), is told, and signs by that account too;
    who they are the gateway says.
    """
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    said = Found(serial, was, finding, visited_on)
    content = await request.body()
    paper_id = await round_findings.find_on_paper(
        desk, settings.files_dir, round_id, said, _visitors(request), content
    )
    return {"serial": serial, "finding": finding, "paper_id": str(paper_id)}


@router.get("/visits-to-sign")
async def to_sign(request: Request, session: Reading, caller: Reader, now: Now) -> dict[str, Any]:
    """Visits typed in from paper that name the caller, and wait for their own signature."""
    return {"items": await on_paper.waiting(desk_of(request, session, caller, now))}


@router.get("/rounds/{round_id}/papers/{paper_id}")
async def read_paper(
    round_id: UUID,
    paper_id: UUID,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> Response:
    """The form of a visit; that it was read is written down."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    found = await round_findings.read_paper(desk, settings.files_dir, round_id, paper_id)
    return attached(*found)


@router.post("/rounds/{round_id}/sample", status_code=201)
async def draw(
    round_id: UUID, request: Request, session: Transaction, caller: Leader, now: Now
) -> dict[str, Any]:
    """Draw who is visited once more; the seed is kept with it."""
    round_ = await rounds.draw_sample(desk_of(request, session, caller, now), round_id)
    return {"seed": round_.seed, "percent": round_.sample_percent}


@router.post("/rounds/{round_id}/closing", status_code=201)
async def close(
    round_id: UUID, request: Request, session: Transaction, caller: Leader, now: Now
) -> dict[str, Any]:
    """End a round in which everybody has a finding that is signed."""
    desk = desk_of(request, session, caller, now)
    return rounds.head(desk, await rounds.close(desk, round_id))


@router.post("/rounds/{round_id}/calling-off", status_code=201)
async def call_off(
    round_id: UUID,
    words: CallingOff,
    request: Request,
    session: Transaction,
    caller: Leader,
    now: Now,
) -> dict[str, Any]:
    """End a round that was begun by mistake, before anybody was looked at."""
    desk = desk_of(request, session, caller, now)
    return rounds.head(desk, await rounds.call_off(desk, round_id, words.reason))


@router.get("/rounds/{round_id}/villages/{village}/list")
async def printed(
    round_id: UUID,
    village: Village,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
) -> Response:
    """The list of a village to be taken along, as PDF."""
    desk = desk_of(request, session, caller, now)
    return pdf(await round_lists.printed(desk, request.app.state.place, round_id, village))


@router.get("/villages/{village}/review-list")
async def review_list(
    village: Village,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    month: Annotated[str, Query(pattern=MONTH)],
) -> Response:
    """Who of a village is to be looked at again by a month, to be taken along, as PDF."""
    desk = desk_of(request, session, caller, now)
    if not caller.may_see(village):
        raise AreaNotYours()
    return pdf(await reviews.printed(desk, request.app.state.place, Month.parse(month), village))


def _visitors(request: Request) -> list[round_findings.Visitor]:
    """Whom a form on paper names, as the gateway knows the accounts."""
    return [
        round_findings.Visitor(
            each["person"],
            tuple(each["areas"]),
            date.fromisoformat(each["until"]) if each["until"] else None,
        )
        for each in json.loads(request.headers.get(NAMED, "[]"))
    ]
