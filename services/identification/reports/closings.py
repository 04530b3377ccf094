"""Runs of money that were closed, as benefits tells: a month's report is frozen with them."""

from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import ClosedRun
from services.identification.reports.periods import Period
from shared import audit
from shared.contracts.benefits import RunClosed
from shared.outbox import once

CONSUMER: Final = "identification-closed-runs"


@once(CONSUMER)
async def hear(session: AsyncSession, context: Any, event: RunClosed) -> None:
    """Write down that a run was closed, with its control totals."""
    session.add(
        ClosedRun(
            county=event.county,
            run_id=event.run_id,
            family=event.family,
            pay_month=str(event.pay_month),
            kind=event.kind.value,
            sequence=event.sequence,
            lines_count=event.lines_count,
            total_fen=event.total_fen,
            list_sha256=event.list_sha256,
            closed_at=event.occurred_at,
        )
    )
    await session.flush()
    await audit.record(
        session,
        event.county,
        actor="benefits",
        act="run-closed-heard",
        subject=str(event.run_id),
        details={"list_sha256": event.list_sha256, "total_fen": event.total_fen},
    )


async def of_period(session: AsyncSession, period: Period) -> list[dict[str, Any]]:
    """The closed runs of a period's pay months, with their control totals."""
    found = await session.exec(
        select(ClosedRun)
        .where(
            col(ClosedRun.pay_month) >= str(period.first),
            col(ClosedRun.pay_month) <= str(period.last),
        )
        .order_by(
            col(ClosedRun.pay_month),
            col(ClosedRun.family),
            col(ClosedRun.kind),
            col(ClosedRun.sequence),
        )
    )
    return [
        {
            "run_id": str(row.run_id),
            "family": row.family,
            "pay_month": row.pay_month,
            "kind": row.kind,
            "sequence": row.sequence,
            "lines_count": row.lines_count,
            "total_fen": row.total_fen,
            "list_sha256": row.list_sha256,
        }
        for row in found
    ]
