"""The county's quarter and year in money at the desk, and on paper when all sums meet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import printing
from gateway.desk import county_period
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
Period = Annotated[str, Path(pattern=r"^20[0-9]{2}(-Q[1-4])?$")]


@router.get("")
async def look(report: Report, period: Period, request: Request, caller: Reader) -> Response:
    """The period's money, with every sum that does not meet."""
    told = await _told(request, caller, report, period)
    return pages_of(request).render(request, "desk/county_period.html", told=told)


@router.get("/pdf")
async def pdf(report: Report, period: Period, request: Request, caller: Reader) -> Response:
    """The same on paper, refused while any sum differs; that it was printed is written down."""
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
    settings: Settings = request.app.state.settings
    return await printing.pdf(
        "county",
        {
            "title": "社会救助资金季表" if report == "quarter" else "社会救助资金年表",
            "county": settings.county_name,
            "month": period,
            "notice": settings.notice,
            "state": f"没有登记：{'、'.join(told.unrecorded)}",
            "people": [],
            "money": [
                {
                    "title": each.title,
                    "columns": each.columns,
                    "rows": [list(row.cells) for row in each.rows],
                }
                for each in told.money
            ],
            "total": "",
        },
    )


async def _told(request: Request, caller: Caller, report: str, period: str) -> CountyPeriod:
    peers = money_peers(request, caller)
    return await county_period.told(peers, report, period, request.app.state.clock.today())
