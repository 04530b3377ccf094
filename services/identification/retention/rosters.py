"""What is left of rosters on disk, once they are in."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.importing.rosters import annotated_path, staged_path, upload_path
from services.identification.models import RosterImport
from shared.database import run

FILES: Final = """
SELECT id, finished_at AS since FROM roster_import
WHERE county = :county AND finished_at IS NOT NULL AND upload_deleted_at IS NULL
"""
RETURNS: Final = """
SELECT id, finished_at AS since FROM roster_import
WHERE county = :county AND finished_at IS NOT NULL AND rows_bad > 0 AND returns_deleted_at IS NULL
"""


async def forget_files(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """The roster itself, and its rows put by."""
    await run(
        session,
        update(RosterImport).where(col(RosterImport.id).in_(ids)).values(upload_deleted_at=now),
    )
    for each in ids:
        upload_path(files, each).unlink(missing_ok=True)
        staged_path(files, each).unlink(missing_ok=True)


async def forget_returns(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """The workbook of rows that stayed out."""
    await run(
        session,
        update(RosterImport).where(col(RosterImport.id).in_(ids)).values(returns_deleted_at=now),
    )
    for each in ids:
        annotated_path(files, each).unlink(missing_ok=True)
