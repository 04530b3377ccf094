"""What became of the sums cases were helped first with: verified, and to be filled up again; ended
unverified, and to be recovered; or come back.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments.models import ReserveMove, UnverifiedAdvance, VerifiedAdvance
from shared import audit
from shared.contracts.identification import AdvanceUnverified, AdvanceVerified
from shared.database import new_id, run
from shared.outbox import once

ADVANCED: Final = "advanced"
CAME_BACK: Final = "came-back"
REPLENISHED: Final = "replenished"
CONSUMER: Final = "payments-advances"
CONSUMER_UNVERIFIED: Final = "payments-advances-unverified"


@once(CONSUMER)
async def hear(session: AsyncSession, context: Any, event: AdvanceVerified) -> None:
    """A case that was helped first was verified; told again, it is so already."""
    told = insert(VerifiedAdvance).values(
        county=event.county, id=new_id(), case_id=event.case_id, verified_at=event.occurred_at
    )
    await run(session, told.on_conflict_do_nothing())
    await audit.record(
        session,
        event.county,
        actor="identification",
        act="advance-verified",
        subject=str(event.case_id),
        details={},
    )


@once(CONSUMER_UNVERIFIED)
async def hear_unverified(session: AsyncSession, context: Any, event: AdvanceUnverified) -> None:
    """A case that was helped first ended unverified, and its sum is to be recovered; or an appeal
    set that end aside."""
    session.add(
        UnverifiedAdvance(
            county=event.county,
            case_id=event.case_id,
            why=event.why,
            ended_at=event.occurred_at,
        )
    )
    await audit.record(
        session,
        event.county,
        actor="identification",
        act="advance-unverified",
        subject=str(event.case_id),
        details={"why": event.why},
    )


async def is_verified(session: AsyncSession, county: str, case_id: UUID) -> bool:
    """Whether a case that was helped first was verified."""
    found = await session.exec(
        select(col(VerifiedAdvance.id)).where(
            col(VerifiedAdvance.county) == county, col(VerifiedAdvance.case_id) == case_id
        )
    )
    return found.first() is not None


async def to_replenish(
    session: AsyncSession, county: str, town: str | None = None
) -> dict[str, list[ReserveMove]]:
    """By township the advances of verified cases that neither came back nor were filled up."""
    found = await session.exec(
        select(ReserveMove)
        .where(*_unsettled(county), _verified(), town is None or col(ReserveMove.town) == town)
        .order_by(col(ReserveMove.id))
    )
    by_town: dict[str, list[ReserveMove]] = {}
    for move in found:
        by_town.setdefault(move.town, []).append(move)
    return by_town


async def to_recover(
    session: AsyncSession, county: str
) -> dict[str, list[tuple[ReserveMove, str]]]:
    """By township the advances of cases that ended unverified, each with why, and did not come
    back."""
    found = await session.exec(
        select(ReserveMove, col(UnverifiedAdvance.why))
        .join(
            UnverifiedAdvance,
            (col(UnverifiedAdvance.county) == col(ReserveMove.county))
            & (col(UnverifiedAdvance.case_id) == col(ReserveMove.case_id)),
        )
        .where(*_unsettled(county), ~_verified())
        .order_by(col(ReserveMove.id), col(UnverifiedAdvance.ended_at), col(UnverifiedAdvance.id))
    )
    last = {move.id: (move, why) for move, why in found}
    by_town: dict[str, list[tuple[ReserveMove, str]]] = {}
    for move, why in last.values():
        if why is not None:
            by_town.setdefault(move.town, []).append((move, why))
    return by_town


def _unsettled(county: str) -> tuple[ColumnElement[bool], ...]:
    """Advances that neither came back nor were filled up."""
    settled = aliased(ReserveMove)
    return (
        col(ReserveMove.county) == county,
        col(ReserveMove.act) == ADVANCED,
        ~exists(
            select(settled.id).where(
                settled.county == county,
                settled.case_id == col(ReserveMove.case_id),
                col(settled.act).in_((CAME_BACK, REPLENISHED)),
            )
        ),
    )


def _verified() -> ColumnElement[bool]:
    """Whether the case of an advance was verified."""
    return exists(
        select(VerifiedAdvance.id).where(
            col(VerifiedAdvance.county) == col(ReserveMove.county),
            col(VerifiedAdvance.case_id) == col(ReserveMove.case_id),
        )
    )
