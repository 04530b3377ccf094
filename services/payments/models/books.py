"""The ledger, the freeze of payouts, and the proofs of months."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.payments.models.rows import Row, fen, instant, text
from shared.database import new_id


class LedgerEntry(Row, table=True):
    """One act with money, as a row of balanced postings; chained by hash; append-only."""

    __tablename__ = "ledger_entry"

    number: int = Field(
        sa_type=sa.BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    act: str = text()
    subject: str = text()
    pay_month: str = Field(max_length=7)
    recorded_at: datetime = instant()
    postings_count: int
    postings_sha256: bytes = Field(sa_type=sa.LargeBinary)
    previous_hash: bytes = Field(sa_type=sa.LargeBinary)
    hash: bytes = Field(sa_type=sa.LargeBinary)


class LedgerPosting(Row, table=True):
    """One side of an entry, in fen: above zero into the account, below zero out of it."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        sa.Index("ix_ledger_posting_account", "pay_month", "account", "fund"),
        sa.CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    )

    entry_number: int = Field(
        sa_type=sa.BigInteger,
        primary_key=True,
        foreign_key="ledger_entry.number",
        sa_column_kwargs={"autoincrement": False},
    )
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    account: str = text()
    fund: str = text()
    pay_month: str = Field(max_length=7)
    line_id: UUID | None = Field(default=None)
    transfer_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    amount_fen: int = fen()


class PayoutFreeze(Row, table=True):
    """Whether money may leave this county; after a restore it may not, until a person says so."""

    __tablename__ = "payout_freeze"

    county: str = Field(max_length=6, primary_key=True)
    frozen: bool
    reason: str = text()
    since: datetime = instant()
    changed_by: str = Field(
        default="restore", sa_type=sa.Text, sa_column_kwargs={"server_default": "restore"}
    )


class Proof(Row, table=True):
    """What the independent checker found of a month, as it was brought to us."""

    __tablename__ = "proof"
    __table_args__ = (sa.Index("ix_proof_pay_month", "pay_month", "recorded_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    pay_month: str = Field(max_length=7)
    ok: bool
    findings: list[dict[str, Any]] = Field(sa_type=JSONB)
    totals: dict[str, Any] = Field(sa_type=JSONB)
    checked_at: datetime = instant()
    recorded_by: str = text()
    recorded_at: datetime = instant()
