"""Sums nobody can know yet: each held with a reason, an owner, and a day by which it must end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import disputes
from services.benefits.differences import Key
from services.benefits.models import Hold
from services.benefits.months_due import Terms
from shared import workdays
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict, NotFound

TOO_LARGE: Final = "amount-above-ceiling"
_WORDS: Final = {
    TOO_LARGE: policies.Words(
        "金额超过单笔上限，须由县级经办人核对",
        "the sum is above the ceiling; the county looks at it",
    ),
    **disputes.WORDS,
}
"""Reasons that are not the law's own."""
DECIDED: Final = "a later decision speaks for the month"


class Owner(StrEnum):
    """Whose desk a hold lies on."""

    TOWNSHIP = "township"
    COUNTY_POLICY = "county-policy"
    COUNTY_MAKER = "county-maker"


class NoSuchHold(NotFound):
    """There is no such hold here."""


class AlreadyReleased(Conflict):
    """This hold was released before."""


@dataclass(frozen=True, slots=True)
class Limit:
    """From when a hold counts and by when it must end."""

    held_on: date
    limit_on: date


def owner_of(reason: str) -> Owner:
    """Who must end a hold: the law's gaps are the county's, missing facts the township's."""
    if reason.startswith(("no-number-", "rule-fault-")):
        return Owner.COUNTY_POLICY
    if reason == TOO_LARGE:
        return Owner.COUNTY_MAKER
    return Owner.TOWNSHIP


def limit_from(held_on: date, working_days: int) -> Limit:
    """The limit by the nation's working days."""
    return Limit(held_on, workdays.add(held_on, working_days))


async def release(
    session: AsyncSession, hold_id: UUID, caller: Caller, reason: str, now: datetime
) -> Hold:
    """Let the month's supplementary run try a held sum again.

    Raises:
        NoSuchHold: there is none, or it lies outside the caller's areas.
        AlreadyReleased: somebody, or a decision, was first.
    """
    found = await session.exec(select(Hold).where(Hold.id == hold_id).with_for_update())
    hold = found.one_or_none()
    if hold is None or not caller.may_see(hold.village):
        raise NoSuchHold
    if hold.released_at is not None:
        raise AlreadyReleased(f"released for: {hold.release_reason}")
    hold.released_at, hold.released_by, hold.release_reason = now, caller.subject, reason
    return hold


async def release_decided(session: AsyncSession, terms: Terms, learned_number: int) -> int:
    """A decision that speaks for a held month releases it; the next run computes it anew."""
    released = await run(
        session,
        text(
            "UPDATE hold SET released_at = :now, released_by = 'decision',"
            "     release_reason = :reason"
            " FROM determination AS decided, run"
            " WHERE run.id = hold.run_id"
            "     AND (run.kind = 'one-off') = (decided.programme IS NOT NULL)"
            "     AND decided.learned_number = :n AND hold.household_id = decided.household_id"
            "     AND coalesce(decided.programme, hold.programme) = hold.programme"
            "     AND hold.released_at IS NULL AND hold.month >= decided.from_month"
            "     AND hold.month <= coalesce(decided.until_month, hold.month)"
        ),
        {"n": learned_number, "now": terms.now, "reason": DECIDED},
    )
    return released.rowcount


async def looked_at(
    session: AsyncSession, county: str, months: Sequence[str], programmes: Sequence[str]
) -> frozenset[Key]:
    """Whose sum above the ceiling a person looked at and let go; not where something else was
    decided of the household since, for then it is another sum."""
    rows = await run(
        session,
        text(_LOOKED_AT),
        {
            "county": county,
            "reason": TOO_LARGE,
            "months": list(months),
            "programmes": list(programmes),
        },
    )
    return frozenset(Key(row.beneficiary_id, row.programme, row.month) for row in rows)


def words(hold: Hold, law: policies.Law) -> dict[str, Any]:
    """A hold as its owner reads it."""
    return {
        "id": str(hold.id),
        "run_id": str(hold.run_id),
        "household_id": str(hold.household_id),
        "village": hold.village,
        "beneficiary_kind": hold.beneficiary_kind,
        "beneficiary_id": str(hold.beneficiary_id),
        "programme": hold.programme,
        "month": hold.month,
        "reason": hold.reason,
        "words": in_words(hold.reason, law),
        "owner": hold.owner,
        "held_on": hold.held_on.isoformat(),
        "limit_on": hold.limit_on.isoformat(),
        "released_at": hold.released_at.isoformat() if hold.released_at else None,
        "release_reason": hold.release_reason,
        "settled": hold.settled_run_id is not None,
    }


def in_words(reason: str, law: policies.Law) -> dict[str, str]:
    """Why a sum is held, in both languages."""
    said = _WORDS.get(reason) or law.reason(reason)
    return {"zh": said.zh, "en": said.en}


async def of_run(
    session: AsyncSession, run_id: UUID, *, after: UUID | None, limit: int
) -> list[Hold]:
    """A run's holds, in the order of their ids."""
    wanted = select(Hold).where(Hold.run_id == run_id).order_by(col(Hold.id)).limit(limit)
    if after is not None:
        wanted = wanted.where(col(Hold.id) > after)
    return list((await session.exec(wanted)).all())


async def reasons_of(session: AsyncSession, run_ids: list[UUID]) -> dict[str, Any]:
    """Held households of these runs, each counted once, and once by each of its reasons."""
    by_reason = await run(
        session,
        text(
            "SELECT reason, count(DISTINCT household_id) AS households FROM hold"
            " WHERE run_id = ANY(:runs) GROUP BY reason ORDER BY reason"
        ),
        {"runs": run_ids},
    )
    reasons = {row.reason: row.households for row in by_reason}
    total = await run(
        session,
        text("SELECT count(DISTINCT household_id) FROM hold WHERE run_id = ANY(:runs)"),
        {"runs": run_ids},
    )
    return {"count": total.scalar_one(), "reasons": reasons}


_LOOKED_AT: Final = """
SELECT beneficiary_id::text, programme, month
FROM hold JOIN run ON run.id = hold.run_id
WHERE hold.county = :county AND hold.reason = :reason AND run.status = 'closed'
    AND hold.month = ANY(:months) AND hold.programme = ANY(:programmes)
    AND hold.settled_run_id IS NULL AND hold.released_at IS NOT NULL
    AND hold.released_by <> 'decision' AND NOT EXISTS (
        SELECT FROM determination AS decided
        WHERE decided.county = hold.county AND decided.household_id = hold.household_id
            AND decided.learned_at > hold.released_at
    )
"""
