"""The tables of visits made without a network: lists taken along, packages brought, visits in them.

A visit is known by the id its device gave it, once and for all; nothing here says what was found.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identification.models.rows import Row, instant_column, text_column
from shared.database import new_id


class SurveyIssue(Row, table=True):
    """A list of visits handed to an investigator, with the key they sign by while offline."""

    __tablename__ = "survey_issue"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject: str = text_column()
    person: str = text_column()
    areas: list[str] = Field(sa_type=sa.ARRAY(sa.Text))
    issued_at: datetime = instant_column()
    last_day: date
    key_sealed: str = text_column()


class SurveyUpload(Row, table=True):
    """A package as it was brought: by whom, from which device, and what became of each visit."""

    __tablename__ = "survey_upload"
    __table_args__ = (sa.Index("ix_survey_upload_package_id", "package_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    package_id: UUID
    device: str = text_column()
    sha256: str = Field(max_length=64)
    uploaded_by: str = text_column()
    uploaded_at: datetime = instant_column()
    results: list[dict[str, Any]] = Field(sa_type=JSONB)


class OfflineSurvey(Row, table=True):
    """A visit that was taken in from a package, under its device's own id."""

    __tablename__ = "offline_survey"

    survey_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    package_id: UUID
    content_index: bytes = Field(sa_type=sa.LargeBinary)
    taken_in_at: datetime = instant_column()
