"""The tables of the register: people, households, who lived where when, and what was decided.

Names stand in clear here, under row security; ID numbers are sealed and found by a keyed index;
what a decision knows of health and income is sealed whole.
"""

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
    maybe_month_column,
    maybe_text_column,
    month_column,
    text_column,
)
from services.identification.models.searched import JOINED_NAME, JOINED_PINYIN
from shared.database import new_id


class Person(Row, table=True):
    """A person of the register, known by their ID number, or by a code until it is found."""

    __tablename__ = "person"
    __table_args__ = (
        sa.UniqueConstraint("county", "id_index"),
        sa.Index("ix_person_joined_name", JOINED_NAME),
        sa.Index("ix_person_joined_pinyin", JOINED_PINYIN),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = text_column()
    name_sort: str = text_column()
    id_sealed: str = text_column()
    id_index: bytes = Field(sa_type=sa.LargeBinary)
    died_on: date | None = None
    temporary_code: str | None = maybe_text_column()
    no_id_reason_sealed: str | None = maybe_text_column()


class Household(Row, table=True):
    """A household, under the number the county gave it."""

    __tablename__ = "household"
    __table_args__ = (sa.UniqueConstraint("county", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str = text_column()
    village: str = Field(max_length=12)
    registration: int = Field(sa_type=sa.SmallInteger)


class Membership(Row, table=True):
    """Who lived in which household from which month to which."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("household_id", "person_id", "since"),
        sa.Index("ix_membership_person_id", "person_id"),
        sa.Index(
            "uq_membership_open",
            "person_id",
            unique=True,
            postgresql_where=sa.text("until IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    household_id: UUID = Field(foreign_key="household.id")
    person_id: UUID = Field(foreign_key="person.id")
    relation: str = text_column()
    since: str = month_column()
    until: str | None = maybe_month_column()


class Holder(Row, table=True):
    """Somebody whose account takes another's money and who is not of the register: a home, a
    guardian in another county."""

    __tablename__ = "holder"
    __table_args__ = (sa.UniqueConstraint("county", "number_index"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = text_column()
    name: str = text_column()
    number_sealed: str = text_column()
    number_index: bytes = Field(sa_type=sa.LargeBinary)


class Determination(Row, table=True):
    """What was decided about a household, from a month; never changed, only followed by another."""

    __tablename__ = "determination"
    __table_args__ = (
        sa.Index("ix_determination_household_id_id", "household_id", "id"),
        sa.Index("ix_determination_import_id_id", "import_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    household_id: UUID = Field(foreign_key="household.id")
    import_id: UUID | None = Field(default=None, foreign_key="roster_import.id")
    village: str = Field(max_length=12)
    from_month: str = month_column()
    until_month: str | None = maybe_month_column()
    programme: str | None = maybe_text_column()
    decided_on: date
    decision_number: str = text_column()
    recorded_at: datetime = instant_column()
    content_index: bytes = Field(sa_type=sa.LargeBinary)
    content_sealed: str = text_column()


class RosterImport(Row, table=True):
    """One roster file, from its receipt to its end."""

    __tablename__ = "roster_import"
    __table_args__ = (
        sa.UniqueConstraint("county", "file_sha256"),
        sa.CheckConstraint(
            "status IN ('received', 'importing', 'waiting', 'imported', 'refused')", name="status"
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    file_sha256: str = Field(max_length=64)
    file_bytes: int = Field(sa_type=sa.BigInteger)
    status: str = text_column()
    received_by: str = text_column()
    received_person: str | None = maybe_text_column()
    received_at: datetime = instant_column()
    effect: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    accepted_by: str | None = maybe_text_column()
    accepted_person: str | None = maybe_text_column()
    accepted_at: datetime | None = maybe_instant_column()
    finished_at: datetime | None = maybe_instant_column()
    refused_because: str | None = maybe_text_column()
    waits_for: str | None = maybe_text_column()
    rows: int = count_column()
    people: int = count_column()
    households: int = count_column()
    rows_good: int = count_column()
    rows_bad: int = count_column()
    chunks: int = count_column()
    chunks_loaded: int = count_column()
    chunks_handed: int = count_column()
    determinations: int = count_column()
    determinations_sha256: str | None = maybe_text_column()
    deaths: int = count_column()
    upload_deleted_at: datetime | None = maybe_instant_column()
    returns_deleted_at: datetime | None = maybe_instant_column()


class RosterFault(Row, table=True):
    """One thing wrong in a roster; never what stood in the cell."""

    __tablename__ = "roster_fault"
    __table_args__ = (sa.Index("ix_roster_fault_import_id_row", "import_id", "row"),)

    id: int | None = Field(
        default=None, sa_type=sa.BigInteger, primary_key=True, sa_column_args=[sa.Identity()]
    )
    import_id: UUID = Field(foreign_key="roster_import.id")
    sheet: str = text_column()
    row: int
    column: str = text_column()
    code: str = text_column()
    reason: str = text_column()
