"""A payout file is written once: a draft, synced, renamed; only then does its row say `published`.

Its bytes are a function of rows that cannot change any more, so after a crash the same file is
written again, or the one that is there is found to be the same. The files of a bank are published
in the order of their numbers, because each manifest names the hash of the one before.

Files lie in the clear, 0600, in this process's own folder: they must hold account numbers, and
anybody given one can compare its hash with the manifest's without a key.
"""

import asyncio
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import approvals, envelopes, freeze
from services.payments.banks import manifest
from services.payments.banks.facts import EnvelopeFacts, LineFacts
from services.payments.banks.identifiers import batch_number, end_to_end_id
from services.payments.banks.manifest import FileSeal
from services.payments.banks.profiles import Profile
from services.payments.banks.writers import file_name, write
from services.payments.models import Envelope
from services.payments.screening import Desk
from services.payments.states import EnvelopeStatus
from shared import crash_points, outbox, telemetry
from shared.contracts.payments import EnvelopePublished
from shared.database import Database, run
from shared.money import Fen
from shared.months import civil_date

PUBLISHER: Final = "payments"
DRAFT: Final = ".draft"
FAILURES: Final = Counter(
    "doudi_publish_failures_total", "Envelopes that could not be published", ["bank"]
)


class FileDiffers(Exception):
    """A file of this name is there with other bytes; nothing is overwritten, somebody must look."""


@dataclass(frozen=True)
class _Task:
    """What is needed to write one file: the envelope as released, and the hash before it."""

    envelope: Envelope
    facts: EnvelopeFacts
    profile: Profile
    previous_sha256: str | None


def folder_of(files_dir: Path, bank: str) -> Path:
    """Where a bank's payout files lie."""
    return files_dir / "payouts" / bank


def throw_away_drafts(files_dir: Path) -> None:
    """Take away what a killed process left half written; called before anything is published."""
    for draft in (files_dir / "payouts").glob(f"*/.*{DRAFT}"):
        draft.unlink(missing_ok=True)


async def publish_released(
    database: Database, county: str, desk: Desk, files_dir: Path, now: datetime
) -> int:
    """Publish every released envelope that can be; how many were. One that fails harms no other."""
    published, stuck = 0, set()
    for envelope_id, bank in await _released(database, county):
        if bank in stuck:
            continue
        try:
            if await publish(database, desk, files_dir, envelope_id, now):
                published += 1
            else:
                stuck.add(bank)
        except Exception as problem:
            stuck.add(bank)
            FAILURES.labels(bank).inc()
            telemetry.log.error(
                "envelope-not-published",
                envelope=str(envelope_id),
                because=type(problem).__name__,
            )
    return published


async def publish(
    database: Database, desk: Desk, files_dir: Path, envelope_id: UUID, now: datetime
) -> bool:
    """Write one released envelope's file and say so; False when it must wait.

    Raises:
        FileDiffers: a file of its name is there with other bytes.
        Unwritable, TotalsDiffer: its rows are not what was approved.
    """
    async with database.transaction() as session:
        task = await _prepare(session, desk, envelope_id)
        if task is None:
            return False
        lines = await _lines(session, task.envelope, desk)
    folder = folder_of(files_dir, task.envelope.bank)
    seal = await asyncio.to_thread(_write_once, folder, task, lines)
    crash_points.reach("payments.file-renamed-before-row")
    async with database.transaction() as session:
        return await _say_published(session, desk, task, seal, now)


async def _released(database: Database, county: str) -> list[tuple[UUID, str]]:
    async with database.transaction() as session:
        found = await run(
            session,
            text(
                "SELECT id, bank FROM envelope WHERE county = :county AND status = 'released'"
                " ORDER BY bank, file_number"
            ),
            {"county": county},
        )
        return [(row.id, row.bank) for row in found]


