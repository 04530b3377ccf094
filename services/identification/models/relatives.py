"""The tables of near relatives: officials without an account, and whose relatives are on record."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import Row, instant_column, text_column
from shared.database import new_id


class Official(Row, table=True):
    """A village cadre, or another official, who signs in nowhere; who they are is sealed."""

    __tablename__ = "official"
    __table_args__ = (
        sa.UniqueConstraint("county", "id_index", name="uq_official_person"),
        sa.Index("ix_official_area", "area"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    area: str = text_column()
    id_index: bytes = Field(sa_type=sa.LargeBinary)
    content_sealed: str = text_column()
    recorded_by: str = text_column()
    recorded_at: datetime = instant_column()


class RelativeFiling(Row, table=True):
    """A relative of an officer, by the key of their ID number; what is said of them is sealed.

    It holds until another person has agreed that it ends.
    """

    __tablename__ = "relative_filing"
    __table_args__ = (
        sa.Index("ix_relative_filing_id_index", "id_index"),
        sa.Index("ix_relative_filing_person", "person"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    officer: str = text_column()
    person: str = text_column()
    relation: str = text_column()
    id_index: bytes = Field(sa_type=sa.LargeBinary)
    content_sealed: str = text_column()
    filed_at: datetime = instant_column()
    ending_asked_on: date | None = None
    ending_asked_by: str | None = Field(default=None, sa_type=sa.Text)
    ended_on: date | None = None
    ended_by: str | None = Field(default=None, sa_type=sa.Text)
