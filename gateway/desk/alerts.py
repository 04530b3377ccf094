"""Alerts at the desk: a list by area, kind and state; one alert, why, and a form for each act."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import do_act, names_of, peer, said_of
from gateway.fields import in_words
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import ALERTS, ANSWERERS, PAPER
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/alerts", dependencies=[Depends(signed_in)])

Officer = Annotated[Caller, needs(*ALERTS, kinds=("staff",))]
Answerer = Annotated[Caller, needs(*ANSWERERS, kinds=("staff",))]

FILTERS: Final = ("kind", "state", "area", "month", "assigned_to", "overdue", "again")
HOLDS: Final[Mapping[str, str]] = {
    "death": "本人部分已暂缓发放（疑似死亡）",
    "prison": "本人部分已暂缓发放（疑似服刑）",
    "double": "本人部分已暂缓发放（疑似重复享受）",
}


@router.get("")
async def queue(request: Request, caller: Officer) -> Response:
    """The alerts asked for, with how many there are of each kind and state."""
    said = said_of(request, FILTERS)
    after = request.query_params.get("after") or None
    found = await peer(request, "identification").get("/alerts", {**said, "after": after})
    return pages_of(request).render(
        request,
        "desk/alerts.html",
        alerts=found["items"],
        counts=found["counts"],
        kinds=found["kinds"],
        states=found["states"],
        asked=said,
        names=await _names(request, found["items"]),
        onward=found["next"] and urlencode({**said, "after": found["next"]}),
        opens=lambda more: urlencode({**said, **more}),
        mine=caller.subject,
    )


@router.get("/{alert_id}")
async def look(alert_id: UUID, request: Request, caller: Officer) -> Response:
    """An alert whole, with the acts its reader may do next."""
    alert = await peer(request, "identification").get(f"/alerts/{alert_id}")
    return pages_of(request).render(
        request, "desk/alert.html", alert=alert, holds=HOLDS, words=in_words
    )


@router.post("/{alert_id}/acts/{act}")
async def do(alert_id: UUID, act: str, request: Request, form: FormOf, caller: Officer) -> Response:
    """Do an act with the words of its form."""
    await do_act(request, f"/alerts/{alert_id}", act, form)
    return see(f"/staff/alerts/{alert_id}")


@router.post("/{alert_id}/papers")
async def add_paper(
    alert_id: UUID,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Answerer,
) -> Response:
    """A paper that somebody brought with their answer, passed on as it comes."""
    await pass_on(request, f"/alerts/{alert_id}/papers", file, PAPER)
    return see(f"/staff/alerts/{alert_id}")


async def _names(request: Request, alerts: list[dict[str, Any]]) -> dict[str, str]:
    """Names of those the alerts are about, as far as the reader may know them."""
    ids = {each[of] for each in alerts for of in ("person_id", "household_id") if each[of]}
    return await names_of(request, ids)
