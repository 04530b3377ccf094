"""A bank's answer is kept whole, read whole, and applied in one transaction, once.

1. Read: a file that is truncated, contradicts its own totals or is no message of this bank is
   refused with the place where it is wrong; nothing of it is kept but the audit row.
2. Stage: the bytes are sealed into the files folder, then the row and its answers are committed.
3. Apply: one transaction per file moves transfers and orders, posts to the ledger and says so. What
   does not fit what we know goes to the discrepancy list, with its money untouched.

A crash between 2 and 3 leaves a staged file, applied when the process stands again. The same bytes
again change nothing.
"""

import asyncio
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import settling
from services.payments.banks.facts import Outcome, ResultRefused, WholeFile
from services.payments.banks.facts import ResultFile as Told
from services.payments.banks.identifiers import read_reference
from services.payments.banks.readers import read_result
from services.payments.models import ResultFile
from services.payments.screening import Desk
from services.payments.states import ResultStatus
from shared import audit, crash_points, telemetry
from shared.callers import Caller
from shared.database import Database, copy_rows, run
from shared.ids import new_id
from shared.problems import Conflict, Malformed, NotFound

PURPOSE: Final = "bank-result"
SWEEPER: Final = "payments"

_COLUMNS: Final = (
    "county",
    "result_id",
    "position",
    "end_to_end_id",
    "reference",
    "attempt",
    "outcome",
    "reason",
    "amount_fen",
    "booked_on",
    "whole_file",
)


class ResultUnreadable(Malformed):
    """The file is not whole, or is no message this bank answers with; nothing was applied."""


class MessageChanged(Conflict):
    """A message of this name came before with other content; nothing was applied."""

    constraint = "uq_result_file_message"


class ResultUnknown(NotFound):
    """There is no such result file."""


@dataclass(frozen=True)
class Received:
    """A file as it came."""

    bank: str
    name: str
    content: bytes


async def receive(
    database: Database, desk: Desk, files_dir: Path, caller: Caller, came: Received, now: datetime
) -> dict[str, Any]:
    """Take in a bank's file; the answer says what became of it.

    Raises:
        ResultUnreadable: it is not whole, or nothing this bank says.
        AllUnknown, AnsweredBeforeFetched, MessageChanged: nothing in it can be applied.
    """
    digest = sha256(came.content).hexdigest()
    known = await _known(database, caller.county, came.bank, digest)
    if known is None:
        told = await _read(database, desk, caller, came, digest)
        known = await _stage(database, desk, files_dir, caller, came, told, digest, now)
        crash_points.reach("payments.result-staged")
    elif known.status not in (ResultStatus.STAGED, ResultStatus.REFUSED):
        return {**words_of(known), "already_received": True}
    applied = await settling.apply(database, known.id, now)
    crash_points.reach("payments.result-applied-before-reply")
    return {**words_of(applied), "already_received": False}


async def apply_left_over(database: Database, county: str, now: datetime) -> int:
    """Apply what was staged when a process died; how many files."""
    async with database.transaction() as session:
        found = await session.exec(
            select(ResultFile.id)
            .where(ResultFile.county == county, ResultFile.status == ResultStatus.STAGED)
            .order_by(col(ResultFile.received_at))
        )
        left = list(found)
    for result_id in left:
        try:
            await settling.apply(database, result_id, now)
        except (settling.AllUnknown, settling.AnsweredBeforeFetched) as refused:
            telemetry.log.warning("result-refused", result=str(result_id), because=refused.slug())
    return len(left)


async def found(session: AsyncSession, caller: Caller, result_id: UUID) -> ResultFile:
    """A result file the caller may see: a bank sees its own.

    Raises:
        ResultUnknown: there is none, or it is another bank's.
    """
    result = await session.get(ResultFile, result_id)
    if result is None or result.county != caller.county:
        raise ResultUnknown
    if caller.kind == "partner" and f"bank:{result.bank}" not in caller.areas:
        raise ResultUnknown
    return result


async def discrepancies_of(session: AsyncSession, result_id: UUID) -> list[dict[str, Any]]:
    """What in a file did not fit, first two hundred."""
    rows = await run(
        session,
        text(
            "SELECT position, kind, end_to_end_id, outcome, amount_fen, expected_fen"
            " FROM discrepancy WHERE result_id = :id ORDER BY position LIMIT 200"
        ),
        {"id": result_id},
    )
    return [dict(row._mapping) for row in rows]


def words_of(result: ResultFile) -> dict[str, Any]:
    """A result file as it is told."""
    return {
        "result_id": str(result.id),
        "bank": result.bank,
        "name": result.name,
        "message": result.message,
        "form": result.form,
        "sha256": result.sha256,
        "status": str(result.status),
        "refusal": result.refusal,
        "answers": result.answers_count,
        "settled": {"count": result.settled_count, "total_fen": result.settled_fen},
        "failed": {"count": result.failed_count, "total_fen": result.failed_fen},
        "discrepancies": result.discrepancies_count,
        "received_at": result.received_at.isoformat(),
        "applied_at": result.applied_at.isoformat() if result.applied_at else None,
    }


