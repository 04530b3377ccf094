"""What each fund may send out in a pay month: vouchers put it there, releases draw on it."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import ledger
from services.payments.models import Appropriation
from services.payments.places import Place
from shared import audit
from shared.callers import Caller
from shared.database import run
from shared.money import yuan_text
from shared.problems import Conflict, Malformed


class FundUnknown(Malformed):
    """The county has no such fund, or the fund does not name one of these programmes."""


class VoucherRecorded(Conflict):
    """This voucher is recorded for the fund and month already."""

    constraint = "uq_appropriation_county_fund_pay_month_voucher"


class NoAppropriation(Conflict):
    """No appropriation lets this fund pay this programme in this month; nothing can be released."""


class AppropriationSpent(Conflict):
    """The fund's appropriation for the month does not cover this."""


async def record(
    session: AsyncSession,
    caller: Caller,
    place: Place,
    *,
    fund: str,
    pay_month: str,
    amount_fen: int,
    voucher: str,
    projects: list[str],
    now: datetime,
) -> Appropriation:
    """Record what a voucher puts at a fund's disposal.

    Raises:
        FundUnknown: the place has no such fund, or the fund does not name a project.
    """
    named = place.funds.get(fund, [])
    if not named or not set(projects) <= set(named):
        raise FundUnknown(f"{fund} may pay {', '.join(named) or 'nothing here'}", fund=fund)
    appropriation = Appropriation(
        county=caller.county,
        fund=fund,
        pay_month=pay_month,
        amount_fen=amount_fen,
        voucher=voucher,
        projects=sorted(set(projects)),
        recorded_by=caller.subject,
        recorded_at=now,
    )
    session.add(appropriation)
    await session.flush()
    await ledger.post(
        session,
        caller.county,
        act="appropriated",
        subject=str(appropriation.id),
        pay_month=pay_month,
        at=now,
        sides="""
            SELECT side.account, CAST(:fund AS text) AS fund, CAST(:pay_month AS text) AS pay_month,
                NULL::uuid AS line_id, NULL::bigint AS transfer_id, side.amount_fen
            FROM (VALUES ('fund', CAST(:amount_fen AS bigint)),
                ('treasury', - CAST(:amount_fen AS bigint))) AS side (account, amount_fen)
        """,
        parameters={"fund": fund, "pay_month": pay_month, "amount_fen": amount_fen},
    )
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="appropriation-recorded",
        subject=str(appropriation.id),
        details={
            "fund": fund,
            "pay_month": pay_month,
            "amount_fen": amount_fen,
            "voucher": voucher,
        },
    )
    return appropriation


async def refuse_if_uncovered(
    session: AsyncSession,
    county: str,
    *,
    fund: str,
    project: str,
    pay_month: str,
    drawn_fen: int,
) -> None:
    """Stop here when the fund cannot pay this; its lock is held from here to the commit.

    Raises:
        NoAppropriation: no voucher of the month lets the fund pay this programme.
        AppropriationSpent: what is left is less.
    """
    await run(
        session,
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"fund:{county}:{fund}:{pay_month}"},
    )
    named = await run(
        session,
        text(
            "SELECT 1 FROM appropriation WHERE county = :county AND fund = :fund"
            " AND pay_month = :pay_month AND :project = ANY (projects) LIMIT 1"
        ),
        {"county": county, "fund": fund, "pay_month": pay_month, "project": project},
    )
    if named.one_or_none() is None:
        raise NoAppropriation(
            f"finance has recorded none for {fund}, {project}, {pay_month}", fund=fund
        )
    left = await ledger.balance_fen(session, county, account="fund", fund=fund, pay_month=pay_month)
    if left < drawn_fen:
        raise AppropriationSpent(
            f"{yuan_text(drawn_fen)} yuan are to be released and {yuan_text(left)} are left",
            fund=fund,
            left_fen=left,
            needed_fen=drawn_fen,
        )


async def listed(session: AsyncSession, county: str, pay_month: str) -> list[dict[str, Any]]:
    """Each fund of a month: its vouchers, what they come to, and what is left."""
    vouchers = await run(
        session,
        text(
            "SELECT fund, projects, amount_fen, voucher, recorded_by, recorded_at"
            " FROM appropriation WHERE county = :county AND pay_month = :pay_month"
            " ORDER BY fund, recorded_at"
        ),
        {"county": county, "pay_month": pay_month},
    )
    funds: dict[str, dict[str, Any]] = {}
    for row in vouchers:
        fund = funds.setdefault(
            row.fund,
            {"fund": row.fund, "projects": [], "appropriated_fen": 0, "vouchers": []},
        )
        fund["projects"] = sorted({*fund["projects"], *row.projects})
        fund["appropriated_fen"] += row.amount_fen
        fund["vouchers"].append(
            {
                "voucher": row.voucher,
                "amount_fen": row.amount_fen,
                "recorded_by": row.recorded_by,
                "recorded_at": row.recorded_at.isoformat(),
            }
        )
    for fund in funds.values():
        fund["left_fen"] = await ledger.balance_fen(
            session, county, account="fund", fund=fund["fund"], pay_month=pay_month
        )
    return list(funds.values())
