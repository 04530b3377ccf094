"""The tables of payments: accounts apart from people, orders, transfers, envelopes, the ledger.

Money is bigint fen, months are text like 2026-10, instants are UTC. An order has its line's id: one
line, one order, and a restored database names the same payment by the same words at the bank.
"""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.database import new_id, table_registry

INSTANT: Final = sa.DateTime(timezone=True)


class Row(SQLModel, registry=table_registry()):
    """What every table of payments shares."""

    county: str = Field(max_length=6)


def _number() -> Any:
    """A key the database counts."""
    return Field(
        default=None,
        sa_type=sa.BigInteger,
        primary_key=True,
        sa_column_args=[sa.Identity()],
    )


def _instant() -> Any:
    return Field(sa_type=INSTANT)


def _maybe_instant() -> Any:
    return Field(default=None, sa_type=INSTANT)


def _fen() -> Any:
    return Field(sa_type=sa.BigInteger)


def _text(**words: Any) -> Any:
    return Field(sa_type=sa.Text, **words)


def _maybe_text() -> Any:
    return Field(default=None, sa_type=sa.Text)


class Account(Row, table=True):
    """A bank account; its number is sealed, found again by a keyed index, shown by four digits."""

    __tablename__ = "account"
    __table_args__ = (
        sa.UniqueConstraint("county", "bank", "number_index"),
        sa.Index("ix_account_number_index", "number_index"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    bank: str = _text()
    account_kind: str = _text()
    holder_kind: str = _text()
    holder_id: UUID
    holder_name: str = _text()
    bank_spelling: str | None = _maybe_text()
    number_sealed: str = _text()
    number_index: bytes = Field(sa_type=sa.LargeBinary)
    number_last4: str = _text()
    status: str = _text()
    status_reason: str | None = _maybe_text()
    registered_by: str = _text()
    registered_person: str = _text()
    registered_at: datetime = _instant()
    decided_by: str | None = _maybe_text()
    decided_at: datetime | None = _maybe_instant()


class PayeeRelation(Row, table=True):
    """To whose account a beneficiary's money goes, since when, and by what paper."""

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
    beneficiary_kind: str = _text()
    beneficiary_id: UUID
    account_id: UUID = Field(foreign_key="account.id", index=True)
    relation: str = _text()
    paper: str | None = _maybe_text()
    since: str = Field(max_length=7)
    until: str | None = Field(default=None, max_length=7)
    superseded_at: datetime | None = _maybe_instant()
    recorded_by: str = _text()
    recorded_at: datetime = _instant()


class BarredAccount(Row, table=True):
    """A number nobody's assistance may go to unseen, such as an officer's card; known by index."""

    __tablename__ = "barred_account"

    number_index: bytes = Field(sa_type=sa.LargeBinary, primary_key=True)
    reason: str = _text()
    recorded_by: str = _text()
    recorded_at: datetime = _instant()


class Appropriation(Row, table=True):
    """Money a voucher puts at a fund's disposal for a pay month; append-only."""

    __tablename__ = "appropriation"
    __table_args__ = (
        sa.UniqueConstraint("county", "fund", "pay_month", "voucher"),
        sa.CheckConstraint("amount_fen > 0", name="amount_above_zero"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    fund: str = _text()
    pay_month: str = Field(max_length=7)
    amount_fen: int = _fen()
    voucher: str = _text()
    projects: list[str] = Field(sa_type=sa.ARRAY(sa.Text))
    recorded_by: str = _text()
    recorded_at: datetime = _instant()


class Intake(Row, table=True):
    """A closed run whose lines are fetched, counted, and only then become orders.

    `token` names the worker now staging; one that was overtaken can no longer finish.
    """

    __tablename__ = "intake"

    run_id: UUID = Field(primary_key=True)
    family: str = _text()
    pay_month: str = Field(max_length=7)
    run_kind: str = _text()
    sequence: int
    lines_count: int
    total_fen: int = _fen()
    list_sha256: str = _text()
    status: str = _text()
    token: UUID
    reason: str | None = _maybe_text()
    opened_at: datetime = _instant()
    finished_at: datetime | None = _maybe_instant()


class StagedLine(Row, table=True):
    """A fetched line that is not an order yet."""

    __tablename__ = "staged_line"

    token: UUID = Field(primary_key=True)
    line_id: UUID = Field(primary_key=True)
    beneficiary_kind: str = _text()
    beneficiary_id: UUID
    household_id: UUID
    village: str = Field(max_length=12)
    programme: str = _text()
    budget_item: str = _text()
    month: str = Field(max_length=7)
    difference: int
    line_kind: str = _text()
    cause: str = _text()
    amount_fen: int = _fen()


class PaymentOrder(Row, table=True):
    """One line to be paid; UNIQUE (line) by being the line's own id."""

    __tablename__ = "payment_order"
    __table_args__ = (sa.Index("ix_payment_order_pay_month", "pay_month", "status"),)

    line_id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="intake.run_id", index=True)
    pay_month: str = Field(max_length=7)
    run_kind: str = _text()
    beneficiary_kind: str = _text()
    beneficiary_id: UUID = Field(index=True)
    household_id: UUID = Field(index=True)
    village: str = Field(max_length=12)
    programme: str = _text()
    budget_item: str = _text()
    month: str = Field(max_length=7)
    difference: int
    line_kind: str = _text()
    cause: str = _text()
    amount_fen: int = _fen()
    status: str = _text()
    attempt: int = Field(default=0)
    reason: str | None = _maybe_text()


class Hold(Row, table=True):
    """One line kept back by screening, with its reason, an owner and a day by which to decide."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.Index("ix_hold_line_id", "line_id"),
        sa.Index(
            "uq_hold_open", "line_id", unique=True, postgresql_where=sa.text("released_at IS NULL")
        ),
    )

    id: int | None = _number()
    line_id: UUID = Field(foreign_key="payment_order.line_id")
    reason: str = _text()
    owner: str = _text()
    limit_on: date
    opened_at: datetime = _instant()
    released_at: datetime | None = _maybe_instant()
    released_by: str | None = _maybe_text()
    release_reason: str | None = _maybe_text()


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
    bank: str = _text()
    project: str = _text()
    budget_item: str = _text()
    kind: str = _text()
    fund: str = _text()
    attempt: int
    sequence: int
    count: int
    orders_count: int
    total_fen: int = _fen()
    list_sha256: str = _text()
    status: str = _text()
    made_by: str = _text()
    made_person: str = _text()
    made_at: datetime = _instant()
    checked_by: str | None = _maybe_text()
    checked_person: str | None = _maybe_text()
    checked_at: datetime | None = _maybe_instant()
    released_by: str | None = _maybe_text()
    released_person: str | None = _maybe_text()
    released_at: datetime | None = _maybe_instant()
    voided_by: str | None = _maybe_text()
    void_reason: str | None = _maybe_text()
    format: str = _text()
    file_name: str = _text()
    file_number: int | None = Field(default=None)
    file_sha256: str | None = _maybe_text()
    file_bytes: int | None = Field(default=None, sa_type=sa.BigInteger)
    manifest: str | None = _maybe_text()
    signature: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    published_at: datetime | None = _maybe_instant()
    first_fetched_at: datetime | None = _maybe_instant()
    answered_at: datetime | None = _maybe_instant()


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

    id: int | None = _number()
    envelope_id: UUID = Field(foreign_key="envelope.id")
    position: int
    reference: UUID
    attempt: int
    account_id: UUID = Field(foreign_key="account.id", index=True)
    account_index: bytes = Field(sa_type=sa.LargeBinary)
    amount_fen: int = _fen()
    orders_count: int
    status: str = _text()
    reason: str | None = _maybe_text()
    accepted_at: datetime | None = _maybe_instant()
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
    """A bank's chain of files: how many were published to it and the hash of the last."""

    __tablename__ = "bank_files"

    county: str = Field(max_length=6, primary_key=True)
    bank: str = Field(sa_type=sa.Text, primary_key=True)
    last_number: int = Field(default=0)
    last_sha256: str | None = _maybe_text()


class ResultFile(Row, table=True):
    """A bank's answer as it came; its bytes lie sealed in the files folder."""

    __tablename__ = "result_file"
    __table_args__ = (sa.UniqueConstraint("county", "bank", "sha256"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    bank: str = _text()
    name: str = _text()
    sha256: str = _text()
    bytes_count: int = Field(sa_type=sa.BigInteger)
    form: str = _text()
    status: str = _text()
    received_by: str = _text()
    received_at: datetime = _instant()
    applied_at: datetime | None = _maybe_instant()
    refusal: str | None = _maybe_text()
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
    end_to_end_id: str = _text()
    outcome: str = _text()
    reason: str | None = _maybe_text()
    amount_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    booked_on: date | None = Field(default=None)
    verdict: str | None = _maybe_text()
    transfer_id: int | None = Field(default=None, sa_type=sa.BigInteger, foreign_key="transfer.id")


class Discrepancy(Row, table=True):
    """An answer that does not fit what we know; no money was moved for it."""

    __tablename__ = "discrepancy"
    __table_args__ = (sa.UniqueConstraint("result_id", "position"),)

    id: int | None = _number()
    result_id: UUID = Field(foreign_key="result_file.id")
    position: int
    bank: str = _text()
    kind: str = _text()
    end_to_end_id: str = _text()
    outcome: str = _text()
    amount_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    expected_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    opened_at: datetime = _instant()


class LedgerEntry(Row, table=True):
    """One act with money, as a row of balanced postings; chained by hash; append-only."""

    __tablename__ = "ledger_entry"

    number: int = Field(
        sa_type=sa.BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    act: str = _text()
    subject: str = _text()
    pay_month: str = Field(max_length=7)
    recorded_at: datetime = _instant()
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
    account: str = _text()
    fund: str = _text()
    pay_month: str = Field(max_length=7)
    line_id: UUID | None = Field(default=None)
    transfer_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    amount_fen: int = _fen()


class PayoutFreeze(Row, table=True):
    """Whether money may leave this county; after a restore it may not, until a person says so."""

    __tablename__ = "payout_freeze"

    county: str = Field(max_length=6, primary_key=True)
    frozen: bool
    reason: str = _text()
    since: datetime = _instant()
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
    checked_at: datetime = _instant()
    recorded_by: str = _text()
    recorded_at: datetime = _instant()
