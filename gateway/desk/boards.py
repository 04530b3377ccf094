"""The boards of a village or township at the desk: the standing one looked at, and both it and what
is posted now printed to be hung up, with whole names.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import printing
from gateway.desk.desk import peer, together
from gateway.divisions import TOWN_DIGITS
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.routes import CASES
from gateway.shown import POSTED_ON_PAPER, only
from gateway.standing_board import NONE, Sums
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/boards", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]
VILLAGE_DIGITS: Final = 12
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
    """The standing board as it is today."""
    lines, sums = await _board(request, area, "board")
    return pages_of(request).render(request, "desk/board.html", area=area, lines=lines, sums=sums)


@router.get("/{area}/sheet.pdf")
async def sheet(area: Area, request: Request, caller: Reader) -> Response:
    """The same on paper."""
    lines, sums = await _board(request, area, "board-on-paper")
    called = pages_of(request).divisions.name
    return await printing.pdf(
        "board",
        {
            **_on_the_sheet(request, area, "社会救助长期公示"),
            "rows": [
                [
                    called(each["village"]),
                    each["name"],
                    str(each["members"]),
                    each["category"],
                    each["sum"],
                ]
                for each in lines
            ],
            "sums": sums.words,
        },
    )


@router.get("/{area}/posting.pdf")
async def posting(area: Area, request: Request, caller: Reader) -> Response:
    """What hangs on the board for its days, on paper."""
    found = await peer(request, "identification").get(f"/areas/{area}/posting-list")
    lines = [only(POSTED_ON_PAPER, each) for each in found["items"]]
    called = pages_of(request).divisions.name
    columns = _columns(area, with_sums=any(each["sum"] for each in lines))
    return await printing.pdf(
        "posting",
        {
            **_on_the_sheet(request, area, "社会救助公示"),
            "town": called(area[:TOWN_DIGITS]),
            "head": [*columns.values()],
            "rows": [
                _cells({**each, "village": called(each["village"])}, [*columns]) for each in lines
            ],
        },
    )


def _on_the_sheet(request: Request, area: str, title: str) -> dict[str, str]:
    """What stands on the sheet of every board: whose, whom to call, and when it was printed."""
    pages = pages_of(request)
    return {
        "title": f"{pages.divisions.name(area)}{title}",
        "phone": pages.phone_of(area),
        "on": request.app.state.clock.today().isoformat(),
    }


def _columns(area: str, *, with_sums: bool) -> dict[str, str]:
    """The columns of the list that is posted: with sums where one was set."""
    sums = {"sum": "救助金额"} if with_sums else {}
    where = {"list": "榜次"} if len(area) == VILLAGE_DIGITS else {"village": "村（社区）"}
    return {
        "number": "序号",
        "name": "姓名",
        "members": "家庭人口",
        "category": "类别",
        "found": "审核意见",
        **sums,
        "days": "公示期",
        **where,
    }


def _cells(line: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    """A row of the list; a case without a form has no number yet."""
    empty = {"number": "", "sum": NONE}
    return [str(line[name] or empty.get(name, "")) for name in columns]


async def _board(request: Request, area: str, board: str) -> tuple[list[dict[str, Any]], Sums]:
    """The lines of an area of the reader's, each with its village and sum."""
    found, sums = await together(
        peer(request, "identification").get(f"/areas/{area}/{board}"), Sums.of(request, area)
    )
    villages = [each["village"] for each in found["items"]]
    shown = sums.lines(found["items"])
    lines = [{**line, "village": code} for line, code in zip(shown, villages, strict=True)]
    return lines, sums
