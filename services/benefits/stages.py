"""The legal moves of a run, each made once even if two processes try."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits.models import MAY_BECOME, Run, RunStatus
from shared.database import run
from shared.problems import Conflict, NotFound


class NoSuchRun(NotFound):
    """There is no such run here."""


class RunHasMoved(Conflict):
    """Somebody else has moved this run on."""


async def get(session: AsyncSession, run_id: UUID, *, locked: bool = False) -> Run:
    """A run; locked, it waits for whoever moves it.

    Raises:
        NoSuchRun: there is none.
    """
    found = await session.get(Run, run_id, with_for_update=locked or None, populate_existing=locked)
    if found is None:
        raise NoSuchRun
    return found


async def move(session: AsyncSession, of: Run, to: RunStatus, **values: Any) -> Run:
    """Take a run to its next stage, if it still stands where it was read; the run as it then is.

    Raises:
        RunHasMoved: it does not.
    """
    assert to in MAY_BECOME[RunStatus(of.status)], f"{of.status} never becomes {to}"
    moved = await run(
        session,
        update(Run)
        .where(col(Run.id) == of.id, col(Run.status) == of.status, col(Run.attempt) == of.attempt)
        .values(status=to.value, **values),
    )
    if moved.rowcount != 1:
        raise RunHasMoved("read it again", run_id=str(of.id))
    found = await session.get(Run, of.id, populate_existing=True)
    assert found is not None, "runs are never taken away"
    return found


async def still(session: AsyncSession, of: Run) -> None:
    """Hold a run where it was read until this transaction ends.

    Raises:
        RunHasMoved: it has been moved on.
    """
    found = await run(
        session,
        text(
            "SELECT FROM run WHERE id = :id AND status = :status AND attempt = :attempt FOR SHARE"
        ),
        {"id": of.id, "status": of.status, "attempt": of.attempt},
    )
    if found.one_or_none() is None:
        raise RunHasMoved("read it again", run_id=str(of.id))


async def closed_of_family(session: AsyncSession, of: Run) -> int:
    """How many runs of the family are closed: when one more is, what was granted has changed."""
    counted = await run(
        session,
        text(
            "SELECT count(*) FROM run"
            " WHERE county = :county AND family = :family AND status = 'closed'"
        ),
        {"county": of.county, "family": of.family},
    )
    return int(counted.scalar_one())


async def forget_drafts(session: AsyncSession, of: Run) -> None:
    """Take away what an attempt computed, before the next."""
    for table in ("draft_line", "draft_recovery", "run_chunk", "hold"):
        await run(session, text(_FORGET[table]), {"run_id": of.id})


async def begin_again(session: AsyncSession, of: Run, now: datetime) -> Run:
    """Back to the beginning with the facts known now; signatures stay with the old attempt."""
    await forget_drafts(session, of)
    return await move(
        session,
        of,
        RunStatus.OPENED,
        attempt=of.attempt + 1,
        faults=0,
        failure=None,
        opened_at=now,
        learned_number=None,
        facts_sha256=None,
        policy_sha256=None,
        list_sha256=None,
        snapshot_file=None,
        calculated_at=None,
    )


_FORGET = {
    table: f"DELETE FROM {table} WHERE run_id = :run_id"  # noqa: S608 # Words of this file only.
    for table in ("draft_line", "draft_recovery", "run_chunk", "hold")
}
