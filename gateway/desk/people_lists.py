"""Lists from schools and agencies at the desk: brought, looked at row by row, accepted."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import ACCEPTERS, PAPER
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/people-lists", dependencies=[Depends(signed_in)])

Taker = Annotated[Caller, needs("requests:take", kinds=("staff",))]
Accepter = Annotated[Caller, needs(*ACCEPTERS, kinds=("staff",))]

SOURCES: Final = {"school": "学校", "agency": "其他单位"}
OPENS: Final = {"draft": "申请草稿", "lead": "主动发现线索"}
OUTCOMES: Final = {
    "faulty": "有误",
    "waiting": "待接收",
    "opened": "已建",
    "known": "已有申请或草稿",
}
ASKED: Final = ("source", "name", "category", "opens")


@router.get("")
async def listed(request: Request, caller: Accepter) -> Response:
    """The newest lists, and the form that brings one."""
    service = peer(request, "identification")
    found = await service.get("/people-lists")
    options: dict[str, Any] = {"programmes": []}
    if caller.has("requests:take"):
        options = await service.get("/request-options")
    return pages_of(request).render(
        request,
        "desk/people_lists.html",
        lists=found["items"],
        categories={each["category"]: each["name"]["zh"] for each in options["programmes"]},
        sources=SOURCES,
        opens=OPENS,
        outcomes=OUTCOMES,
    )


@router.post("")
async def bring(
    request: Request, file: Annotated[FormFile, Depends(posted_file)], caller: Taker
) -> Response:
    """Pass a list on as it comes; nothing of it is kept at the door."""
    said = urlencode({name: file.words.get(name, "") for name in ASKED})
    await pass_on(request, f"/people-lists?{said}", file, PAPER)
    return see("/staff/people-lists")


@router.get("/{list_id}")
async def look(list_id: UUID, request: Request, caller: Accepter) -> Response:
    """A list row by row: what is wrong, and what was opened."""
    found = await peer(request, "identification").get(f"/people-lists/{list_id}")
    return pages_of(request).render(
        request, "desk/people_list.html", people=found, outcomes=OUTCOMES, opens=OPENS
    )


@router.post("/{list_id}/acceptance")
async def accept(list_id: UUID, request: Request, form: FormOf, caller: Accepter) -> Response:
    """Open what waits; what is more than one request opens waits for the next."""
    service = peer(request, "identification")
    await service.post(f"/people-lists/{list_id}/acceptance", {}, key=form.key)
    return see(f"/staff/people-lists/{list_id}")
