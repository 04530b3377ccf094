"""The tables of what comes in at one door: a request under its receipt, and its parts.

What a request says is sealed whole; whom it is about stands in clear, under row security.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import Row, instant_column, maybe_text_column, text_column
from shared.database import new_id


class Request(Row, table=True):
    """One person's hardship, taken in once; what it needs is split into parts."""

    __tablename__ = "request"
    __table_args__ = (
        sa.UniqueConstraint("county", "receipt"),
        sa.Index("ix_request_village_received_at", "village", "received_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    receipt: str = text_column()
    village: str = Field(max_length=12)
    channel: str = text_column()
    head_name: str = text_column()
    received_by: str = text_column()
    received_at: datetime = instant_column()
    content_sealed: str = text_column()


class RequestPart(Row, table=True):
    """A case of ours, or an entry of the register of what is handed on to another department."""

    __tablename__ = "request_part"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.Index("ix_request_part_case_id", "case_id"),
        sa.CheckConstraint("(case_id IS NULL) <> (entry_id IS NULL)", name="one_of_two"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="request.id")
    number: int
    case_id: UUID | None = Field(default=None, foreign_key="case_file.id")
    entry_id: UUID | None = Field(default=None, foreign_key="register_entry.id")
    matter: str | None = maybe_text_column()
    was_open: bool = False