async def _known(database: Database, county: str, bank: str, digest: str) -> ResultFile | None:
    async with database.transaction() as session:
        found = await session.exec(
            select(ResultFile).where(
                ResultFile.county == county, ResultFile.bank == bank, ResultFile.sha256 == digest
            )
        )
        return found.one_or_none()


async def _read(
    database: Database, desk: Desk, caller: Caller, came: Received, digest: str
) -> Told:
    try:
        return await asyncio.to_thread(read_result, desk.banks[came.bank], came.content, came.name)
    except ResultRefused as refused:
        async with database.transaction() as session:
            await audit.record(
                session,
                caller.county,
                actor=caller.subject,
                act="result-unreadable",
                subject=digest,
                details={"bank": came.bank, "row": refused.row, "column": refused.column},
            )
        raise ResultUnreadable(
            str(refused), row=refused.row, column=refused.column, sha256=digest
        ) from refused


async def _stage(
    database: Database,
    desk: Desk,
    files_dir: Path,
    caller: Caller,
    came: Received,
    told: Told,
    digest: str,
    now: datetime,
) -> ResultFile:
    result = ResultFile(
        id=new_id(),
        county=caller.county,
        bank=came.bank,
        name=came.name,
        message=told.message_id,
        sha256=digest,
        bytes_count=len(came.content),
        form=told.kind,
        status=ResultStatus.STAGED,
        received_by=caller.subject,
        received_at=now,
        answers_count=len(told.items),
    )
    sealed = desk.keys.encrypt_bytes(came.content, purpose=PURPOSE)
    await asyncio.to_thread(_keep, files_dir / "results", f"{digest}.{came.bank}", sealed)
    try:
        async with database.transaction() as session:
            session.add(result)
            await session.flush()
            await copy_rows(session, "result_answer", _COLUMNS, _answers(result, told))
            if told.whole_file is not None:
                result.answers_count += await _spread(session, result, told.batch, told.whole_file)
            await audit.record(
                session,
                caller.county,
                actor=caller.subject,
                act="result-received",
                subject=str(result.id),
                details={"bank": came.bank, "sha256": digest, "answers": result.answers_count},
            )
    except IntegrityError:
        first = await _known(database, caller.county, came.bank, digest)
        if first is None:
            raise
        return first  # The same bytes came twice at once; the other one staged them.
    return result


def _answers(result: ResultFile, told: Told) -> Iterable[tuple[Any, ...]]:
    for position, item in enumerate(told.items, 1):
        reference, attempt = read_reference(item.end_to_end_id) or (None, None)
        yield (
            result.county,
            result.id,
            position,
            item.end_to_end_id[:64],
            reference,
            attempt,
            item.outcome.value,
            item.reason,
            item.amount_fen,
            item.settled_on,
            False,
        )


async def _spread(
    session: AsyncSession, result: ResultFile, batch: str | None, whole: WholeFile
) -> int:
    """A word about a whole file of ours is a word about each transfer in it."""
    named = read_reference(batch or "")
    spread = 0
    if named is not None and whole.outcome != Outcome.UNKNOWN:
        rows = await run(
            session,
            text(
                """
                INSERT INTO result_answer (county, result_id, position, end_to_end_id, reference,
                    attempt, outcome, reason, whole_file)
                SELECT transfer.county, :result_id, transfer.position,
                    replace(transfer.reference::text, '-', '') || '-'
                        || lpad(transfer.attempt::text, 2, '0'),
                    transfer.reference, transfer.attempt, :outcome, :reason, true
                FROM transfer JOIN envelope ON envelope.id = transfer.envelope_id
                WHERE envelope.id = :envelope_id AND envelope.bank = :bank
                    AND envelope.attempt = :attempt
                """
            ),
            {
                "result_id": result.id,
                "outcome": whole.outcome.value,
                "reason": whole.reason,
                "envelope_id": named[0],
                "attempt": named[1],
                "bank": result.bank,
            },
        )
        spread = rows.rowcount
    if not spread:
        await run(
            session,
            text(
                "INSERT INTO result_answer (county, result_id, position, end_to_end_id, outcome,"
                " reason, whole_file)"
                " VALUES (:county, :result_id, 1, :batch, :outcome, :reason, true)"
            ),
            {
                "county": result.county,
                "result_id": result.id,
                "batch": (batch or "")[:64],
                "outcome": whole.outcome.value,
                "reason": whole.reason,
            },
        )
        spread = 1
    return spread


def _keep(folder: Path, name: str, sealed: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{name}.{secrets.token_hex(4)}.draft"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{name}.sealed")
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
