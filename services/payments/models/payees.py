"""Accounts apart from people, and to whose account whose money goes."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.payments.models.rows import Row, instant, maybe_instant, maybe_text, text
from shared.database import new_id


class Account(Row, table=True):
    """A bank account; its number is sealed, found again by a keyed index, shown by four digits."""

    __tablename__ = "account"
    __table_args__ = (
        sa.UniqueConstraint("county", "bank", "number_index"),
        sa.Index("ix_account_number_index", "number_index"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    bank: str = text()
    account_kind: str = text()
    holder_kind: str = text()
    holder_id: UUID
    holder_name: str = text()
    bank_spelling: str | None = maybe_text()
    number_sealed: str = text()
    number_index: bytes = Field(sa_type=sa.LargeBinary)
    number_last4: str = text()
    status: str = text()
    status_reason: str | None = maybe_text()
    registered_by: str = text()
    registered_person: str = text()
    registered_at: datetime = instant()
    decided_by: str | None = maybe_text()
    decided_at: datetime | None = maybe_instant()


class PayeeRelation(Row, table=True):
    """To whose account a beneficiary's money goes, since when, by what paper, by which two persons.

    Until `verified_at` is there no money follows it; the line waits.
    """

    __tablename__ = "payee_relation"
    __table_args__ = (
        sa.Index(
            "uq_payee_relation_since",
            "beneficiary_id",
            "since",
            unique=True,
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    beneficiary_kind: str = text()
    beneficiary_id: UUID
    account_id: UUID = Field(foreign_key="account.id", index=True)
    relation: str = text()
    paper: str | None = maybe_text()
    since: str = Field(max_length=7)
    until: str | None = Field(default=None, max_length=7)
    superseded_at: datetime | None = maybe_instant()
    recorded_by: str = text()
    recorded_person: str = text()
    recorded_at: datetime = instant()
    verified_by: str | None = maybe_text()
    verified_person: str | None = maybe_text()
    verified_at: datetime | None = maybe_instant()


class BarredAccount(Row, table=True):
    """A number nobody's assistance may go to unseen, such as an officer's card; known by index."""

    __tablename__ = "barred_account"

    number_index: bytes = Field(sa_type=sa.LargeBinary, primary_key=True)
    reason: str = text()
    recorded_by: str = text()
    recorded_at: datetime = instant()
