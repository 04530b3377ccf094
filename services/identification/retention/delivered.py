"""What is left of other departments' lists, and of the people they were compared with.

The facts behind an alert lie apart and stay: they are why it was raised.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.comparison import keyed_files, matching, population
from services.identification.comparison.sent import all_of
from services.identification.models import Comparison, FeedDelivery
from shared.database import run

OPEN: Final = """
SELECT id, received_at AS since FROM feed_delivery WHERE county = :county AND status = 'open'
"""
NEVER_CLOSED: Final = "分段报送一直没有收尾，已作废，请重新报送。"
UPLOADS: Final = """
SELECT id, finished_at AS since FROM feed_delivery
WHERE county = :county AND finished_at IS NOT NULL AND upload_deleted_at IS NULL
"""
KEYED: Final = """
SELECT list.id, list.finished_at AS since FROM feed_delivery AS list
WHERE list.county = :county AND list.status = 'kept' AND list.keyed_deleted_at IS NULL
    AND EXISTS (
        SELECT FROM feed_delivery AS newer
        WHERE newer.county = list.county AND newer.feed = list.feed AND newer.status = 'kept'
            AND newer.keyed_deleted_at IS NULL
            AND (newer.month, newer.as_of, newer.id) > (list.month, list.as_of, list.id)
            -- A list that was brought takes nobody's place by itself.
            AND (newer.from_agency OR NOT list.from_agency)
            AND (newer.from_agency OR newer.accepted_at IS NOT NULL OR list.accepted_at IS NULL)
    )
    AND NOT EXISTS (
        SELECT FROM comparison, jsonb_each(comparison.lists) AS said
        WHERE comparison.status IN ('opened', 'peopled')
            AND said.value ->> 'delivery_id' = list.id::text
    )
    AND NOT EXISTS (
        SELECT FROM comparison_feed JOIN alert USING (comparison_id, attempt)
        WHERE comparison_feed.delivery_id = list.id AND alert.closed_at IS NULL
    )
"""
PEOPLE: Final = """
SELECT this.id, this.finished_at AS since FROM comparison AS this
WHERE this.county = :county AND this.finished_at IS NOT NULL AND this.people_deleted_at IS NULL
    AND EXISTS (
        SELECT FROM comparison AS newer
        WHERE newer.county = this.county AND newer.month > this.month
    )
    AND NOT EXISTS (
        SELECT FROM alert WHERE alert.comparison_id = this.id AND alert.closed_at IS NULL
    )
"""


async def end_open(session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime) -> None:
    """What was sent of a delivery nobody closed; it takes nothing more. One that is closed at this
    moment is first."""
    ended = (
        update(FeedDelivery)
        .where(col(FeedDelivery.id).in_(ids), col(FeedDelivery.status) == "open")
        .values(
            status="refused", refused_because=NEVER_CLOSED, finished_at=now, upload_deleted_at=now
        )
        .returning(col(FeedDelivery.id))
    )
    for each in (await run(session, ended)).scalars():
        _unlink(files, each)


async def forget_uploads(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """What was sent, in one piece or in chunks."""
    sent = await session.exec(select(FeedDelivery).where(col(FeedDelivery.id).in_(ids)))
    for each in sent:
        each.upload_deleted_at = now
        _unlink(files, each.id)


def _unlink(files: Path, delivery_id: UUID) -> None:
    for path in all_of(files, delivery_id):
        path.unlink(missing_ok=True)


async def forget_keyed(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """The keyed rows of a list."""
    await run(
        session,
        update(FeedDelivery).where(col(FeedDelivery.id).in_(ids)).values(keyed_deleted_at=now),
    )
    for each in ids:
        keyed_files.path_of(files, each).unlink(missing_ok=True)


async def forget_people(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """The people of a comparison, and its batches."""
    found = await session.exec(select(Comparison).where(col(Comparison.id).in_(ids)))
    for each in found:
        each.people_deleted_at = now
        population.path_of(files, each.id, each.attempt).unlink(missing_ok=True)
        matching.batches_path(files, each).unlink(missing_ok=True)