async def _prepare(session: AsyncSession, desk: Desk, envelope_id: UUID) -> _Task | None:
    found = await session.exec(
        select(Envelope).where(
            col(Envelope.id) == envelope_id, col(Envelope.status) == EnvelopeStatus.RELEASED
        )
    )
    envelope = found.one_or_none()
    if envelope is None or (await freeze.standing(session, envelope.county))["frozen"]:
        return None
    assert envelope.released_at is not None
    assert envelope.file_number is not None
    before = await run(
        session,
        text(
            "SELECT file_sha256 FROM envelope"
            " WHERE county = :county AND bank = :bank AND file_number = :number"
        ),
        {
            "county": envelope.county,
            "bank": envelope.bank,
            "number": envelope.file_number - 1,
        },
    )
    previous = before.scalar_one_or_none()
    if previous is None and envelope.file_number > 1:
        return None
    facts = EnvelopeFacts(
        batch=batch_number(envelope.id, envelope.attempt),
        fund=envelope.fund,
        project=envelope.project,
        attempt=envelope.attempt,
        sequence=envelope.file_number,
        count=envelope.count,
        total_fen=Fen(envelope.total_fen),
        pay_on=civil_date(envelope.released_at),
        made_at=envelope.released_at,
        remark=desk.titled(envelope.pay_month, envelope.budget_item),
    )
    return _Task(envelope, facts, desk.banks[envelope.bank], previous)


async def _lines(session: AsyncSession, envelope: Envelope, desk: Desk) -> list[LineFacts]:
    """The envelope's lines in their order; at most as many as the bank takes in one file."""
    connection = await session.connection()
    async with connection.stream(
        text(
            """
            SELECT transfer.reference, transfer.attempt, transfer.amount_fen, account.id,
                account.number_sealed,
                coalesce(account.bank_spelling, account.holder_name) AS holder
            FROM transfer JOIN account ON account.id = transfer.account_id
            WHERE transfer.envelope_id = :id ORDER BY transfer.position
            """
        ),
        {"id": envelope.id},
    ) as rows:
        return [
            LineFacts(
                end_to_end_id=end_to_end_id(row.reference, row.attempt),
                account_number=desk.keys.decrypt(
                    row.number_sealed, table="account", column="number", row=row.id
                ),
                holder=row.holder,
                amount_fen=Fen(row.amount_fen),
            )
            async for row in rows
        ]


def _write_once(folder: Path, task: _Task, lines: list[LineFacts]) -> FileSeal:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / file_name(task.profile, task.facts)
    draft = folder / f".{place.name}.{secrets.token_hex(4)}{DRAFT}"
    digest, size = sha256(), 0
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in write(task.profile, task.facts, lines):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        crash_points.reach("payments.file-written-before-rename")
        if not place.exists():
            draft.rename(place)
        elif hash_of(place) != digest.hexdigest():
            raise FileDiffers(place.name)
        _sync_folder(folder)  # Also when it was there: who renamed it may have died before this.
    finally:
        draft.unlink(missing_ok=True)
    return FileSeal(digest.hexdigest(), size, task.previous_sha256)


async def _say_published(
    session: AsyncSession, desk: Desk, task: _Task, seal: FileSeal, now: datetime
) -> bool:
    envelope = task.envelope
    await freeze.refuse_if_frozen(session, envelope.county)
    words = manifest.text_of(task.profile, task.facts, envelope.county, seal)
    current = await session.get(Envelope, envelope.id, with_for_update=True)
    if current is None or current.status != EnvelopeStatus.RELEASED:
        return True  # Another publisher said so first, of the same bytes.
    await approvals.move(
        session,
        current,
        EnvelopeStatus.PUBLISHED,
        file_name=file_name(task.profile, task.facts),
        file_sha256=seal.sha256,
        file_bytes=seal.bytes_count,
        manifest=words.decode(),
        signature=desk.keys.sign(words),
        published_at=now,
    )
    await outbox.announce(
        session,
        EnvelopePublished(
            county=current.county,
            occurred_at=now,
            envelope_id=current.id,
            bank=current.bank,
            project=current.project,
            attempt=current.attempt,
            count=current.count,
            total_fen=current.total_fen,
            file_sha256=seal.sha256,
        ),
    )
    await envelopes.note(session, PUBLISHER, "envelope-published", current)
    crash_points.reach("payments.published-before-commit")
    return True


def hash_of(path: Path) -> str:
    """The SHA-256 of a file as it lies there now."""
    digest = sha256()
    for piece in pieces_of(path):
        digest.update(piece)
    return digest.hexdigest()


def pieces_of(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    """A file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(size):
            yield piece


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
