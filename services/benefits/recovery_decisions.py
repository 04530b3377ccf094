"""What of a proposal is to be paid back: a person decides it, and whom it concerns was told.

The decisions on what was granted for one month never come to more than what is proposed and was not
taken back since. When a later run takes back a proposal that was decided, what is to be paid back
falls by itself to what is left: nobody owes what the law gave them after all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits.models import ProposedRecovery, RecoveryDecision, Run
from shared import audit
from shared.callers import Caller
from shared.contracts.benefits import RecoveryDecided
from shared.database import run
from shared.months import Month, civil_date
from shared.outbox import announce
from shared.problems import Conflict, Malformed, NotFound

TAKEN_BACK: Final = "taken-back"


class NoSuchRecovery(NotFound):
    """There is no such proposal here."""


class MoreThanProposed(Conflict):
    """More would be paid back than was proposed and stands."""


class ReasonWanted(Malformed):
    """Who decides on less than was proposed, or anew, says why."""


class ToldTooLate(Malformed):
    """Nobody can have been told on a day that has not come."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How much is to be paid back, by which paper, told when; and why, where it is less."""

    amount_fen: int
    paper: str
    told_on: date | None
    reason: str = ""


async def decide(
    session: AsyncSession, caller: Caller, recovery_id: UUID, said: Decided, now: datetime
) -> dict[str, Any]:
    """Decide on a proposal, for the first time or anew; the last decision stands.

    Raises:
        NoSuchRecovery, MoreThanProposed, ReasonWanted, ToldTooLate: as they say.
    """
    await _lock(session)
    proposal = await _proposal(session, caller.county, recovery_id)
    beside = await _beside(session, proposal)
    standing_fen = sum(each["standing_fen"] for each in beside)
    others_fen = sum(each["decided_fen"] for each in beside if each["id"] != recovery_id)
    most_fen = min(-proposal.amount_fen, standing_fen - others_fen)
    if said.amount_fen > most_fen:
        raise MoreThanProposed(f"at most {max(most_fen, 0)} fen", most_fen=max(most_fen, 0))
    if said.told_on is not None and said.told_on > civil_date(now):
        raise ToldTooLate(said.told_on.isoformat())
    (own,) = (each for each in beside if each["id"] == recovery_id)
    if (own["number"] or said.amount_fen < most_fen) and not said.reason:
        raise ReasonWanted("say why")
    await _write(session, proposal, own["number"] + 1, said, caller.subject, now)
    return await told(session, caller.county, recovery_id)


async def lower(session: AsyncSession, of: Run, now: datetime) -> None:
    """What a run takes back of proposals that were decided is owed by nobody any more."""
    taken_back = list(await run(session, text(_TAKEN_BACK), {"run_id": of.id}))
    if not taken_back:
        return
    await _lock(session)
    for row in taken_back:
        proposal = await _proposal(session, of.county, row.recovery_id)
        beside = await _beside(session, proposal)
        over_fen = sum(each["decided_fen"] - each["standing_fen"] for each in beside)
        for each in reversed(beside):
            if over_fen <= 0:
                break
            less_fen = min(over_fen, each["decided_fen"])
            over_fen -= less_fen
            if less_fen:
                said = Decided(each["decided_fen"] - less_fen, "", None, TAKEN_BACK)
                lowered = await _proposal(session, of.county, each["id"])
                await _write(session, lowered, each["number"] + 1, said, "benefits", now)


async def told(session: AsyncSession, county: str, recovery_id: UUID) -> dict[str, Any]:
    """A proposal, what stands of its month, and every decision on it.

    Raises:
        NoSuchRecovery: there is none in this county.
    """
    proposal = await _proposal(session, county, recovery_id)
    beside = await _beside(session, proposal)
    decisions = await run(
        session,
        text(
            "SELECT number, amount_fen, paper, reason, told_on, decided_by, decided_at"
            " FROM recovery_decision WHERE recovery_id = :id ORDER BY number"
        ),
        {"id": recovery_id},
    )
    others_fen = sum(each["decided_fen"] for each in beside if each["id"] != recovery_id)
    standing_fen = sum(each["standing_fen"] for each in beside)
    return {
        "recovery_id": str(recovery_id),
        "run_id": str(proposal.run_id),
        "beneficiary_kind": proposal.beneficiary_kind,
        "beneficiary_id": str(proposal.beneficiary_id),
        "household_id": str(proposal.household_id),
        "village": proposal.village,
        "programme": proposal.programme,
        "month": proposal.month,
        "cause": proposal.cause,
        "amount_fen": proposal.amount_fen,
        "most_fen": max(min(-proposal.amount_fen, standing_fen - others_fen), 0),
        "decisions": [
            {
                **row._mapping,
                "told_on": row.told_on.isoformat() if row.told_on else None,
                "decided_at": row.decided_at.isoformat(),
            }
            for row in decisions
        ],
    }


