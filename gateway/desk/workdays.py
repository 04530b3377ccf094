"""Working days at the desk: which days are named, by which paper, and naming more of them."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import COUNTERS
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/workdays", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*COUNTERS, kinds=("staff",))]
Namer = Annotated[Caller, needs("days:name", kinds=("staff",))]
SAID: Final = ("free", "worked", "usual")
DAYS_LENGTH_MAX: Final = 1_000


@router.get("")
async def named(request: Request, caller: Reader) -> Response:
    """The days to come that are not as the week has them, and who named which."""
    found = await peer(request, "identification").get("/workdays")
    return pages_of(request).render(request, "desk/workdays.html", **found)


@router.post("")
async def name(request: Request, form: FormOf, caller: Namer) -> Response:
    """Name days by a paper; the last word said of a day on the form counts."""
    days = {
        day: word
        for word in SAID
        for day in form.word(word, most=DAYS_LENGTH_MAX).replace("、", " ").split()
    }
    said = {"document": form.word("document"), "days": days}
    await peer(request, "identification").post("/workdays", said, key=form.key)
    return see("/staff/workdays")
