"""What is owed back, and what of it has come."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.payments.models.rows import Row, fen, instant, text
from shared.database import new_id


class Recovery(Row, table=True):
    """What is to be paid back of one proposal, as decided last."""

    __tablename__ = "recovery"
    __table_args__ = (sa.CheckConstraint("amount_fen >= 0", name="amount"),)

    recovery_id: UUID = Field(primary_key=True)
    number: int
    household_id: UUID
    beneficiary_id: UUID
    programme: str = text()
    month: str = Field(max_length=7)
    amount_fen: int = fen()
    heard_at: datetime = instant()


class RecoveryReceipt(Row, table=True):
    """Money that came back, or below zero was given back again; append-only."""

    __tablename__ = "recovery_receipt"
    __table_args__ = (
        sa.UniqueConstraint("recovery_id", "voucher"),
        sa.CheckConstraint("amount_fen <> 0", name="amount"),
        sa.Index("ix_recovery_receipt_received_on", "received_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    recovery_id: UUID = Field(foreign_key="recovery.recovery_id")
    amount_fen: int = fen()
    voucher: str = text()
    received_on: date
    recorded_by: str = text()
    recorded_at: datetime = instant()
