"""The county's month at the desk: people and money on one page; on paper when all sums meet."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import printing, words
from gateway.desk import county_money, county_month, sums
from gateway.desk.desk import month_of, peer
from gateway.forms import signed_in
from gateway.pages import month_words, pages_of, see, yuan_words
from gateway.settings import Settings
from shared import audit
from shared.callers import Caller, needs
from shared.calls import Peer
from shared.problems import Forbidden

router = APIRouter(prefix="/staff/county-months", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("reports:read", kinds=("staff",))]
PayMonth = Annotated[str, Path(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class MoneyNotYours(Forbidden):
    """This page tells the county's money; it is for those who read runs and payouts."""


@router.get("")
async def newest(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """To the page of a month, the county's current one by default."""
    return see(f"/staff/county-months/{await month_of(request, pay_month)}")


@router.get("/{pay_month}")
async def look(pay_month: PayMonth, request: Request, caller: Reader) -> Response:
    """The month whole, with every sum that does not meet."""
    month = await _told(request, caller, pay_month)
    return pages_of(request).render(
        request,
        "desk/county_month.html",
        **month,
        money=county_money.tables(month),
    )


@router.get("/{pay_month}/pdf")
async def pdf(pay_month: PayMonth, request: Request, caller: Reader) -> Response:
    """The same on paper, refused while any sum differs; that it was printed is written down."""
    month = await _printed(request, caller, pay_month)
    return await printing.pdf("county", _sheet(request, month))


@router.get("/{pay_month}/workbook")
async def workbook(pay_month: PayMonth, request: Request, caller: Reader) -> Response:
    """The money of the month as a workbook, refused while any sum differs; that is written down."""
    month = await _printed(request, caller, pay_month)
    heading = (f"社会救助全县月表 {month_words(pay_month)}", request.app.state.settings.notice)
    return sums.workbook(f"county-{pay_month}", heading, county_money.tables(month))


async def _printed(request: Request, caller: Caller, pay_month: str) -> dict[str, Any]:
    """The month, all sums of which meet, and who took it away with them."""
    month = await _told(request, caller, pay_month)
    county_month.refuse_differences(month["differences"])
    async with request.app.state.database.transaction() as session:
        await audit.record(
            session,
            caller.county,
            actor=caller.subject,
            act="county-month-printed",
            subject=pay_month,
            details={"total_fen": month["granted"]["granted"]["total_fen"]},
        )
    return month


async def _told(request: Request, caller: Caller, pay_month: str) -> dict[str, Any]:
    return await county_month.told(money_peers(request, caller), pay_month)


def money_peers(request: Request, caller: Caller) -> dict[str, Peer]:
    """The services that tell the county's money, to whoever may read all of it.

    Raises:
        MoneyNotYours: they may not.
    """
    if not all(map(caller.has, ("runs:read", "payouts:read", "funds:read"))):
        raise MoneyNotYours()
    return {name: peer(request, name) for name in ("identification", "benefits", "payments")}


def _sheet(request: Request, month: Any) -> dict[str, Any]:
    """What stands on paper: people section by section, then money table by table."""
    settings: Settings = request.app.state.settings
    people = month["people"]
    frozen = people["frozen"]
    return {
        "title": "社会救助全县月表",
        "county": settings.county_name,
        "month": month_words(month["month"]),
        "notice": settings.notice,
        "state": f"人员数已随批次冻结，指纹 {frozen['numbers_sha256'][:16]}"
        if frozen
        else "人员数暂定",
        "people": [
            {
                "name": section["name"]["zh"],
                "rows": [[line["name"]["zh"], _number(line)] for line in section["lines"]],
            }
            for section in people["sections"]
        ],
        "money": sums.on_paper(county_money.tables(month)),
        "total": f"本月发放合计 {yuan_words(month['granted']['granted']['total_fen'])}",
    }


def _number(line: Any) -> str:
    if "basis_points" in line:
        return _percent(line["basis_points"])
    return str(line["number"]) if "number" in line else _yuan_or_none(_fen(line))


def _fen(line: Any) -> int | None:
    fen: int | None = line["fen"] if "fen" in line else line["mean_fen"]
    return fen


def _percent(basis_points: int | None) -> str:
    """A share in percent; a stroke where there is nothing to share."""
    return words.percent(basis_points or 0, 0 if basis_points is None else 10_000)


def _yuan_or_none(fen: int | None) -> str:
    return sums.NO_SUM if fen is None else yuan_words(fen)
