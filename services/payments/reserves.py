"""A township's reserve: vouchers fill it, a case is helped first from it, and it never goes below
zero.

It stands in the ledger: `treasury → reserve` when it receives, or is filled up again by what
verified cases were advanced; `reserve → advanced` when somebody is helped first, back again when
that money comes back, which casework is told. Whatever the lock covers is summed there.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import advances, ledger
from services.payments.advances import ADVANCED, CAME_BACK, REPLENISHED
from services.payments.models import ReserveMove
from shared import audit
from shared.callers import Caller
from shared.contracts.payments import AdvanceReturned
from shared.database import run
from shared.money import yuan_text
from shared.months import Month, civil_date
from shared.outbox import announce
from shared.problems import Conflict, NotFound

RECEIVED: Final = "received"
_FROM: Final = {
    RECEIVED: "treasury", ADVANCED: "advanced", CAME_BACK: "advanced", REPLENISHED: "treasury",
}  # fmt: skip
"""What stands against the reserve."""


class ReserveSpent(Conflict):
    """The township's reserve does not hold this sum: the county decides and pays it, or fills the
    reserve."""


class VoucherOfReserveUsed(Conflict):
    """This voucher is recorded for this township's reserve already."""

    constraint = "uq_reserve_move_county_town_voucher"


class AdvancedOtherwise(Conflict):
    """This case was helped first from the reserve already, with another sum or voucher."""

    constraint = "uq_reserve_move_county_case_id_act"


class NothingAdvanced(NotFound):
    """This township's reserve advanced nothing for this case."""


class BackBefore(Conflict):
    """What was advanced for this case has come back already."""


class ReplenishedBefore(Conflict):
    """The reserve was filled up for this case already: what comes back of it is not the reserve's,
    but the treasury's."""


class VerifiedSince(Conflict):
    """The case was verified since: what it was advanced is theirs, and does not come back."""


class ReplenishmentDiffers(Conflict):
    """A reserve is filled up again by exactly what verified cases were advanced."""


async def receive(
    session: AsyncSession,
    caller: Caller,
    town: str,
    *,
    amount_fen: int,
    voucher: str,
    now: datetime,
) -> dict[str, Any]:
    """The reserve receives what a voucher brings; what it holds then.

    Raises:
        VoucherOfReserveUsed: the voucher brought something else already.
    """
    await _hold(session, caller.county, town)
    await _refuse_known(session, caller.county, town, voucher)
    return await _write(session, caller, town, RECEIVED, amount_fen, voucher, None, now)


async def advance(
    session: AsyncSession,
    caller: Caller,
    town: str,
    case_id: UUID,
    *,
    amount_fen: int,
    voucher: str,
    now: datetime,
) -> dict[str, Any]:
    """Somebody is helped first; asked again in the same words, it was done.

    Raises:
        AdvancedOtherwise: it was done with another sum or voucher.
        BackBefore: it was done, and came back: a case is helped first once.
        ReserveSpent: the reserve holds less; nothing left it.
    """
    await _hold(session, caller.county, town)
    known = await _of_case(session, caller.county, case_id, ADVANCED)
    if known is not None:
        if (known.town, known.amount_fen, known.voucher) != (town, -amount_fen, voucher):
            raise AdvancedOtherwise()
        if await _of_case(session, caller.county, case_id, CAME_BACK) is not None:
            raise BackBefore()
        return await _stands(session, caller.county, town)
    left = await left_fen(session, caller.county, town)
    if left < amount_fen:
        raise ReserveSpent(f"{yuan_text(left)} yuan are left", left_fen=left)
    return await _write(session, caller, town, ADVANCED, -amount_fen, voucher, case_id, now)


async def take_back(
    session: AsyncSession, caller: Caller, town: str, case_id: UUID, *, voucher: str, now: datetime
) -> dict[str, Any]:
    """What was advanced for a case comes back whole, or never left the till; its case hears of it.

    Raises:
        NothingAdvanced, BackBefore, ReplenishedBefore, VerifiedSince.
    """
    await _hold(session, caller.county, town)
    known = await _of_case(session, caller.county, case_id, ADVANCED)
    if known is None or known.town != town:
        raise NothingAdvanced()
    if await _of_case(session, caller.county, case_id, CAME_BACK) is not None:
        raise BackBefore()
    if await _of_case(session, caller.county, case_id, REPLENISHED) is not None:
        raise ReplenishedBefore()
    if await advances.is_verified(session, caller.county, case_id):
        raise VerifiedSince()
    back = -known.amount_fen
    await announce(
        session,
        AdvanceReturned(county=caller.county, occurred_at=now, case_id=case_id, amount_fen=back),
    )
    return await _write(session, caller, town, CAME_BACK, back, voucher, case_id, now)


async def replenish(
    session: AsyncSession,
    caller: Caller,
    town: str,
    *,
    amount_fen: int,
    voucher: str,
    now: datetime,
) -> dict[str, Any]:
    """The reserve is filled up again by what verified cases were advanced, case by case.

    Raises:
        ReplenishmentDiffers: they were advanced more or less together, or nothing.
        VoucherOfReserveUsed: the voucher brought something else already.
    """
    await _hold(session, caller.county, town)
    await _refuse_known(session, caller.county, town, voucher)
    waiting = (await advances.to_replenish(session, caller.county, town)).get(town, [])
    due_fen = sum(-each.amount_fen for each in waiting)
    if not waiting or due_fen != amount_fen:
        raise ReplenishmentDiffers(f"{yuan_text(due_fen)} yuan are due", due_fen=due_fen)
    for each in waiting:
        fen, case_id = -each.amount_fen, each.case_id
        stands = await _write(session, caller, town, REPLENISHED, fen, voucher, case_id, now)
    return {**stands, "cases": len(waiting)}


