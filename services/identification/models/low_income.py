"""The tables of the low-income database: people, the groups they were in, lists, filings.

Names stand in clear, under row security; the ID number and a disability are sealed together.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import (
    Row,
    count_column,
    instant_column,
    maybe_instant_column,
    maybe_text_column,
    text_column,
)
from services.identification.models.searched import JOINED_NAME, JOINED_PINYIN
from shared.database import new_id


class LowIncomePerson(Row, table=True):
    """Somebody who is or was in the database, once, whether the register knows them or not."""

    __tablename__ = "low_income_person"
    __table_args__ = (
        sa.UniqueConstraint("county", "id_index"),
        sa.Index("ix_low_income_person_village", "village"),
        sa.Index("ix_low_income_person_joined_name", JOINED_NAME),
        sa.Index("ix_low_income_person_joined_pinyin", JOINED_PINYIN),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = text_column()
    name_sort: str = text_column()
    id_index: bytes = Field(sa_type=sa.LargeBinary)
    content_sealed: str = text_column()
    village: str = Field(max_length=12)
    registration: int = Field(sa_type=sa.SmallInteger)
    entered_on: date


class LowIncomeEntry(Row, table=True):
    """One stay in one group: true from a day, learned at an instant, and ended the same way.

    A person has one that is not ended. Validity that is extended is a new entry of the same group.
    """

    __tablename__ = "low_income_entry"
    __table_args__ = (
        sa.Index(
            "uq_low_income_entry_current",
            "holder_id",
            unique=True,
            postgresql_where=sa.text("until IS NULL"),
        ),
        sa.Index("ix_low_income_entry_holder_id", "holder_id"),
        sa.Index(
            "ix_low_income_entry_group", "group_name", postgresql_where=sa.text("until IS NULL")
        ),
        sa.Index("ix_low_income_entry_filing_id", "filing_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    holder_id: UUID = Field(foreign_key="low_income_person.id")
    group_name: str = text_column()
    source: str = text_column()
    source_id: UUID | None = None
    since: date
    learned_at: datetime = instant_column()
    learned_by: str = text_column()
    reason_sealed: str | None = maybe_text_column()
    valid_until: date | None = None
    until: date | None = None
    ended_at: datetime | None = maybe_instant_column()
    ended_by: str | None = maybe_text_column()
    ended_because: str | None = maybe_text_column()
    end_reason_sealed: str | None = maybe_text_column()
    filing_id: UUID | None = None


class LowIncomeListed(Row, table=True):
    """That somebody stood on a list that came in, whichever group they are in."""

    __tablename__ = "low_income_listed"
    __table_args__ = (
        sa.UniqueConstraint("file_id", "holder_id"),
        sa.Index("ix_low_income_listed_holder_id", "holder_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    file_id: UUID = Field(foreign_key="exchange_file.id")
    holder_id: UUID = Field(foreign_key="low_income_person.id")
    group_name: str = text_column()


class LowIncomeFiling(Row, table=True):
    """A town's table as it was filed with the county, in time or late."""

    __tablename__ = "low_income_filing"
    __table_args__ = (sa.Index("ix_low_income_filing_town_year", "town", "year"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    town: str = Field(max_length=9)
    year: int
    due_on: date
    filed_on: date
    filed_at: datetime = instant_column()
    filed_by: str = text_column()
    entries: int = count_column()
    late: bool
