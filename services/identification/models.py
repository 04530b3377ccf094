"""The tables of identification: people, households, who lived where when, and what was decided.

Names stand in clear here, under row security; ID numbers are sealed and found by a keyed index;
what a decision knows of health and income is sealed whole.
"""

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


def _text() -> Any:
    return Field(sa_type=sa.Text)


def _maybe_text() -> Any:
    return Field(default=None, sa_type=sa.Text)


def _month() -> Any:
    return Field(max_length=7)


def _maybe_month() -> Any:
    return Field(default=None, max_length=7)


def _instant() -> Any:
    return Field(sa_type=INSTANT)


def _maybe_instant() -> Any:
    return Field(default=None, sa_type=INSTANT)


def _count() -> Any:
    return Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})


class Person(Row, table=True):
    """A person of the register, known for good by their ID number."""

    __tablename__ = "person"
    __table_args__ = (
        sa.UniqueConstraint("county", "id_index"),
        sa.Index("ix_person_name", "name"),
        sa.Index(
            "ix_person_name_sort", "name_sort", postgresql_ops={"name_sort": "text_pattern_ops"}
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = _text()
    name_sort: str = _text()
    id_sealed: str = _text()
    id_index: bytes = Field(sa_type=sa.LargeBinary)
    died_on: date | None = None


class Household(Row, table=True):
    """A household, under the number the county gave it."""

    __tablename__ = "household"
    __table_args__ = (sa.UniqueConstraint("county", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str = _text()
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
    relation: str = _text()
    since: str = _month()
    until: str | None = _maybe_month()


class Holder(Row, table=True):
    """Somebody whose account takes another's money and who is not of the register: a home, a
    guardian in another county."""

    __tablename__ = "holder"
    __table_args__ = (sa.UniqueConstraint("county", "number_index"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = _text()
    name: str = _text()
    number_sealed: str = _text()
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
    from_month: str = _month()
    until_month: str | None = _maybe_month()
    decided_on: date
    decision_number: str = _text()
    recorded_at: datetime = _instant()
    content_index: bytes = Field(sa_type=sa.LargeBinary)
    content_sealed: str = _text()


class RosterImport(Row, table=True):
    """One roster file, from its receipt to its end."""

    __tablename__ = "roster_import"
    __table_args__ = (
        sa.UniqueConstraint("county", "file_sha256"),
        sa.CheckConstraint(
            "status IN ('received', 'importing', 'imported', 'refused')", name="status"
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    file_sha256: str = Field(max_length=64)
    file_bytes: int = Field(sa_type=sa.BigInteger)
    status: str = _text()
    received_by: str = _text()
    received_at: datetime = _instant()
    finished_at: datetime | None = _maybe_instant()
    refused_because: str | None = _maybe_text()
    waits_for: str | None = _maybe_text()
    rows: int = _count()
    people: int = _count()
    households: int = _count()
    rows_good: int = _count()
    rows_bad: int = _count()
    chunks: int = _count()
    chunks_loaded: int = _count()
    chunks_handed: int = _count()
    determinations: int = _count()
    determinations_sha256: str | None = _maybe_text()
    deaths: int = _count()
    upload_deleted_at: datetime | None = _maybe_instant()


class RosterFault(Row, table=True):
    """One thing wrong in a roster; never what stood in the cell."""

    __tablename__ = "roster_fault"
    __table_args__ = (sa.Index("ix_roster_fault_import_id_row", "import_id", "row"),)

    id: int | None = Field(
        default=None, sa_type=sa.BigInteger, primary_key=True, sa_column_args=[sa.Identity()]
    )
    import_id: UUID = Field(foreign_key="roster_import.id")
    sheet: str = _text()
    row: int
    column: str = _text()
    code: str = _text()
    reason: str = _text()
