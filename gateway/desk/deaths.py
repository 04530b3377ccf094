"""Deaths against assistance, at the desk: who died in a year, the months granted after it, and
what of that money was proposed, decided and paid back."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request, Response

from gateway import words
from gateway.desk import sums
from gateway.desk.desk import names_of, peer, together
from gateway.desk.sums import Cell, Sums, count, money
from gateway.forms import signed_in
from gateway.pages import month_words, pages_of
from shared import audit
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/deaths/{year}", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("lines:read", kinds=("staff",))]
Year = Annotated[int, Path(ge=2000, le=2100)]
AT_ONCE: Final = 50
"""So many proposals are asked after together."""
COLUMNS: Final = (
    "死亡人员", "死亡日期", "得知日期", "死亡次月起发放月数", "死亡后已认定",
    "拟追回", "决定追回", "已收回",
)  # fmt: skip

Said = Mapping[str, Any]


@router.get("")
async def look(year: Year, request: Request, caller: Reader) -> Response:
    """The year's deaths after which something was granted, each proposal opening its page."""
    return pages_of(request).render(
        request, "desk/deaths.html", year=year, tables=await _tables(request, caller, year)
    )


@router.get("/workbook")
async def workbook(year: Year, request: Request, caller: Reader) -> Response:
    """The same as a workbook; that it was taken away is written down."""
    tables = await _tables(request, caller, year)
    async with request.app.state.database.transaction() as session:
        await audit.record(
            session,
            caller.county,
            actor=caller.subject,
            act="deaths-printed",
            subject=str(year),
            details={},
        )
    heading = (f"{year}年死亡人员与救助发放对照", request.app.state.settings.notice)
    return sums.workbook(f"deaths-{year}", heading, tables)


async def _tables(request: Request, caller: Caller, year: int) -> list[Sums]:
    deaths = (await peer(request, "benefits").get(f"/deaths/{year}"))["items"]
    after = [each for each in deaths if each["months"]]
    received = await _received(request, caller, after)
    names = await names_of(request, {each["person_id"] for each in after})
    opens = "/staff/people/" if caller.has("people:read") else ""
    rows = [
        _row(
            each,
            Cell(names.get(each["person_id"], "—"), opens and opens + each["person_id"]),
            received,
        )
        for each in after
    ]
    totals = [sum(each[name] for each in after) for name in _SUMMED]
    whole = (
        Cell(f"合计（当年死亡 {len(deaths)} 人）"), Cell(""), Cell(""),
        count(sum(each["months"] for each in after)), *map(money, totals),
        money(sum(received.values()) if received is not None else None),
    )  # fmt: skip
    proposals = [
        (
            Cell(names.get(each["person_id"], "—"), f"/staff/recoveries/{one['recovery_id']}"),
            Cell(words.programme(one["programme"])),
            Cell(month_words(one["month"])),
            money(-one["amount_fen"]),
            money(one["decided_fen"]),
            money(None if received is None else received.get(one["recovery_id"], 0)),
        )
        for each in after
        for one in each["recoveries"]
    ]
    columns = ("追回逐笔", "项目", "月份", "拟追回", "决定追回", "已收回")
    return [
        Sums(f"{year}年死亡后仍有发放的", COLUMNS, rows, whole),
        Sums("追回", columns, proposals),
    ]


_SUMMED: Final = ("granted_fen", "proposed_fen", "decided_fen")


def _row(each: Said, who: Cell, received: Mapping[str, int] | None) -> tuple[Cell, ...]:
    came = [(received or {}).get(one["recovery_id"], 0) for one in each["recoveries"]]
    return (
        who,
        Cell(each["died_on"]),
        Cell(each["told_on"]),
        count(each["months"]),
        *(money(each[name]) for name in _SUMMED),
        money(None if received is None else sum(came)),
    )


async def _received(
    request: Request, caller: Caller, deaths: list[dict[str, Any]]
) -> dict[str, int] | None:
    """What came back of each proposal that was decided; None where the reader may not know."""
    if not caller.has("payouts:read"):
        return None
    decided = [
        one["recovery_id"] for each in deaths for one in each["recoveries"] if one["decided_fen"]
    ]
    payments = peer(request, "payments")
    some = [decided[first : first + AT_ONCE] for first in range(0, len(decided), AT_ONCE)]
    pages = await together(*(payments.get("/owed-back", {"recovery_id": each}) for each in some))
    return {one["recovery_id"]: one["received_fen"] for page in pages for one in page["items"]}
