"""The work of a run, stage by stage; killed anywhere, it goes on at the first thing not done."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from policies.engine import law as law_engine
from services.benefits import (
    entitlements,
    facts,
    holds,
    packs,
    reckoning,
    snapshot,
    stages,
)
from services.benefits.models import Run, RunStatus
from services.benefits.reckoning import Difference, Held
from services.benefits.settings import Settings
from services.benefits.snapshot import Frozen
from shared import audit, crash_points
from shared.clock import Clock
from shared.database import Database, copy_rows, run
from shared.ids import new_id
from shared.months import civil_date
from shared.secrets import KeyRing

ACTOR: Final = "benefits"
ENGINE: Final = f"policies {law_engine.ENGINE}"


@dataclass(frozen=True)
class Tools:
    """What the work needs."""

    settings: Settings
    database: Database
    keys: KeyRing
    clock: Clock
    law: policies.Law


async def carry(tools: Tools, run_id: UUID) -> RunStatus:
    """Do what is left of a run; where it then stands.

    1. opened → snapshotting: somebody is at it.
    2. snapshotting → calculating: the reading is in its file, and the row names it by its hash.
    3. calculating → calculated: every chunk is loaded, and the list has its hash.
    """
    while True:
        async with tools.database.transaction() as session:
            of = await stages.get(session, run_id)
        if of.status == RunStatus.OPENED:
            async with tools.database.transaction() as session:
                await stages.move(session, of, RunStatus.SNAPSHOTTING)
        elif of.status == RunStatus.SNAPSHOTTING:
            await freeze(tools, of)
        elif of.status == RunStatus.CALCULATING:
            await calculate(tools, of)
        else:
            return RunStatus(of.status)


async def freeze(tools: Tools, of: Run) -> None:
    """Write the reading into its file, and then say so in the row; nobody learns meanwhile."""
    path = snapshot.path_of(tools.settings.files_dir, of)
    async with tools.database.transaction() as session:
        await facts.gate(session, alone=True)
        await stages.still(session, of)
        frozen = await _gather(tools, of)
        sha256 = await asyncio.to_thread(snapshot.write, path, frozen, tools.keys)
        crash_points.reach("benefits.snapshot-written")
        learned = await run(session, text("SELECT coalesce(max(number), 0) FROM learning"))
        await packs.keep(session, tools.law, of.county, tools.clock.now())
        await stages.move(
            session,
            of,
            RunStatus.CALCULATING,
            learned_number=learned.scalar_one(),
            closed_before=await stages.closed_of_family(session, of),
            chunk_items=tools.settings.chunk_items,
            line_fen_max=tools.settings.line_fen_max,
            snapshot_file=path.name,
            facts_sha256=sha256,
            policy_sha256=tools.law.sha256,
            engine_version=ENGINE,
        )
        await audit.record(
            session,
            of.county,
            actor=ACTOR,
            act="run-frozen",
            subject=str(of.id),
            details={"facts_sha256": sha256, "policy_sha256": tools.law.sha256},
        )


async def _gather(tools: Tools, of: Run) -> Frozen:
    """The reading of one moment, in a transaction that sees nothing later."""
    async with tools.database.transaction() as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return await snapshot.gather(session, tools.keys, of, tools.law)


async def calculate(tools: Tools, of: Run) -> None:
    """Load what the reading gives, chunk by chunk, and hash the list."""
    async with tools.database.transaction() as session:
        law = await packs.by_hash(session, of.policy_sha256 or "", tools.law)
        chunks = await run(
            session,
            text("SELECT number FROM run_chunk WHERE run_id = :id AND attempt = :attempt"),
            {"id": of.id, "attempt": of.attempt},
        )
        loaded = set(chunks.scalars())
    path = snapshot.path_of(tools.settings.files_dir, of)
    frozen = await asyncio.to_thread(snapshot.read, path, of, tools.keys)
    answer = reckoning.reckon(law, of, frozen)
    limit = holds.limit_from(civil_date(tools.clock.now()), tools.settings.hold_limit_working_days)
    for number, found, held in answer.chunks(of.chunk_items or 1):
        if number not in loaded:
            async with tools.database.transaction() as session:
                await stages.still(session, of)
                await _load(session, of, number, found, held, limit)
            crash_points.reach("benefits.chunk-loaded")
    async with tools.database.transaction() as session:
        listed, total_fen = await entitlements.digest(session, of)
        recoveries = await run(
            session,
            text(
                "SELECT count(*) AS proposals, coalesce(sum(amount_fen), 0) AS fen"
                " FROM draft_recovery WHERE run_id = :id"
            ),
            {"id": of.id},
        )
        proposed = recoveries.one()
        await stages.move(
            session,
            of,
            RunStatus.CALCULATED,
            households_count=answer.households_count,
            zero_count=answer.zero_count,
            lines_count=listed.count,
            total_fen=total_fen,
            list_sha256=listed.hexdigest(),
            recoveries_count=proposed.proposals,
            recoveries_fen=int(proposed.fen),
            calculated_at=tools.clock.now(),
        )
        await audit.record(
            session,
            of.county,
            actor=ACTOR,
            act="run-calculated",
            subject=str(of.id),
            details={
                "lines_count": listed.count,
                "total_fen": total_fen,
                "list_sha256": listed.hexdigest(),
            },
        )


async def _load(
    session: AsyncSession,
    of: Run,
    number: int,
    found: list[Difference],
    held: list[Held],
    limit: holds.Limit,
) -> None:
    """One chunk, whole; a second one of its number is refused by the database."""
    lines = [each for each in found if each.kind is not None]
    recoveries = [each for each in found if each.kind is None]
    await copy_rows(
        session,
        "run_chunk",
        (
            "run_id",
            "attempt",
            "number",
            "county",
            "lines_count",
            "recoveries_count",
            "holds_count",
        ),
        [(of.id, of.attempt, number, of.county, len(lines), len(recoveries), len(held))],
    )
    await copy_rows(
        session,
        "draft_line",
        ("county", "run_id", "line_id", *Difference._fields[1:]),
        ((of.county, of.id, *each) for each in lines),
    )
    await copy_rows(
        session,
        "draft_recovery",
        ("county", "run_id", "recovery_id", *Difference._fields[2:]),
        ((of.county, of.id, each.id, *each[2:]) for each in recoveries),
    )
    await copy_rows(
        session,
        "hold",
        ("county", "run_id", "id", "owner", "held_on", "limit_on", *Held._fields),
        (
            (
                of.county,
                of.id,
                new_id(),
                holds.owner_of(each.reason),
                limit.held_on,
                limit.limit_on,
                *each,
            )
            for each in held
        ),
    )
