"""A village's month: what its households are granted, what they were before, and who is held."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import entitlements, holds, review, runs
from services.benefits.models import EntitlementLine, Hold, RunStatus
from shared.callers import Caller
from shared.database import run
from shared.months import Month
from shared.problems import NotFound

_HOUSEHOLDS: Final = text("""
    SELECT DISTINCT line.household_id
    FROM entitlement_line AS line JOIN run ON run.id = line.run_id
    WHERE line.village = :village AND run.county = :county AND run.status = 'closed'
        AND run.pay_month = ANY(:months)
""")

_SUMS: Final = text("""
    WITH newest AS (
        SELECT family, max(pay_month) AS pay_month FROM run
        WHERE county = :county AND status = 'closed' AND kind = 'regular' GROUP BY family
    )
    SELECT line.beneficiary_id, line.programme, run.pay_month, sum(line.amount_fen) AS total_fen
    FROM newest JOIN run USING (family, pay_month) JOIN entitlement_line AS line
        ON line.run_id = run.id AND line.month = run.pay_month
    WHERE run.county = :county AND run.status = 'closed'
        AND line.village LIKE :area AND line.kind = 'regular'
    GROUP BY line.beneficiary_id, line.programme, run.pay_month
    ORDER BY line.beneficiary_id, line.programme
""")


class NoSuchVillage(NotFound):
    """There is no such village here."""


async def month(
    session: AsyncSession, law: policies.Law, caller: Caller, village: str, pay_month: Month
) -> dict[str, Any]:
    """What closed runs of a pay month say of a village's households.

    A line knows what the same was a month before (`last_fen`; none where there was nothing) and why
    it differs; `gone` is what was granted then and is not any more.

    Raises:
        NoSuchVillage: it is not of the caller's areas.
    """
    if not caller.may_see(village):
        raise NoSuchVillage
    closed = [
        each
        for each in await runs.listed(session, caller.county, pay_month)
        if each.status == RunStatus.CLOSED
    ]
    words = {
        "village": village,
        "county": caller.county,
        "months": [str(pay_month), str(pay_month.previous())],
    }
    households = [row.household_id for row in await run(session, _HOUSEHOLDS, words)]
    changes = {
        (each["beneficiary_id"], each["programme"]): each
        for of in closed
        for each in await review.changed(session, of, None, households)
    }
    ids = [of.id for of in closed]
    return {
        "village": village,
        "pay_month": str(pay_month),
        "runs": [str(each) for each in ids],
        "lines": [_line(each, changes) for each in await _lines(session, village, ids)],
        "gone": [each for each in changes.values() if each["change"] == "gone"],
        "held": [holds.words(each, law) for each in await _held(session, village, ids)],
    }


async def board_sums(session: AsyncSession, county: str, area: str) -> dict[str, Any]:
    """What a village's or township's board may show: by whose they are and programme, the sums of
    the newest month that its family of programmes was closed for; no arrears."""
    found = await run(session, _SUMS, {"county": county, "area": f"{area}%"})
    return {
        "sums": [
            {
                "beneficiary_id": str(row.beneficiary_id),
                "programme": row.programme,
                "month": row.pay_month,
                "amount_fen": int(row.total_fen),
            }
            for row in found
        ]
    }


async def _lines(session: AsyncSession, village: str, ids: list[UUID]) -> list[EntitlementLine]:
    found = await session.exec(
        select(EntitlementLine)
        .where(EntitlementLine.village == village, col(EntitlementLine.run_id).in_(ids))
        .order_by(
            col(EntitlementLine.household_id),
            col(EntitlementLine.programme),
            col(EntitlementLine.month).desc(),
            col(EntitlementLine.line_id),
        )
    )
    return list(found.all())


async def _held(session: AsyncSession, village: str, ids: list[UUID]) -> list[Hold]:
    found = await session.exec(
        select(Hold)
        .where(
            Hold.village == village, col(Hold.run_id).in_(ids), col(Hold.settled_run_id).is_(None)
        )
        .order_by(col(Hold.household_id), col(Hold.id))
    )
    return list(found.all())


def _line(line: EntitlementLine, changes: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """A line, and how it stands to the month before; arrears are compared with nothing."""
    said = entitlements.words(line.line_id, line.run_id, line)
    change = changes.get((said["beneficiary_id"], said["programme"]))
    if said["kind"] != "regular":
        return {**said, "last_fen": None, "change": None, "reason": None}
    if change is None:
        return {**said, "last_fen": said["amount_fen"], "change": "same", "reason": None}
    return {
        **said,
        "last_fen": change["last_fen"],
        "change": change["change"],
        "reason": change["reason"],
    }
