"""Rosters at the desk: send one in, watch it come in, get back the rows that were wrong."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import ROSTER, ROSTERS
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Importer = Annotated[Caller, needs("roster:import", kinds=("staff",))]
Reader = Annotated[Caller, needs(*ROSTERS, kinds=("staff",))]
Acceptor = Annotated[Caller, needs("roster:accept", kinds=("staff",))]

COMING = frozenset({"received", "importing"})


@router.get("/rosters")
async def list_rosters(request: Request, caller: Reader) -> Response:
    """The form, the blank template, and the last imports."""
    found = await peer(request, "identification").get("/rosters")
    return pages_of(request).render(
        request, "desk/rosters.html", rosters=found["items"], states=words.ROSTER_STATES
    )


@router.post("/rosters")
async def send_in(
    request: Request, file: Annotated[FormFile, Depends(posted_file)], caller: Importer
) -> Response:
    """Pass the file on as it comes; nothing of it is kept at the door."""
    received = await pass_on(request, "/rosters", file, ROSTER)
    return see(f"/staff/rosters/{received['import_id']}")


@router.get("/rosters/{roster_id}")
async def look(roster_id: UUID, request: Request, caller: Reader) -> Response:
    """How far an import is; the page looks again by itself until it is in."""
    found = await peer(request, "identification").get(f"/rosters/{roster_id}")
    return pages_of(request).render(
        request,
        "desk/roster.html",
        roster=found,
        coming=found["status"] in COMING,
        states=words.ROSTER_STATES,
        sums=words.ROSTER_SUMS,
        moves=words.ROSTER_MOVES,
    )


@router.post("/rosters/{roster_id}/judgement")
async def judge(roster_id: UUID, request: Request, form: FormOf, caller: Acceptor) -> Response:
    """Accept what another brought, or not."""
    said = {"accepted": form.word("accepted") == "yes"}
    await peer(request, "identification").post(
        f"/rosters/{roster_id}/judgement", said, key=form.key
    )
    return see(f"/staff/rosters/{roster_id}")
