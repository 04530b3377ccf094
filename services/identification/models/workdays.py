"""The tables of working days: what the county named of them, and which due days moved by it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import Row, instant_column, text_column
from shared.database import new_id


def _days_column() -> Any:
    return Field(sa_type=sa.ARRAY(sa.Date))


class DayNaming(Row, table=True):
    """Days somebody named, by which paper, and the calendar that made: all its working days.

    `usual_days` are days on which the nation's calendar holds again.
    """

    __tablename__ = "day_naming"
    __table_args__ = (sa.UniqueConstraint("county", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int
    document: str = text_column()
    named_by: str = text_column()
    named_at: datetime = instant_column()
    free_days: list[date] = _days_column()
    worked_days: list[date] = _days_column()
    usual_days: list[date] = _days_column()
    since: date
    until: date
    workdays: list[date] = _days_column()


class ClockMove(Row, table=True):
    """One due day that a naming moved: of what, whether of the whole or of its state."""

    __tablename__ = "clock_move"
    __table_args__ = (
        sa.PrimaryKeyConstraint("naming_id", "about_id", "clock"),
        sa.Index("ix_clock_move_about_id", "about_id"),
    )

    naming_id: UUID = Field(foreign_key="day_naming.id")
    about_id: UUID
    about: str = text_column()
    clock: str = text_column()
    was_on: date
    due_on: date
