"""What is to be paid: the runs taken in, their orders, and what is held back."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.payments.models.rows import Row, fen, instant, maybe_instant, maybe_text, number, text
from shared.database import new_id


class Appropriation(Row, table=True):
    """Money a voucher puts at a fund's disposal for a pay month; append-only."""

    __tablename__ = "appropriation"
    __table_args__ = (
        sa.UniqueConstraint("county", "fund", "pay_month", "voucher"),
        sa.CheckConstraint("amount_fen > 0", name="amount_above_zero"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    fund: str = text()
    pay_month: str = Field(max_length=7)
    amount_fen: int = fen()
    voucher: str = text()
    projects: list[str] = Field(sa_type=sa.ARRAY(sa.Text))
    recorded_by: str = text()
    recorded_at: datetime = instant()


class Intake(Row, table=True):
    """A closed run whose lines are fetched, counted, and only then become orders.

    `token` names the worker now staging; one that was overtaken can no longer finish.
    """

    __tablename__ = "intake"

    run_id: UUID = Field(primary_key=True)
    family: str = text()
    pay_month: str = Field(max_length=7)
    run_kind: str = text()
    sequence: int
    lines_count: int
    total_fen: int = fen()
    list_sha256: str = text()
    status: str = text()
    token: UUID
    reason: str | None = maybe_text()
    opened_at: datetime = instant()
    finished_at: datetime | None = maybe_instant()


class StagedLine(Row, table=True):
    """A fetched line that is not an order yet."""

    __tablename__ = "staged_line"

    token: UUID = Field(primary_key=True)
    line_id: UUID = Field(primary_key=True)
    beneficiary_kind: str = text()
    beneficiary_id: UUID
    household_id: UUID
    village: str = Field(max_length=12)
    programme: str = text()
    budget_item: str = text()
    month: str = Field(max_length=7)
    difference: int
    line_kind: str = text()
    cause: str = text()
    amount_fen: int = fen()


class PaymentOrder(Row, table=True):
    """One line to be paid; UNIQUE (line) by being the line's own id, and once an entitlement."""

    __tablename__ = "payment_order"
    __table_args__ = (
        sa.UniqueConstraint(
            "county",
            "beneficiary_id",
            "programme",
            "month",
            "difference",
            name="uq_payment_order_entitlement",
        ),
        sa.Index("ix_payment_order_pay_month", "pay_month", "status"),
    )

    line_id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="intake.run_id", index=True)
    pay_month: str = Field(max_length=7)
    run_kind: str = text()
    beneficiary_kind: str = text()
    beneficiary_id: UUID = Field(index=True)
    household_id: UUID = Field(index=True)
    village: str = Field(max_length=12)
    programme: str = text()
    budget_item: str = text()
    month: str = Field(max_length=7)
    difference: int
    line_kind: str = text()
    cause: str = text()
    amount_fen: int = fen()
    status: str = text()
    attempt: int = Field(default=0)
    reason: str | None = maybe_text()


class Hold(Row, table=True):
    """One line kept back by screening, with its reason, an owner and a day by which to decide."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.Index("ix_hold_line_id", "line_id"),
        sa.Index(
            "uq_hold_open", "line_id", unique=True, postgresql_where=sa.text("released_at IS NULL")
        ),
    )

    id: int | None = number()
    line_id: UUID = Field(foreign_key="payment_order.line_id")
    reason: str = text()
    owner: str = text()
    limit_on: date
    opened_at: datetime = instant()
    released_at: datetime | None = maybe_instant()
    released_by: str | None = maybe_text()
    release_reason: str | None = maybe_text()
