"""What every table of identification shares, and how its columns are written."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from shared.database import new_id, table_registry

INSTANT: Final = sa.DateTime(timezone=True)


class Row(SQLModel, registry=table_registry()):
    """What every table of identification shares."""

    county: str = Field(max_length=6)


def text_column() -> Any:
    return Field(sa_type=sa.Text)


def maybe_text_column() -> Any:
    return Field(default=None, sa_type=sa.Text)


def month_column() -> Any:
    return Field(max_length=7)


def maybe_month_column() -> Any:
    return Field(default=None, max_length=7)


def instant_column() -> Any:
    return Field(sa_type=INSTANT)


def maybe_instant_column() -> Any:
    return Field(default=None, sa_type=INSTANT)


def count_column() -> Any:
    return Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})


class ActRow(Row):
    """One thing done: who, when, from which state to which, and with which words."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int
    act: str = text_column()
    from_state: str = text_column()
    to_state: str = text_column()
    actor: str = text_column()
    person: str = text_column()
    done_at: datetime = instant_column()
    done_on: date
    words_sealed: str = text_column()


class PaperRow(Row):
    """One paper: what it is and who brought it; the paper itself lies sealed in the store."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    sha256: str = Field(max_length=64)
    media_type: str = text_column()
    size_bytes: int = Field(sa_type=sa.BigInteger)
    added_by: str = text_column()
    added_at: datetime = instant_column()