async def listed(session: AsyncSession, caller: Caller, month: str) -> list[dict[str, Any]]:
    """Each reserve of the caller's area: what a month began with, what moved, what is left, and
    which verified cases it is to be filled up for; and what is to be recovered of which cases that
    ended unverified."""
    due = await advances.to_replenish(session, caller.county)
    unverified = await advances.to_recover(session, caller.county)
    found = await session.exec(
        select(ReserveMove)
        .where(col(ReserveMove.county) == caller.county, col(ReserveMove.pay_month) <= month)
        .order_by(col(ReserveMove.town), col(ReserveMove.id))
    )
    reserves: dict[str, dict[str, Any]] = {}
    for move in found:
        if not caller.may_see(move.town):
            continue
        waiting, owed = due.get(move.town, []), unverified.get(move.town, [])
        new = {
            "town": move.town,
            "began_with_fen": 0,
            "left_fen": 0,
            "to_replenish_fen": sum(-each.amount_fen for each in waiting),
            "to_replenish": [str(each.case_id) for each in waiting],
            "to_recover_fen": sum(-each.amount_fen for each, _ in owed),
            "to_recover": [
                {"case_id": str(each.case_id), "amount_fen": -each.amount_fen, "why": why}
                for each, why in owed
            ],
            "moves": [],
        }
        sums = dict.fromkeys((f"{act.replace('-', '_')}_fen" for act in _FROM), 0)
        reserve = reserves.setdefault(move.town, new | sums)
        reserve["left_fen"] += move.amount_fen
        if move.pay_month < month:
            reserve["began_with_fen"] += move.amount_fen
        else:
            reserve[f"{move.act.replace('-', '_')}_fen"] += abs(move.amount_fen)
            reserve["moves"].append(_said(move))
    return list(reserves.values())


async def left_fen(session: AsyncSession, county: str, town: str) -> int:
    """What a township's reserve holds, by the ledger."""
    found = await run(
        session,
        text(
            "SELECT coalesce(sum(amount_fen), 0)::bigint FROM ledger_posting"
            " WHERE county = :county AND account = 'reserve' AND fund = :fund"
        ),
        {"county": county, "fund": fund_of(town)},
    )
    return int(found.scalar_one())


def fund_of(town: str) -> str:
    """The name of a township's reserve in the ledger."""
    return f"reserve-{town}"


async def _write(
    session: AsyncSession,
    caller: Caller,
    town: str,
    act: str,
    amount_fen: int,
    voucher: str,
    case_id: UUID | None,
    now: datetime,
) -> dict[str, Any]:
    """One voucher, in the table and in the ledger; what the reserve holds then."""
    month = str(Month.of(civil_date(now)))
    move = ReserveMove(
        county=caller.county,
        town=town,
        act=act,
        pay_month=month,
        amount_fen=amount_fen,
        voucher=voucher,
        case_id=case_id,
        recorded_by=caller.subject,
        recorded_at=now,
    )
    session.add(move)
    await session.flush()
    await ledger.post(
        session,
        caller.county,
        act=f"reserve-{act}",
        subject=str(move.id),
        pay_month=month,
        at=now,
        sides="""
            SELECT side.account, CAST(:fund AS text) AS fund, CAST(:pay_month AS text) AS pay_month,
                NULL::uuid AS line_id, NULL::bigint AS transfer_id, side.amount_fen
            FROM (VALUES ('reserve', CAST(:amount_fen AS bigint)),
                (CAST(:against AS text), - CAST(:amount_fen AS bigint)))
                AS side (account, amount_fen)
        """,
        parameters={
            "fund": fund_of(town),
            "pay_month": month,
            "amount_fen": amount_fen,
            "against": _FROM[act],
        },
    )
    stands = await _stands(session, caller.county, town)
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act=f"reserve-{act}",
        subject=str(move.id),
        details={"town": town, "amount_fen": amount_fen, "case_id": case_id and str(case_id)},
    )
    return stands


async def _hold(session: AsyncSession, county: str, town: str) -> None:
    """One at a time, until the commit."""
    await run(
        session,
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"reserve:{county}:{town}"},
    )


async def _of_case(
    session: AsyncSession, county: str, case_id: UUID, act: str
) -> ReserveMove | None:
    found = await session.exec(
        select(ReserveMove).where(
            col(ReserveMove.county) == county,
            col(ReserveMove.case_id) == case_id,
            col(ReserveMove.act) == act,
        )
    )
    return found.first()


async def _refuse_known(session: AsyncSession, county: str, town: str, voucher: str) -> None:
    """One voucher is recorded once, even where it filled up for many cases."""
    found = await session.exec(
        select(col(ReserveMove.id)).where(
            col(ReserveMove.county) == county,
            col(ReserveMove.town) == town,
            col(ReserveMove.voucher) == voucher,
        )
    )
    if found.first() is not None:
        raise VoucherOfReserveUsed()


async def _stands(session: AsyncSession, county: str, town: str) -> dict[str, Any]:
    return {"town": town, "left_fen": await left_fen(session, county, town)}


def _said(move: ReserveMove) -> dict[str, Any]:
    return {
        "act": move.act,
        "amount_fen": move.amount_fen,
        "voucher": move.voucher,
        "case_id": move.case_id and str(move.case_id),
        "recorded_by": move.recorded_by,
        "recorded_at": move.recorded_at.isoformat(),
    }
