"""The tables of lists that schools and agencies bring: the list, and what became of each row.

What a row says is sealed; a fault names the column and what is wrong, never what stood there.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identification.models.rows import (
    Row,
    instant_column,
    maybe_instant_column,
    text_column,
)
from shared.database import new_id


class PeopleList(Row, table=True):
    """One file of one source; the same bytes for the same programme are the same list."""

    __tablename__ = "people_list"
    __table_args__ = (sa.UniqueConstraint("county", "sha256", "category", "opens"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    source: str = text_column()
    name: str = text_column()
    category: str = text_column()
    opens: str = text_column()
    sha256: str = Field(max_length=64)
    rows: int
    brought_by: str = text_column()
    brought_person: str | None = Field(default=None, sa_type=sa.Text)
    brought_at: datetime = instant_column()
    rows_deleted_at: datetime | None = maybe_instant_column()


class PeopleListRow(Row, table=True):
    """One row: faulty, waiting, or what was opened for it or was open already."""

    __tablename__ = "people_list_row"
    __table_args__ = (
        sa.UniqueConstraint("list_id", "number"),
        sa.Index("ix_people_list_row_person_index", "person_index"),
        sa.CheckConstraint("outcome IN ('faulty', 'waiting', 'opened', 'known')", name="outcome"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    list_id: UUID = Field(foreign_key="people_list.id")
    number: int
    village: str = Field(max_length=12)
    person_index: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    outcome: str = text_column()
    faults: list[dict[str, Any]] = Field(sa_type=JSONB)
    case_id: UUID | None = Field(default=None, foreign_key="case_file.id")
    entry_id: UUID | None = Field(default=None, foreign_key="register_entry.id")
    content_sealed: str = text_column()
