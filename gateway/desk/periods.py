"""The county's quarter and year in money at the desk; on paper when all sums meet."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import printing
from gateway.desk import county_period, sums
from gateway.desk.county import money_peers
from gateway.desk.county_month import refuse_differences
from gateway.desk.county_period import CountyPeriod
from gateway.forms import signed_in
from gateway.pages import pages_of
from gateway.settings import Settings
from shared import audit
from shared.callers import Caller, needs

router = APIRouter(
    prefix="/staff/reports/{report}/{period}/money", dependencies=[Depends(signed_in)]
)

Reader = Annotated[Caller, needs("reports:read", kinds=("staff",))]
Report = Annotated[str, Path(pattern=r"^(quarter|year)$")]
TITLES: Final = {"quarter": "社会救助资金季表", "year": "社会救助资金年表"}
Period = Annotated[str, Path(pattern=r"^20[0-9]{2}(-Q[1-4])?$")]


@router.get("")
async def look(report: Report, period: Period, request: Request, caller: Reader) -> Response:
    """The period's money, with every sum that does not meet."""
    told = await _told(request, caller, report, period)
    return pages_of(request).render(request, "desk/county_period.html", told=told)


@router.get("/pdf")
async def pdf(report: Report, period: Period, request: Request, caller: Reader) -> Response:
    """The same on paper, refused while any sum differs; that it was printed is written down."""
    told = await _printed(request, caller, report, period)
    settings: Settings = request.app.state.settings
    return await printing.pdf(
        "county",
        {
            "title": TITLES[report],
            "county": settings.county_name,
            "month": period,
            "notice": settings.notice,
            "state": _state(told),
            "people": [],
            "money": sums.on_paper(told.money),
            "total": "",
        },
    )


@router.get("/workbook")
async def workbook(report: Report, period: Period, request: Request, caller: Reader) -> Response:
    """The same as a workbook, refused while any sum differs; that is written down."""
    told = await _printed(request, caller, report, period)
    heading = (f"{TITLES[report]} {period}", request.app.state.settings.notice, _state(told))
    return sums.workbook(f"money-{period}", heading, told.money)


async def _printed(request: Request, caller: Caller, report: str, period: str) -> CountyPeriod:
    """The period, all sums of which meet, and who took it away with them."""
    told = await _told(request, caller, report, period)
    refuse_differences(told.differences)
    async with request.app.state.database.transaction() as session:
        await audit.record(
            session,
            caller.county,
            actor=caller.subject,
            act="county-period-printed",
            subject=period,
            details={},
        )
    return told


def _state(told: CountyPeriod) -> str:
    return f"没有登记：{'、'.join(told.unrecorded)}" if told.unrecorded else ""


async def _told(request: Request, caller: Caller, report: str, period: str) -> CountyPeriod:
    peers = money_peers(request, caller)
    return await county_period.told(peers, report, period, request.app.state.clock.today())
