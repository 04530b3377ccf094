"""What is left of files to and from the province; their answers are rows of their own."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.exchange.files import REFUSED, path_of
from services.identification.models import ExchangeFile

FILES: Final = """
SELECT file.id, file.at AS since FROM exchange_file AS file
WHERE file.county = :county AND file.content_deleted_at IS NULL AND NOT EXISTS (
    SELECT FROM exchange_item AS item LEFT JOIN case_file ON case_file.id = item.case_id
    WHERE file.id IN (item.file_id, item.answer_file_id) AND (
        item.answered_on IS NULL OR case_file.id IS NOT NULL AND case_file.closed_at IS NULL
    )
)
"""


async def forget_files(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """The content; of a file that was refused the row as well, so that it may come anew."""
    found = await session.exec(select(ExchangeFile).where(col(ExchangeFile.id).in_(ids)))
    for each in found.all():
        each.content_deleted_at = now
        if each.state == REFUSED:
            await session.delete(each)
        for kind in ("content", "annotated"):
            path_of(files, each.id, kind).unlink(missing_ok=True)
