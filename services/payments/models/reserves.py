"""What a township's reserve received, what it spent first on which case, what came back, and which
advances were verified and filled up again.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.payments.models.rows import Row, fen, instant, text
from shared.database import new_id


class ReserveMove(Row, table=True):
    """One voucher of a township's reserve; below zero it left. A case is advanced money once, and
    filled up again once; one voucher fills up for many cases."""

    __tablename__ = "reserve_move"
    __table_args__ = (
        sa.Index(
            "uq_reserve_move_county_town_voucher",
            "county",
            "town",
            "voucher",
            unique=True,
            postgresql_where=sa.text("act <> 'replenished'"),
        ),
        sa.UniqueConstraint("county", "case_id", "act"),
        sa.CheckConstraint(
            "act IN ('received', 'advanced', 'came-back', 'replenished')", name="act"
        ),
        sa.CheckConstraint("(case_id IS NULL) = (act = 'received')", name="case"),
        sa.CheckConstraint("amount_fen <> 0 AND (amount_fen < 0) = (act = 'advanced')", name="way"),
        sa.Index("ix_reserve_move_town_pay_month", "town", "pay_month"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    town: str = Field(max_length=9)
    act: str = text()
    pay_month: str = Field(max_length=7)
    amount_fen: int = fen()
    voucher: str = text()
    case_id: UUID | None = None
    recorded_by: str = text()
    recorded_at: datetime = instant()


class VerifiedAdvance(Row, table=True):
    """A case that was helped first and has been verified since."""

    __tablename__ = "verified_advance"
    __table_args__ = (sa.UniqueConstraint("county", "case_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID
    verified_at: datetime = instant()


class UnverifiedAdvance(Row, table=True):
    """A case that was helped first ended and nobody verified it, as often as it did; without a why
    an appeal set its end aside. The last one counts, while the case is not verified."""

    __tablename__ = "unverified_advance"
    __table_args__ = (sa.Index("ix_unverified_advance_case_id", "case_id", "ended_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID
    why: str | None = Field(default=None, sa_type=sa.Text)
    ended_at: datetime = instant()
