"""The tables of reports: runs that were closed, and reports frozen with them, for good."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import (
    Row,
    instant_column,
    month_column,
    text_column,
)
from shared.database import new_id


class ClosedRun(Row, table=True):
    """A run of money that was closed, as benefits told: what a report of its month rests on."""

    __tablename__ = "closed_run"
    __table_args__ = (sa.Index("ix_closed_run_pay_month", "pay_month"),)

    run_id: UUID = Field(primary_key=True)
    family: str = text_column()
    pay_month: str = month_column()
    kind: str = text_column()
    sequence: int
    lines_count: int
    total_fen: int = Field(sa_type=sa.BigInteger)
    list_sha256: str = Field(max_length=64)
    closed_at: datetime = instant_column()


class FrozenReport(Row, table=True):
    """A report as it was frozen: its lines, its numbers, and the runs it was frozen with.

    Lines have an order, so they are kept as JSON text and not as JSONB.
    """

    __tablename__ = "frozen_report"
    __table_args__ = (sa.UniqueConstraint("county", "report", "period"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    report: str = text_column()
    period: str = text_column()
    definition: dict[str, Any] = Field(sa_type=sa.JSON)
    numbers: list[Any] = Field(sa_type=sa.JSON)
    numbers_sha256: str = Field(max_length=64)
    runs: list[Any] = Field(sa_type=sa.JSON)
    audit_rows: int | None = Field(default=None, sa_type=sa.BigInteger)
    """How many rows the audit log had then, and the hash of the last: where its end was."""
    audit_head: str | None = Field(default=None, max_length=64)
    frozen_by: str = text_column()
    frozen_at: datetime = instant_column()


class FrozenBook(Row, table=True):
    """The records a frozen report counts, one book of them; sealed, for they tell of health."""

    __tablename__ = "frozen_book"

    frozen_id: UUID = Field(foreign_key="frozen_report.id", primary_key=True)
    book: str = Field(sa_type=sa.Text, primary_key=True)
    rows_sealed: bytes = Field(sa_type=sa.LargeBinary)