async def _proposal(session: AsyncSession, county: str, recovery_id: UUID) -> ProposedRecovery:
    found = await session.get(ProposedRecovery, recovery_id)
    if found is None or found.county != county or found.amount_fen > 0:
        raise NoSuchRecovery
    return found


async def _beside(session: AsyncSession, proposal: ProposedRecovery) -> Sequence[dict[str, Any]]:
    """All proposals of its month, first to last: what stands of each, and what is decided.

    What was taken back is taken from the last.
    """
    found = await run(
        session,
        text(_BESIDE),
        {
            "beneficiary": proposal.beneficiary_id,
            "programme": proposal.programme,
            "month": proposal.month,
        },
    )
    rows = [dict(row._mapping) for row in found]
    back_fen = sum(row["amount_fen"] for row in rows if row["amount_fen"] > 0)
    proposed = [row for row in rows if row["amount_fen"] < 0]
    for row in reversed(proposed):
        gone_fen = min(back_fen, -row["amount_fen"])
        row["standing_fen"] = -row["amount_fen"] - gone_fen
        back_fen -= gone_fen
    return proposed


async def _write(
    session: AsyncSession,
    proposal: ProposedRecovery,
    number: int,
    said: Decided,
    by: str,
    now: datetime,
) -> None:
    """Keep a decision, and say so to whoever keeps the books."""
    session.add(
        RecoveryDecision(
            recovery_id=proposal.recovery_id,
            number=number,
            county=proposal.county,
            amount_fen=said.amount_fen,
            paper=said.paper,
            reason=said.reason,
            told_on=said.told_on,
            decided_by=by,
            decided_at=now,
        )
    )
    await session.flush()
    await audit.record(
        session,
        proposal.county,
        actor=by,
        act="recovery-decided",
        subject=str(proposal.recovery_id),
        details={"number": number, "amount_fen": said.amount_fen},
    )
    await announce(
        session,
        RecoveryDecided(
            county=proposal.county,
            occurred_at=now,
            recovery_id=proposal.recovery_id,
            number=number,
            household_id=proposal.household_id,
            beneficiary_id=proposal.beneficiary_id,
            programme=proposal.programme,
            month=Month.parse(proposal.month),
            amount_fen=said.amount_fen,
        ),
    )


async def _lock(session: AsyncSession) -> None:
    """One decides at a time: what is decided is compared with what stands."""
    await run(session, text("SELECT pg_advisory_xact_lock(hashtextextended('recoveries', 0))"))


_BESIDE: Final = """
SELECT proposed.recovery_id AS id, proposed.amount_fen, coalesce(decided.number, 0) AS number,
    coalesce(decided.amount_fen, 0) AS decided_fen
FROM proposed_recovery AS proposed LEFT JOIN LATERAL (
    SELECT number, amount_fen FROM recovery_decision AS decision
    WHERE decision.recovery_id = proposed.recovery_id ORDER BY number DESC LIMIT 1
) AS decided ON true
WHERE beneficiary_id = :beneficiary AND programme = :programme AND month = :month
ORDER BY difference
"""

# A proposal that was decided, of a month of which this run takes something back.
_TAKEN_BACK: Final = """
SELECT DISTINCT ON (proposed.beneficiary_id, proposed.programme, proposed.month)
    proposed.recovery_id
FROM proposed_recovery AS back JOIN proposed_recovery AS proposed
    USING (beneficiary_id, programme, month)
WHERE back.run_id = :run_id AND back.amount_fen > 0 AND EXISTS (
    SELECT FROM recovery_decision AS decision
    WHERE decision.recovery_id = proposed.recovery_id
)
ORDER BY proposed.beneficiary_id, proposed.programme, proposed.month
"""
