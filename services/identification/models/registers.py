"""The tables of registers: an entry with its number and owner, what was done to it, and the series.

What an entry says is sealed whole; what is done is only ever added to.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import (
    ActRow,
    PaperRow,
    Row,
    count_column,
    instant_column,
    maybe_instant_column,
    maybe_text_column,
    text_column,
)
from shared.database import new_id


class RegisterEntry(Row, table=True):
    """One entry of a register; `version` counts its acts, so of two at once one wins."""

    __tablename__ = "register_entry"
    __table_args__ = (
        sa.UniqueConstraint("county", "number"),
        sa.UniqueConstraint("county", "kind", "only_key", name="uq_register_entry_only_key"),
        sa.Index("ix_register_entry_kind_state_area", "kind", "state", "area"),
        sa.Index("ix_register_entry_about", "about"),
        sa.Index("ix_register_entry_led_to_id", "led_to_id"),
        sa.Index("ix_register_entry_kind_id", "kind", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = text_column()
    number: str = text_column()
    state: str = text_column()
    version: int = count_column()
    area: str = Field(max_length=12)
    about_kind: str = text_column()
    about: str | None = maybe_text_column()
    owner: str | None = maybe_text_column()
    opened_by: str = text_column()
    opened_at: datetime = instant_column()
    opened_on: date
    last_act: str = text_column()
    state_since: date
    state_due_on: date | None = None
    due_on: date | None = None
    stopped_on: date | None = None
    closed_at: datetime | None = maybe_instant_column()
    closed_on: date | None = None
    public_since: date | None = None
    led_to_id: UUID | None = None
    """The case it opened, or went on with."""

    only_key: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    code_index: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    against: list[str] = Field(sa_type=sa.ARRAY(sa.Text))
    content_sealed: str = text_column()


class RegisterAct(ActRow, table=True):
    """One thing done to an entry: who, when, from which state to which, and with which words."""

    __tablename__ = "register_act"
    __table_args__ = (sa.UniqueConstraint("entry_id", "number"),)

    entry_id: UUID = Field(foreign_key="register_entry.id")
    happened_on: date | None = None


class RegisterTag(Row, table=True):
    """A word an entry is found by, under a key: whoever reads the table learns none of them."""

    __tablename__ = "register_tag"
    __table_args__ = (
        sa.UniqueConstraint("entry_id", "name", "word_index"),
        sa.Index("ix_register_tag_word_index", "word_index"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    entry_id: UUID = Field(foreign_key="register_entry.id")
    name: str = text_column()
    word_index: bytes = Field(sa_type=sa.LargeBinary)


class RegisterPaper(PaperRow, table=True):
    """One paper of an entry; the paper itself lies sealed in the document store."""

    __tablename__ = "register_paper"
    __table_args__ = (sa.UniqueConstraint("entry_id", "sha256"),)

    entry_id: UUID = Field(foreign_key="register_entry.id")


class RegisterSeries(Row, table=True):
    """The last number of a series in a year; counted in the entry's own transaction: no gaps."""

    __tablename__ = "register_series"
    __table_args__ = (sa.UniqueConstraint("county", "series", "year"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    series: str = text_column()
    year: int
    last: int
