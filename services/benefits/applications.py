"""The application for funds (用款申请表): what finance is asked for, by item, township and fund."""

from typing import Any, Final

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import packs
from services.benefits.models import FundingApplication, Run, RunStatus
from shared.database import run
from shared.money import capital_numerals, yuan_text
from shared.problems import Conflict


class NotClosed(Conflict):
    """Funds are applied for when the run is closed."""


async def write(session: AsyncSession, law: policies.Law, of: Run) -> None:
    """Write the application of a run being closed down for good."""
    programmes = packs.programmes_of(law, of.family)
    await run(
        session,
        text(_WRITE),
        {
            "run_id": of.id,
            "programmes": list(programmes),
            "funds": [law.place.fund_of(programme) for programme in programmes],
        },
    )


async def read(session: AsyncSession, of: Run) -> dict[str, Any]:
    """The application of a closed run: its rows, and the sums finance signs for.

    Raises:
        NotClosed: there is none yet.
    """
    if of.status != RunStatus.CLOSED:
        raise NotClosed(f"the run is {of.status}")
    found = await session.exec(
        select(FundingApplication)
        .where(FundingApplication.run_id == of.id)
        .order_by(
            col(FundingApplication.budget_item),
            col(FundingApplication.programme),
            col(FundingApplication.township),
        )
    )
    rows: list[dict[str, Any]] = [
        {
            "fund": row.fund,
            "budget_item": row.budget_item,
            "programme": row.programme,
            "township": row.township,
            "count": row.count,
            "amount_fen": row.amount_fen,
        }
        for row in found
    ]
    total_fen = sum(row["amount_fen"] for row in rows)
    assert total_fen == of.total_fen, "the application is the closed run"
    return {
        "run_id": of.id,
        "family": of.family,
        "pay_month": of.pay_month,
        "kind": of.kind,
        "sequence": of.sequence,
        "list_sha256": of.list_sha256,
        "rows": rows,
        "by_budget_item": _sums(rows, "budget_item"),
        "by_fund": _sums(rows, "fund"),
        "count": of.lines_count,
        "total_fen": total_fen,
        "total_yuan": yuan_text(total_fen),
        "total_capital": capital_numerals(total_fen),
    }


def _sums(rows: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        each = found.setdefault(row[by], {by: row[by], "count": 0, "amount_fen": 0})
        each["count"] += row["count"]
        each["amount_fen"] += row["amount_fen"]
    return [found[key] for key in sorted(found)]


_WRITE: Final = """
INSERT INTO funding_application
    (run_id, county, budget_item, programme, township, fund, count, amount_fen)
SELECT run_id, county, budget_item, programme, left(village, 9), fund, count(*), sum(amount_fen)
FROM entitlement_line
JOIN unnest(cast(:programmes AS text[]), cast(:funds AS text[])) AS paid_by (programme, fund)
    USING (programme)
WHERE run_id = :run_id
GROUP BY run_id, county, budget_item, programme, left(village, 9), fund
"""
