"""A village's month for those who work there: who was not paid and why, and clear cards."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import printing
from gateway.desk import sums
from gateway.desk.desk import month_of, together
from gateway.desk.sums import Cell, Sums
from gateway.desk.village_month import VillageMonth
from gateway.forms import signed_in
from gateway.pages import month_words, pages_of, yuan_words
from gateway.settings import Settings
from shared import audit
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/villages", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("villages:read", kinds=("staff",))]
Village = Annotated[str, Path(pattern=r"^[0-9]{12}$")]

_COLUMNS: Final = ("name", "what", "fen", "why", "bring", "until")
_PARTS: Final = {
    "failed": ("没发成", ("谁", "项目", "金额", "原因", "要带什么")),
    "held": ("待查，先不发", ("谁", "项目", "金额", "原因", "最晚")),
    "unknown": ("还算不出", ("谁", "项目", "原因", "最晚")),
    "gone": ("上月有，这个月没有", ("谁", "项目", "上月", "原因")),
}


@router.get("")
async def choose(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """The villages of the reader's areas."""
    month, pages = await month_of(request, pay_month), pages_of(request)
    mine = {code: name for code, name in pages.divisions.villages().items() if caller.may_see(code)}
    return pages.render(request, "desk/villages.html", month=month, villages=mine)


@router.get("/{village}")
async def look(
    village: Village, request: Request, caller: Reader, pay_month: str | None = None
) -> Response:
    """Who here was not paid, why, and what to bring; and who was granted what."""
    month = await month_of(request, pay_month)
    at = VillageMonth.of(request, caller, village, month)
    granted = await at.granted()
    unpaid, paid = await together(at.unpaid(granted), at.paid(granted))
    return pages_of(request).render(
        request, "desk/village.html", village=village, month=month, parts=_parts(unpaid), paid=paid
    )


@router.get("/{village}/sheet.pdf")
async def sheet(
    village: Village, request: Request, caller: Reader, pay_month: str | None = None
) -> Response:
    """Who was not paid, on paper; that it was printed is written down."""
    month = await month_of(request, pay_month)
    at = VillageMonth.of(request, caller, village, month)
    unpaid = await at.unpaid(await at.granted())
    await _printed(request, caller, "village-sheet-printed", village, month)
    return await printing.pdf(
        "village", {**_heading(request, village, month), "parts": _parts(unpaid)}
    )


@router.get("/{village}/cards.pdf")
async def cards(
    village: Village,
    request: Request,
    caller: Reader,
    pay_month: str | None = None,
    household: UUID | None = None,
) -> Response:
    """The clear cards of a village or of one household, in one PDF; that is written down."""
    month = await month_of(request, pay_month)
    at = VillageMonth.of(request, caller, village, month)
    drawn = await at.cards(str(household) if household else None)
    await _printed(request, caller, "clear-cards-printed", village, month)
    return await printing.pdf("cards", {**_heading(request, village, month), "cards": drawn})


@router.get("/{village}/workbook")
async def workbook(
    village: Village, request: Request, caller: Reader, pay_month: str | None = None
) -> Response:
    """The sheet and every clear card as a workbook; that it was taken away is written down."""
    month = await month_of(request, pay_month)
    at = VillageMonth.of(request, caller, village, month)
    unpaid, drawn = await together(at.unpaid(await at.granted()), at.cards())
    await _printed(request, caller, "village-workbook-printed", village, month)
    said = _heading(request, village, month)
    tables = [
        Sums(part["title"], part["columns"], [[*map(Cell, row)] for row in part["rows"]])
        for part in _parts(unpaid)
    ]
    heading = (f"{said['village']} {said['month']}", said["notice"])
    return sums.workbook(f"village-{village}-{month}", heading, [*tables, _cards(drawn)])


def _cards(drawn: Sequence[Mapping[str, Any]]) -> Sums:
    """The clear cards, a row for each sum."""
    rows = [
        (
            card["head"],
            line["what"],
            line["whose"],
            line["sum"],
            "；".join(line["steps"]),
            line["last"],
        )
        for card in drawn
        for line in card["lines"]
    ]
    rows += [(card["head"], "", "", "", "", each) for card in drawn for each in card["gone"]]
    columns = ("户主", "项目", "谁的", "金额", "怎么算的", "和上月比")
    return Sums("明白卡", columns, [[*map(Cell, row)] for row in rows])


def _parts(unpaid: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """What is told of each, table by table; an empty one is left out."""
    return [
        {"title": title, "columns": columns, "rows": [_cells(each) for each in unpaid[name]]}
        for name, (title, columns) in _PARTS.items()
        if unpaid[name]
    ]


def _cells(row: Mapping[str, Any]) -> list[str]:
    said = {**row, "fen": yuan_words(row["fen"])} if "fen" in row else row
    return [str(said[name]) for name in _COLUMNS if name in said]


def _heading(request: Request, village: str, month: str) -> dict[str, str]:
    """What stands at the head of every sheet of a village."""
    settings: Settings = request.app.state.settings
    pages = pages_of(request)
    return {
        "village": pages.divisions.name(village),
        "month": month_words(month),
        "notice": settings.notice,
        "phone": pages.phone_of(village),
    }


async def _printed(request: Request, caller: Caller, act: str, village: str, month: str) -> None:
    async with request.app.state.database.transaction() as session:
        await audit.record(
            session,
            caller.county,
            actor=caller.subject,
            act=act,
            subject=village,
            details={"pay_month": month},
        )
