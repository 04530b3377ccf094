"""Who signs is responsible, at the desk: signatures by person, and the cases they are on."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import LEADERS
from shared.callers import Caller, needs
from shared.clock import Clock

router = APIRouter(prefix="/staff/signatures", dependencies=[Depends(signed_in)])

Leader = Annotated[Caller, needs(*LEADERS, kinds=("staff",))]


@router.get("")
async def signed(
    request: Request,
    caller: Leader,
    first: str | None = None,
    last: str | None = None,
    person: str | None = None,
) -> Response:
    """The list by person of this month, or of the time that is asked for."""
    clock: Clock = request.app.state.clock
    today = clock.today()
    asked = {"first": first or today.replace(day=1).isoformat(), "last": last or today.isoformat()}
    if person:
        asked["person"] = person
    found = await peer(request, "identification").get("/signatures", asked)
    return pages_of(request).render(
        request,
        "desk/signatures.html",
        people=found["people"],
        signatures=found["items"],
        asked=asked,
        person=person,
        query=urlencode(asked),
    )
