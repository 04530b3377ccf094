"""Reports at the desk: in numbers, each of which opens the records behind it; and the freezing."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import words
from gateway.desk.desk import month_of, peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs
from shared.months import Month
from shared.problems import Conflict

router = APIRouter(prefix="/staff/reports", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("reports:read", kinds=("staff",))]
Report = Annotated[str, Path(pattern=r"^(month|quarter|year)$")]
Period = Annotated[str, Path(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$")]
Line = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$")]
Freezer = Annotated[Caller, needs("reports:freeze", kinds=("staff",))]


class RunsStillOpen(Conflict):
    """A regular run of this month is not closed yet; its report freezes when all are."""


@router.get("")
async def choose(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """The reports of a month, its quarter and its year."""
    month = Month.parse(await month_of(request, pay_month))
    found = await peer(request, "identification").get("/reports")
    periods = {
        "month": str(month),
        "quarter": f"{month.year}-Q{(month.number + 2) // 3}",
        "year": str(month.year),
    }
    return pages_of(request).render(
        request, "desk/reports.html", month=str(month), reports=found["items"], periods=periods
    )


@router.get("/{report}/{period}")
async def numbers(report: Report, period: Period, request: Request, caller: Reader) -> Response:
    """A report in numbers, frozen or provisional."""
    told = await peer(request, "identification").get(f"/reports/{report}/{period}")
    return pages_of(request).render(request, "desk/report.html", told=told, families=words.FAMILIES)


@router.get("/{report}/{period}/lines/{line}")
async def records(
    report: Report,
    period: Period,
    line: Line,
    request: Request,
    caller: Reader,
    by: str | None = None,
    value: str | None = None,
    after: int = 0,
) -> Response:
    """The records behind a number, page by page."""
    path = f"/reports/{report}/{period}/lines/{line}"
    part = {"by": by, "value": value}
    found = await peer(request, "identification").get(path, {**part, "after": after})
    said = {name: word for name, word in part.items() if word}
    return pages_of(request).render(
        request,
        "desk/report_records.html",
        report=report,
        period=period,
        found=found,
        columns=[column for column in found["columns"] if column != "town"],
        workbook=urlencode({"line": line, **said}),
        further=urlencode({**said, "after": found["next"]}) if found["next"] else "",
    )


@router.post("/{report}/{period}/freezing")
async def freeze(
    report: Report, period: Period, request: Request, form: FormOf, caller: Freezer
) -> Response:
    """Freeze a report with the closed runs of its months."""
    path = f"/reports/{report}/{period}"
    if report == "month":
        found = await peer(request, "benefits").get("/runs", {"pay_month": period})
        if any(run["kind"] == "regular" and run["status"] != "closed" for run in found["items"]):
            raise RunsStillOpen()
    await peer(request, "identification").post(f"{path}/freezing", {}, key=form.key)
    return see(f"/staff{path}")
