"""Filed without signing in: a report, the question after it, and what anybody may read."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from gateway.fields import in_words, words_of
from gateway.forms import DoorForm
from gateway.pages import door_page, pages_of
from gateway.quotas import spend_by_peer
from shared.calls import Peer
from shared.problems import Malformed

router = APIRouter(prefix="/public")

FILED_PER_PEER_AND_MINUTE: Final = 5
ASKED_PER_PEER_AND_MINUTE: Final = 10
READ_PER_PEER_AND_MINUTE: Final = 60
Kind = Annotated[str, Path(pattern=r"^[a-z]+(-[a-z]+){0,5}$")]


class NumberAndCode(Malformed):
    """The number and the code are both needed."""


@router.get("/file/{kind}")
async def blank(kind: Kind, request: Request) -> Response:
    """The form of what anybody may file, and the question after what was filed."""
    spend_by_peer(request, "public", READ_PER_PEER_AND_MINUTE)
    asked = await _identification(request).get(f"/registers/{kind}/outside")
    towns = pages_of(request).divisions.towns()
    return door_page(request, "palmtop/filing.html", asked=asked, towns=towns)


@router.post("/file/{kind}")
async def file(kind: Kind, request: Request, form: DoorForm) -> Response:
    """Take in what is filed; the number and the code are shown once, here."""
    spend_by_peer(request, "file", FILED_PER_PEER_AND_MINUTE)
    service = _identification(request)
    asked = await service.get(f"/registers/{kind}/outside")
    words = words_of(form, asked["fields"])
    said = {
        "area": form.word("area", most=12) or None,
        "words": {name: word for name, word in words.items() if word is not None},
    }
    filed = await service.post(f"/registers/{kind}/outside", said, key=form.key)
    return pages_of(request).render(request, "palmtop/filed.html", asked=asked, filed=filed)


@router.post("/file/{kind}/state")
async def state(kind: Kind, request: Request, form: DoorForm) -> Response:
    """How it stands, for whoever has the number and the code."""
    spend_by_peer(request, "ask", ASKED_PER_PEER_AND_MINUTE)
    words = {"number": form.word("number", most=40), "code": form.word("code", most=20)}
    if not all(words.values()):
        raise NumberAndCode()
    service = _identification(request)
    said = await service.post(f"/registers/{kind}/outside/state", words, key=form.key)
    return pages_of(request).render(
        request, "palmtop/filed_state.html", kind=kind, said=said, words=in_words
    )


@router.get("/board/{kind}")
async def board(
    kind: Kind,
    request: Request,
    area: Annotated[str | None, Query(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$")] = None,
) -> Response:
    """What anybody may read of a register, of the whole county or a part of it."""
    spend_by_peer(request, "public", READ_PER_PEER_AND_MINUTE)
    said = await _identification(request).get(f"/registers/{kind}/public", {"area": area})
    return pages_of(request).render(request, "palmtop/board.html", board=said, words=in_words)


def _identification(request: Request) -> Peer:
    found: Peer = request.app.state.peers["identification"]
    return found
