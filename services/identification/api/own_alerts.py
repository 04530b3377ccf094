"""What a citizen reads of alerts that speak against them, and how they answer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import desk_of
from services.identification.api.own_cases import Own
from services.identification.api.prints import HEADERS
from services.identification.comparison import alerts, own_alerts, papers
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Words = dict[str, Any]
Bringer = Annotated[
    Caller, needs("alerts:assign", "alerts:check", "alerts:answer", kinds=(Kind.STAFF,))
]
Looker = Annotated[
    Caller,
    needs(
        "alerts:read", "alerts:assign", "alerts:check", "alerts:decide", "alerts:answer",
        kinds=(Kind.STAFF,),
    ),
]  # fmt: skip


class Answering(BaseModel):
    """What somebody says to what speaks against them."""

    model_config = ConfigDict(extra="forbid")

    answer: str = Field(min_length=1, max_length=2000)


@router.get("/my/alerts")
async def mine(request: Request, session: Reading, caller: Own, now: Now) -> Words:
    """What lists say against oneself, the newest first: which kind of list, and until when."""
    desk = desk_of(request, session, caller, now)
    return {"items": [await own_alerts.shown(desk, at) for at in await own_alerts.mine(desk)]}


@router.get("/my/alerts/{alert_id}")
async def look(alert_id: UUID, request: Request, session: Reading, caller: Own, now: Now) -> Words:
    """One of them."""
    desk = desk_of(request, session, caller, now)
    return await own_alerts.shown(desk, await alerts.stand(desk, alert_id))


@router.post("/my/alerts/{alert_id}/answers", status_code=201)
async def answer(
    alert_id: UUID,
    words: Answering,
    request: Request,
    session: Transaction,
    caller: Own,
    now: Now,
) -> Words:
    """Answer it; as long as nothing was decided, more than once."""
    desk = desk_of(request, session, caller, now)
    return await own_alerts.shown(desk, await own_alerts.answer(desk, alert_id, words.answer))


@router.post("/my/alerts/{alert_id}/papers", status_code=201)
async def add_own_paper(
    alert_id: UUID, request: Request, session: Transaction, caller: Own, now: Now
) -> Words:
    """A photo of a paper that shows it (raw body)."""
    return await _added(alert_id, request, session, caller, now)


@router.get("/my/alerts/{alert_id}/papers/{paper_id}")
async def read_own_paper(
    alert_id: UUID, paper_id: UUID, request: Request, session: Transaction, caller: Own, now: Now
) -> Response:
    """One's own paper's content; that it was read is written down."""
    return await _read(alert_id, paper_id, request, session, caller, now)


@router.post("/alerts/{alert_id}/papers", status_code=201)
async def add_paper(
    alert_id: UUID, request: Request, session: Transaction, caller: Bringer, now: Now
) -> Words:
    """A paper that somebody brought to an office with their answer (raw body)."""
    return await _added(alert_id, request, session, caller, now)


@router.get("/alerts/{alert_id}/papers/{paper_id}")
async def read_paper(
    alert_id: UUID,
    paper_id: UUID,
    request: Request,
    session: Transaction,
    caller: Looker,
    now: Now,
) -> Response:
    """A paper's content; that it was read is written down."""
    return await _read(alert_id, paper_id, request, session, caller, now)


async def _added(
    alert_id: UUID, request: Request, session: Transaction, caller: Caller, now: Now
) -> Words:
    desk, files = desk_of(request, session, caller, now), request.app.state.settings.files_dir
    paper = await papers.add(desk, files, alert_id, await request.body())
    return {"paper_id": str(paper.id), "media_type": paper.media_type}


async def _read(
    alert_id: UUID, paper_id: UUID, request: Request, session: Transaction, caller: Caller, now: Now
) -> Response:
    desk, files = desk_of(request, session, caller, now), request.app.state.settings.files_dir
    media_type, content = await papers.read(desk, files, alert_id, paper_id)
    return Response(content, media_type=media_type, headers=HEADERS)
