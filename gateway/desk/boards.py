"""The standing board of a village or township at the desk: looked at, and printed to be put up."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import printing
from gateway.desk.desk import peer, together
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from gateway.standing_board import Sums
from shared.callers import Caller, needs
from shared.months import civil_date

router = APIRouter(prefix="/staff/boards", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]
Area = Annotated[str, Path(pattern=r"^[0-9]{9}([0-9]{3})?$")]


@router.get("")
async def choose(request: Request, caller: Reader) -> Response:
    """The villages and townships of the reader's areas."""
    divisions = pages_of(request).divisions
    areas = {**divisions.towns(), **divisions.villages()}
    mine = {code: name for code, name in sorted(areas.items()) if caller.may_see(code)}
    return pages_of(request).render(request, "desk/boards.html", areas=mine)


@router.get("/{area}")
async def look(area: Area, request: Request, caller: Reader) -> Response:
    """The board as it is today."""
    lines, sums = await _board(request, area)
    return pages_of(request).render(request, "desk/board.html", area=area, lines=lines, sums=sums)


@router.get("/{area}/sheet.pdf")
async def sheet(area: Area, request: Request, caller: Reader) -> Response:
    """The same on paper."""
    lines, sums = await _board(request, area)
    pages = pages_of(request)
    divisions = pages.divisions
    return await printing.pdf(
        "board",
        {
            "title": f"{divisions.name(area)}社会救助长期公示",
            "rows": [
                [
                    divisions.name(each["village"]),
                    each["name"],
                    str(each["members"]),
                    each["category"],
                    each["sum"],
                ]
                for each in lines
            ],
            "sums": sums.words,
            "phone": pages.phone_of(area),
            "on": civil_date(datetime.now(UTC)).isoformat(),
        },
    )


async def _board(request: Request, area: str) -> tuple[list[dict[str, Any]], Sums]:
    """The lines of an area of the reader's, each with its village and sum."""
    found, sums = await together(
        peer(request, "identification").get(f"/areas/{area}/board"), Sums.of(request, area)
    )
    villages = [each["village"] for each in found["items"]]
    shown = sums.lines(found["items"])
    lines = [{**line, "village": code} for line, code in zip(shown, villages, strict=True)]
    return lines, sums
