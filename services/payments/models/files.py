"""What goes to a bank and what comes back: envelopes, transfers, a bank's answers."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.payments.models.rows import Row, fen, instant, maybe_instant, maybe_text, number, text
from shared.database import new_id


class Envelope(Row, table=True):
    """One file for one bank: bank × project × budget item × kind, an attempt, a sequence."""

    __tablename__ = "envelope"
    __table_args__ = (
        sa.UniqueConstraint(
            "county",
            "pay_month",
            "bank",
            "project",
            "budget_item",
            "kind",
            "attempt",
            "sequence",
            name="uq_envelope_identity",
        ),
        sa.UniqueConstraint("county", "bank", "file_number"),
        sa.CheckConstraint("count > 0 AND total_fen > 0", name="not_empty"),
        sa.Index("ix_envelope_pay_month", "pay_month", "status"),
    )

    id: UUID = Field(primary_key=True)
    run_id: UUID | None = Field(default=None, foreign_key="intake.run_id", index=True)
    pay_month: str = Field(max_length=7)
    bank: str = text()
    project: str = text()
    budget_item: str = text()
    kind: str = text()
    fund: str = text()
    attempt: int
    sequence: int
    count: int
    orders_count: int
    total_fen: int = fen()
    list_sha256: str = text()
    status: str = text()
    made_by: str = text()
    made_person: str = text()
    made_at: datetime = instant()
    checked_by: str | None = maybe_text()
    checked_person: str | None = maybe_text()
    checked_at: datetime | None = maybe_instant()
    released_by: str | None = maybe_text()
    released_person: str | None = maybe_text()
    released_at: datetime | None = maybe_instant()
    voided_by: str | None = maybe_text()
    void_reason: str | None = maybe_text()
    format: str = text()
    file_name: str | None = maybe_text()
    file_number: int | None = Field(default=None)
    file_sha256: str | None = maybe_text()
    file_bytes: int | None = Field(default=None, sa_type=sa.BigInteger)
    manifest: str | None = maybe_text()
    signature: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    published_at: datetime | None = maybe_instant()
    first_fetched_at: datetime | None = maybe_instant()
    answered_at: datetime | None = maybe_instant()


class Transfer(Row, table=True):
    """One credit to one payee; at the bank it is known by reference and attempt."""

    __tablename__ = "transfer"
    __table_args__ = (
        sa.Index(
            "uq_transfer_attempt",
            "reference",
            "attempt",
            unique=True,
            postgresql_where=sa.text("status <> 'voided'"),
        ),
        sa.Index("uq_transfer_position", "envelope_id", "position", unique=True),
        sa.CheckConstraint("amount_fen > 0", name="amount_above_zero"),
        sa.CheckConstraint("attempt BETWEEN 1 AND 99", name="attempt_two_digits"),
    )

    id: int | None = number()
    envelope_id: UUID = Field(foreign_key="envelope.id")
    position: int
    reference: UUID
    attempt: int
    account_id: UUID = Field(foreign_key="account.id", index=True)
    account_index: bytes = Field(sa_type=sa.LargeBinary)
    amount_fen: int = fen()
    orders_count: int
    status: str = text()
    reason: str | None = maybe_text()
    accepted_at: datetime | None = maybe_instant()
    settled_on: date | None = Field(default=None)
    failed_on: date | None = Field(default=None)


class TransferOrder(Row, table=True):
    """Which orders a transfer carries; an order has one transfer an attempt."""

    __tablename__ = "transfer_order"
    __table_args__ = (
        sa.Index(
            "uq_transfer_order_attempt",
            "line_id",
            "attempt",
            unique=True,
            postgresql_where=sa.text("NOT voided"),
        ),
    )

    transfer_id: int = Field(sa_type=sa.BigInteger, primary_key=True, foreign_key="transfer.id")
    line_id: UUID = Field(primary_key=True, foreign_key="payment_order.line_id")
    attempt: int
    voided: bool = Field(default=False)


class BankFiles(Row, table=True):
    """How many files were released to a bank: the running number that stands in each."""

    __tablename__ = "bank_files"

    county: str = Field(max_length=6, primary_key=True)
    bank: str = Field(sa_type=sa.Text, primary_key=True)
    last_number: int


class ResultFile(Row, table=True):
    """A bank's answer as it came; its bytes lie sealed in the files folder."""

    __tablename__ = "result_file"
    __table_args__ = (
        sa.UniqueConstraint("county", "bank", "sha256"),
        sa.UniqueConstraint("county", "bank", "form", "message", name="uq_result_file_message"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    bank: str = text()
    name: str = text()
    message: str = text()
    sha256: str = text()
    bytes_count: int = Field(sa_type=sa.BigInteger)
    form: str = text()
    status: str = text()
    received_by: str = text()
    received_at: datetime = instant()
    applied_at: datetime | None = maybe_instant()
    refusal: str | None = maybe_text()
    answers_count: int = Field(default=0)
    settled_count: int = Field(default=0)
    settled_fen: int = Field(default=0, sa_type=sa.BigInteger)
    failed_count: int = Field(default=0)
    failed_fen: int = Field(default=0, sa_type=sa.BigInteger)
    discrepancies_count: int = Field(default=0)


class ResultAnswer(Row, table=True):
    """What a result file says of one transfer, and what we made of it."""

    __tablename__ = "result_answer"
    __table_args__ = (sa.Index("ix_result_answer_transfer_id", "transfer_id"),)

    result_id: UUID = Field(primary_key=True, foreign_key="result_file.id")
    position: int = Field(primary_key=True)
    end_to_end_id: str = text()
    reference: UUID | None = Field(default=None)
    attempt: int | None = Field(default=None)
    outcome: str = text()
    reason: str | None = maybe_text()
    amount_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    booked_on: date | None = Field(default=None)
    whole_file: bool = Field(default=False)
    """It was said of the file, not of this payment by name."""
    verdict: str | None = maybe_text()
    transfer_id: int | None = Field(default=None, sa_type=sa.BigInteger, foreign_key="transfer.id")


class Discrepancy(Row, table=True):
    """An answer that does not fit what we know; no money was moved for it."""

    __tablename__ = "discrepancy"
    __table_args__ = (sa.UniqueConstraint("result_id", "position"),)

    id: int | None = number()
    result_id: UUID = Field(foreign_key="result_file.id")
    position: int
    bank: str = text()
    kind: str = text()
    end_to_end_id: str = text()
    outcome: str = text()
    amount_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    expected_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    opened_at: datetime = instant()
