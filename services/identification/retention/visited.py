"""What is left of visits made without a network; the visits themselves stand in their cases."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import SurveyIssue, SurveyUpload
from shared.database import run

LISTS: Final = """
SELECT id, last_day::timestamp AT TIME ZONE 'Asia/Shanghai' AS since FROM survey_issue
WHERE county = :county
"""
PACKAGES: Final = """
SELECT package.id, package.uploaded_at AS since FROM survey_upload AS package
WHERE package.county = :county AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(package.results) AS visit
    JOIN case_file ON case_file.id = (visit ->> 'case_id')::uuid
    WHERE case_file.closed_at IS NULL
)
"""


async def forget_lists(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """Lists that were taken along, with their keys."""
    await run(session, delete(SurveyIssue).where(col(SurveyIssue.id).in_(ids)))


async def forget_packages(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """What became of each visit of a package; a visit's own id is known for good."""
    await run(session, delete(SurveyUpload).where(col(SurveyUpload.id).in_(ids)))
