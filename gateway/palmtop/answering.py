"""What lists say against me: which kind of list, and my answer to it before anything is decided."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.palmtop.applications import Own, office
from gateway.palmtop.papers import words_of_refusal
from gateway.proxy import BodyTooLarge
from gateway.routes import PAPER
from gateway.uploads import FormFile, pass_on, posted_file
from shared.problems import SpokenByPeer

router = APIRouter(prefix="/my/alerts", dependencies=[Depends(signed_in)])

ANSWER_MAX: Final = 2000


@router.get("")
async def mine(request: Request, caller: Own) -> Response:
    """Everything I may answer or have answered, the newest first."""
    found = await office(request, caller).get("/my/alerts")
    return pages_of(request).render(request, "palmtop/alerts.html", alerts=found["items"])


@router.get("/{alert_id}")
async def look(alert_id: UUID, request: Request, caller: Own) -> Response:
    """One of them: what it may lead to, until when I answer, and what I said."""
    return _page(request, await office(request, caller).get(f"/my/alerts/{alert_id}"))


@router.post("/{alert_id}/answers")
async def answer(alert_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Answer in words."""
    identification, said = office(request, caller), form.word("answer", most=ANSWER_MAX)
    if not said:
        alert = await identification.get(f"/my/alerts/{alert_id}")
        return _page(request, alert, "请写一两句：是怎么回事。")
    await identification.post(f"/my/alerts/{alert_id}/answers", {"answer": said}, key=form.key)
    return see(f"/my/alerts/{alert_id}")


@router.post("/{alert_id}/papers")
async def add_paper(
    alert_id: UUID,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Own,
) -> Response:
    """A photo of a paper that shows it."""
    try:
        await pass_on(request, f"/my/alerts/{alert_id}/papers", file, PAPER)
    except (BodyTooLarge, SpokenByPeer) as refused:
        words = words_of_refusal(refused)
        if words is None:
            raise
        alert = await office(request, caller).get(f"/my/alerts/{alert_id}")
        return _page(request, alert, words)
    return see(f"/my/alerts/{alert_id}")


def _page(request: Request, alert: dict[str, Any], problem: str = "") -> Response:
    status = 422 if problem else 200
    return pages_of(request).render(
        request, "palmtop/alert.html", status=status, alert=alert, problem=problem
    )
