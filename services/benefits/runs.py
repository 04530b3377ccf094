"""A county's run of one kind for one pay month, restartable at any chunk.

opened → snapshotting → calculating → calculated → closed. Opening it again resumes it. The work up
to calculated is done in a child process, `python -m services.benefits.runs`, so that pages answer
while it counts; it may be killed at any point and started again. With a RUN_ID it does that one.
"""

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import exc, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

import policies
from services.benefits import calculation, packs, stages
from services.benefits.calculation import Tools
from services.benefits.models import UNFINISHED, Run, RunStatus
from services.benefits.settings import Settings
from shared import audit, crash_points, telemetry
from shared.callers import Caller
from shared.clock import Clock
from shared.contracts.benefits import RunKind
from shared.database import Database, run
from shared.ids import new_id
from shared.months import Month
from shared.problems import Conflict, Malformed
from shared.secrets import KeyRing
from shared.settings import load_or_exit

# The database or the disk was away, or somebody else has moved the run.
WORLD: Final = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.TimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    OSError,
    stages.RunHasMoved,
)
LOOK_SECONDS: Final = 0.2
LINGER_SECONDS: Final = 20.0
BUSY: Final = 75  # EX_TEMPFAIL: another process is at this run.


class NotOfThisKind(Malformed):
    """What is given once is run one-off; what is owed month by month is not."""


class RegularRunOpen(Conflict):
    """The month's regular run must be closed before a supplementary one is opened."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is unique by."""

    family: str
    pay_month: Month
    kind: RunKind
    sequence: int


async def open_run(
    session: AsyncSession, law: policies.Law, wanted: Wanted, caller: Caller, now: datetime
) -> tuple[Run, bool]:
    """The run wanted, and whether it is new; one that failed is tried again.

    Raises:
        NoSuchFamily: the place has no such programmes.
        NotOfThisKind: they are not run so.
        RegularRunOpen: a supplementary run came too early.
    """
    packs.programmes_of(law, wanted.family)
    if (wanted.kind == RunKind.ONE_OFF) != (wanted.family in packs.given_once(law)):
        raise NotOfThisKind(f"{wanted.family} is not run {wanted.kind}")
    if wanted.kind == RunKind.SUPPLEMENTARY:
        await _regular_is_closed(session, wanted, caller.county)
    made = await run(
        session,
        insert(Run)
        .values(
            id=new_id(),
            county=caller.county,
            family=wanted.family,
            pay_month=str(wanted.pay_month),
            kind=wanted.kind.value,
            sequence=wanted.sequence,
            status=RunStatus.OPENED.value,
            attempt=1,
            faults=0,
            opened_by=caller.subject,
            opened_at=now,
        )
        .on_conflict_do_nothing()
        .returning(col(Run.id)),
    )
    is_new = made.first() is not None
    found = (await session.exec(_this(wanted, caller.county).with_for_update())).one()
    if is_new:
        await _write_down(session, found, caller, "run-opened")
    elif found.status == RunStatus.FAILED:
        found = await stages.begin_again(session, found, now)
        await _write_down(session, found, caller, "run-tried-again")
    return found, is_new


async def recalculate(session: AsyncSession, run_id: UUID, caller: Caller, now: datetime) -> Run:
    """Begin a calculated run again with the facts known now; its signatures no longer hold.

    Raises:
        NoSuchRun: there is none.
        RunHasMoved: it is closed, or still being calculated.
    """
    found = await stages.get(session, run_id, locked=True)
    if found.status not in (RunStatus.CALCULATED, RunStatus.FAILED):
        raise stages.RunHasMoved(f"the run is {found.status}")
    found = await stages.begin_again(session, found, now)
    await _write_down(session, found, caller, "run-recalculated")
    return found


async def listed(session: AsyncSession, county: str, pay_month: Month | None) -> list[Run]:
    """The runs of a pay month, or the latest ones."""
    wanted = select(Run).where(Run.county == county)
    if pay_month is not None:
        wanted = wanted.where(Run.pay_month == str(pay_month))
    wanted = wanted.order_by(
        col(Run.pay_month).desc(), col(Run.family), col(Run.kind), col(Run.sequence)
    )
    return list((await session.exec(wanted.limit(200))).all())


