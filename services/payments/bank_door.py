"""What a bank may fetch: its own published files, the same bytes each time, and never another's."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import envelopes, freeze, payout_files
from services.payments.approvals import EnvelopeUnknown
from services.payments.banks.identifiers import batch_number
from services.payments.models import Envelope
from services.payments.states import EnvelopeStatus
from shared import crash_points, telemetry
from shared.callers import Caller
from shared.database import run
from shared.problems import Forbidden, Unavailable

AT_THE_DOOR = (EnvelopeStatus.PUBLISHED, EnvelopeStatus.FETCHED, EnvelopeStatus.ANSWERED)


class NoBank(Forbidden):
    """This client stands for no bank."""


class PayoutFileDamaged(Unavailable):
    """The file is not the one that was published; it is not handed out, and somebody is told."""


def banks_of(caller: Caller) -> list[str]:
    """The banks a client stands for.

    Raises:
        NoBank: none.
    """
    codes = [area.removeprefix("bank:") for area in caller.areas if area.startswith("bank:")]
    if not codes:
        raise NoBank
    return codes


async def listed(
    session: AsyncSession, caller: Caller, *, after: str, limit: int, unfetched: bool
) -> dict[str, Any]:
    """The caller's files, in the order of their ids."""
    query = select(Envelope).where(
        Envelope.county == caller.county,
        col(Envelope.bank).in_(banks_of(caller)),
        col(Envelope.status).in_([EnvelopeStatus.PUBLISHED] if unfetched else [*AT_THE_DOOR]),
    )
    if after:
        query = query.where(col(Envelope.id) > UUID(after))
    found = list(await session.exec(query.order_by(col(Envelope.id)).limit(limit)))
    items = [
        {
            "id": str(envelope.id),
            "bank": envelope.bank,
            "batch": batch_number(envelope.id, envelope.attempt),
            "project": envelope.project,
            "attempt": envelope.attempt,
            "sequence": envelope.file_number,
            "count": envelope.count,
            "total_fen": envelope.total_fen,
            "format": envelope.format,
            "file": envelope.file_name,
            "bytes": envelope.file_bytes,
            "sha256": envelope.file_sha256,
            "status": str(envelope.status),
            "published_at": envelope.published_at,
            "first_fetched_at": envelope.first_fetched_at,
        }
        for envelope in found
    ]
    return {"items": items, "next": items[-1]["id"] if len(items) == limit else None}


async def seen(session: AsyncSession, caller: Caller, envelope_id: UUID) -> Envelope:
    """A published envelope of the caller's bank.

    Raises:
        EnvelopeUnknown: there is none, or it is another bank's, or not published: all the same.
    """
    found = await session.exec(
        select(Envelope).where(
            Envelope.id == envelope_id,
            Envelope.county == caller.county,
            col(Envelope.bank).in_(banks_of(caller)),
            col(Envelope.status).in_([*AT_THE_DOOR]),
        )
    )
    envelope = found.one_or_none()
    if envelope is None:
        telemetry.log.warning("bank-door-unknown", client=caller.subject)
        raise EnvelopeUnknown
    return envelope


async def fetch(
    session: AsyncSession, caller: Caller, files_dir: Path, envelope_id: UUID, now: datetime
) -> tuple[Envelope, Path]:
    """The file of an envelope, found whole; the first fetch starts the bank's days.

    Raises:
        EnvelopeUnknown: as `seen`.
        PayoutsFrozen: it was never fetched, and payouts are frozen.
        PayoutFileDamaged: its bytes are not those that were published.
    """
    envelope = await seen(session, caller, envelope_id)
    assert envelope.file_name is not None
    place = payout_files.folder_of(files_dir, envelope.bank) / envelope.file_name
    if not await asyncio.to_thread(_whole, place, envelope.file_sha256):
        telemetry.log.error("payout-file-damaged", envelope=str(envelope.id))
        raise PayoutFileDamaged("it was written down")
    if envelope.first_fetched_at is None:
        await freeze.refuse_if_frozen(session, caller.county)
        await run(
            session,
            update(Envelope)
            .where(
                col(Envelope.id) == envelope.id,
                col(Envelope.status) == EnvelopeStatus.PUBLISHED,
            )
            .values(status=EnvelopeStatus.FETCHED.value, first_fetched_at=now),
        )
    await envelopes.note(session, caller.subject, "payout-file-fetched", envelope)
    crash_points.reach("payments.file-fetched-before-commit")
    return envelope, place


def _whole(place: Path, sha256: str | None) -> bool:
    return place.is_file() and payout_files.hash_of(place) == sha256
