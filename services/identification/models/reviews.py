"""The tables of looking again: which household was due when, and which cases chance picked."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import (
    Row,
    instant_column,
    maybe_month_column,
    maybe_text_column,
    text_column,
)
from shared.database import new_id


class Review(Row, table=True):
    """One household due in one month, the case that looks at it, and what the visit found.

    A review that nobody's calendar asked for has no month.
    """

    __tablename__ = "review"
    __table_args__ = (
        sa.UniqueConstraint("household_id", "due_month"),
        sa.UniqueConstraint("case_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    household_id: UUID = Field(foreign_key="household.id")
    case_id: UUID = Field(foreign_key="case_file.id")
    due_month: str | None = maybe_month_column()
    opened_at: datetime = instant_column()
    visited_on: date | None = None
    outcome: str | None = maybe_text_column()
    stability: str | None = maybe_text_column()


class Sample(Row, table=True):
    """A draw by chance: from which cases, how many in a hundred, by which seed, and which."""

    __tablename__ = "sample"
    __table_args__ = (sa.Index("ix_sample_population", "population", postgresql_using="gin"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    stage: str = text_column()
    category: str = text_column()
    percent: int
    seed: str = text_column()
    population: list[UUID] = Field(sa_type=sa.ARRAY(sa.Uuid))
    chosen: list[UUID] = Field(sa_type=sa.ARRAY(sa.Uuid))
    drawn_by: str = text_column()
    drawn_at: datetime = instant_column()