async def unfinished(session: AsyncSession) -> list[UUID]:
    """Runs whose calculation is not done, the oldest first."""
    wanted = select(Run.id).where(col(Run.status).in_(UNFINISHED)).order_by(col(Run.id))
    return list((await session.exec(wanted)).all())


async def work(tools: Tools, run_id: UUID) -> int:
    """Carry one run as far as it goes, unless another process is at it; the exit code."""
    async with tools.database.transaction() as fence:
        # Held while we live, and by nobody else: one process a run.
        ours = await run(
            fence,
            text("SELECT pg_try_advisory_xact_lock(hashtextextended(:run_id, 0))"),
            {"run_id": str(run_id)},
        )
        if not ours.scalar_one():
            return BUSY
        try:
            await calculation.carry(tools, run_id)
        except WORLD:
            raise  # Try again: it is no fault of the run.
        except Exception as problem:
            telemetry.log.exception("run-stopped", run_id=str(run_id))
            await _count_fault(tools, run_id, type(problem).__name__)
            return 1
        return 0


async def work_through(settings: Settings, database: Database) -> int:
    """Carry whatever is unfinished, one run after the other; the exit code.

    It lingers a little when nothing is left: a month's families follow each other closely, and
    starting anew costs more than most of their runs.
    """
    keys, clock = KeyRing.open(settings.keys_dir), Clock.open(settings.clock)
    busy_at = time.monotonic()
    while time.monotonic() - busy_at < LINGER_SECONDS:
        async with database.transaction() as session:
            waiting = await unfinished(session)
        for run_id in waiting:
            tools = Tools(settings, database, keys, clock, packs.present(settings))
            code = await work(tools, run_id)
            if code not in (0, BUSY):
                return code
            if code == 0:
                busy_at = time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)
    return 0


async def _from_environment(words: list[str]) -> int:
    settings = load_or_exit(Settings)
    telemetry.configure("benefits", settings.log_file)
    crash_points.configure(settings.files_dir)
    database = Database(settings.database_url.get_secret_value(), connections_max=4)
    try:
        if not words:
            return await work_through(settings, database)
        keys, clock = KeyRing.open(settings.keys_dir), Clock.open(settings.clock)
        tools = Tools(settings, database, keys, clock, packs.present(settings))
        return await work(tools, UUID(words[0]))
    finally:
        await database.close()


def main() -> None:
    """The command line: carry the run named as far as it goes, or whatever is unfinished."""
    raise SystemExit(asyncio.run(_from_environment(sys.argv[1:])))


async def _regular_is_closed(session: AsyncSession, wanted: Wanted, county: str) -> None:
    regular = Wanted(wanted.family, wanted.pay_month, RunKind.REGULAR, 1)
    found = (await session.exec(_this(regular, county))).one_or_none()
    if found is None or found.status != RunStatus.CLOSED:
        raise RegularRunOpen(f"{wanted.family} of {wanted.pay_month}")


def _this(wanted: Wanted, county: str) -> SelectOfScalar[Run]:
    return select(Run).where(
        Run.county == county,
        Run.family == wanted.family,
        Run.pay_month == str(wanted.pay_month),
        Run.kind == wanted.kind.value,
        Run.sequence == wanted.sequence,
    )


async def _write_down(session: AsyncSession, of: Run, caller: Caller, act: str) -> None:
    await audit.record(
        session,
        of.county,
        actor=caller.subject,
        act=act,
        subject=str(of.id),
        details={
            "family": of.family,
            "pay_month": of.pay_month,
            "kind": of.kind,
            "sequence": of.sequence,
            "attempt": of.attempt,
        },
    )


async def _count_fault(tools: Tools, run_id: UUID, fault: str) -> None:
    """After so many faults a run is failed, and waits for a person instead of going round."""
    async with tools.database.transaction() as session:
        of = await stages.get(session, run_id, locked=True)
        if of.status not in UNFINISHED:
            return
        of.faults += 1
        of.failure = fault
        await session.flush()
        if of.faults >= tools.settings.run_faults_max:
            await stages.move(session, of, RunStatus.FAILED)
            await audit.record(
                session,
                of.county,
                actor=calculation.ACTOR,
                act="run-failed",
                subject=str(of.id),
                details={"fault": fault},
            )


if __name__ == "__main__":
    main()
