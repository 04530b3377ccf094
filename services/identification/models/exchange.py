"""The tables of the exchange: files in and out, what is asked or answered by them, and numbers."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identification.models.rows import (
    Row,
    count_column,
    instant_column,
    maybe_instant_column,
    maybe_text_column,
    text_column,
)
from shared.database import new_id


class ExchangeFile(Row, table=True):
    """One file that came in or went out; the file itself lies sealed in the store."""

    __tablename__ = "exchange_file"
    __table_args__ = (
        sa.Index(
            "uq_exchange_file_in",
            "county",
            "template",
            "sha256",
            unique=True,
            postgresql_where=sa.text("direction = 'in'"),
        ),
        sa.Index("ix_exchange_file_template_at", "template", "at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    template: str = text_column()
    direction: str = Field(max_length=3)
    state: str = text_column()
    sha256: str = Field(max_length=64)
    size_bytes: int = Field(sa_type=sa.BigInteger)
    form: str = text_column()
    rows: int = count_column()
    rows_bad: int = count_column()
    counts: dict[str, Any] = Field(sa_type=JSONB)
    faults: list[dict[str, Any]] = Field(sa_type=JSONB)
    by: str = text_column()
    at: datetime = instant_column()
    content_deleted_at: datetime | None = maybe_instant_column()


class ExchangeItem(Row, table=True):
    """One thing asked over the exchange: of us (a warning, a double) or by us (a verification).

    Whose name stands in it, and what is said of them, is sealed.
    """

    __tablename__ = "exchange_item"
    __table_args__ = (
        sa.UniqueConstraint("county", "template", "key"),
        sa.Index("ix_exchange_item_case_id", "case_id"),
        sa.Index("ix_exchange_item_template_village", "template", "village"),
        sa.Index("ix_exchange_item_file_id", "file_id"),
        sa.Index(
            "uq_exchange_item_open_case",
            "case_id",
            unique=True,
            postgresql_where=sa.text("case_id IS NOT NULL AND answered_on IS NULL"),
        ),
        sa.Index(
            "ix_exchange_item_unknown",
            "id_index",
            postgresql_where=sa.text("person_id IS NULL AND id_index IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    template: str = text_column()
    key: str = text_column()
    file_id: UUID | None = Field(default=None, foreign_key="exchange_file.id")
    case_id: UUID | None = Field(default=None, foreign_key="case_file.id")
    person_id: UUID | None = None
    id_index: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """By what whoever it is about is known once they are in the register."""
    village: str = Field(max_length=12)
    owner: str = text_column()
    kind: str = text_column()
    asked_by: str = text_column()
    asked_on: date
    due_on: date
    due_said: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    answered_on: date | None = None
    answered_by: str | None = maybe_text_column()
    outcome: str | None = maybe_text_column()
    proposal_sealed: str | None = maybe_text_column()
    """The answer that would pay what is held, as one officer gave it: another gives it too."""
    proposed_by: str | None = maybe_text_column()
    proposed_person: str | None = maybe_text_column()
    answer_file_id: UUID | None = None
    content_index: bytes = Field(sa_type=sa.LargeBinary)
    content_sealed: str = text_column()
    answer_sealed: str | None = maybe_text_column()


class ProvincialNumber(Row, table=True):
    """The number under which the province knows a household, a person or a case of ours."""

    __tablename__ = "provincial_number"
    __table_args__ = (
        sa.UniqueConstraint("county", "kind", "number"),
        sa.UniqueConstraint("kind", "subject_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = text_column()
    subject_id: UUID
    number: str = text_column()
    learned_at: datetime = instant_column()
