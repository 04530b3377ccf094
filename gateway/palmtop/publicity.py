"""What anybody may read of a village without signing in: who is posted, and who is granted."""

import asyncio
import re
from typing import Final

from fastapi import APIRouter, Request, Response

from gateway.pages import pages_of
from gateway.quotas import spend_by_peer
from gateway.shown import POSTED_ON_THE_WEB, only
from gateway.standing_board import Sums
from shared.calls import Peer
from shared.problems import NotFound

router = APIRouter(prefix="/public")

PER_PEER_AND_MINUTE: Final = 60
VILLAGE: Final = re.compile(r"[0-9]{12}")


class NoSuchVillage(NotFound):
    """There is no such village here."""


@router.get("")
async def villages(request: Request) -> Response:
    """The villages to choose from."""
    spend_by_peer(request, "public", PER_PEER_AND_MINUTE)
    pages = pages_of(request)
    return pages.render(request, "palmtop/villages.html", villages=pages.divisions.villages())


@router.get("/{village}")
async def of_village(village: str, request: Request) -> Response:
    """The lists of a village as they stand today."""
    spend_by_peer(request, "public", PER_PEER_AND_MINUTE)
    if not VILLAGE.fullmatch(village):
        raise NoSuchVillage()
    identification: Peer = request.app.state.peers["identification"]
    said, sums = await asyncio.gather(
        identification.get(f"/villages/{village}/public-list"), Sums.of(request, village)
    )
    return pages_of(request).render(
        request,
        "palmtop/village.html",
        village=village,
        posted=[only(POSTED_ON_THE_WEB, each) for each in said["posted"]],
        granted=sums.lines(said["granted"]),
        sums=sums,
    )
