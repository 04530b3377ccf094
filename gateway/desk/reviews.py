"""Looking again, at the desk: who is due, village by village; their cases opened; samples drawn."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import month_said, peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import LEADERS
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/reviews", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("cases:survey", *LEADERS, kinds=("staff",))]
Opener = Annotated[Caller, needs("cases:review", kinds=("staff",))]
Drawer = Annotated[Caller, needs(*LEADERS, kinds=("staff",))]

KINDS: Final = {"able-bodied": "有劳动力", "unstable": "收入不稳", "stable": "稳定"}


@router.get("")
async def due(
    request: Request, caller: Reader, pay_month: str = "", opened: str = "", left: str = ""
) -> Response:
    """Who is due by a month, with the way to a list on paper; or what opening their cases did."""
    month = month_said(request, pay_month)
    found = await peer(request, "identification").get("/reviews", {"month": month})
    return pages_of(request).render(
        request,
        "desk/reviews.html",
        month=month,
        villages=found["villages"],
        kinds=KINDS,
        opened=opened[:9],
        left=left[:9],
    )


@router.post("")
async def open_due(request: Request, form: FormOf, caller: Opener) -> Response:
    """Open a case for each who is due and has none, so many at a time."""
    month = form.word("month")
    done = await peer(request, "identification").post("/reviews", {"month": month}, key=form.key)
    return see(
        f"/staff/reviews?pay_month={month}&opened={int(done['opened'])}&left={int(done['left'])}"
    )


@router.post("/samples")
async def draw(request: Request, form: FormOf, caller: Drawer) -> Response:
    """Draw a sample of the cases that wait at a stage."""
    words = {"stage": form.word("stage"), "category": form.word("category")}
    drawn = await peer(request, "identification").post("/samples", words, key=form.key)
    return see(f"/staff/reviews/samples/{UUID(drawn['sample_id'])}")


@router.get("/samples/{sample_id}")
async def sample(sample_id: UUID, request: Request, caller: Drawer) -> Response:
    """A sample, with all that is needed to draw it again."""
    found = await peer(request, "identification").get(f"/samples/{sample_id}")
    return pages_of(request).render(request, "desk/sample.html", sample=found)
