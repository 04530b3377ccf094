"""The tables of notifications: whom to tell and how, what to tell, and how far it got.

A message is what is told to whom and never changes; a delivery is one message on one channel and
moves by the table in deliveries.py. A receipt waits here only while its text is not known yet.
"""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from shared.database import table_registry

INSTANT: Final = sa.DateTime(timezone=True)


class Row(SQLModel, registry=table_registry()):
    """What every table of notifications shares."""

    county: str = Field(max_length=6)


def _text() -> Any:
    return Field(sa_type=sa.Text)


def _maybe_text() -> Any:
    return Field(default=None, sa_type=sa.Text)


def _instant() -> Any:
    return Field(sa_type=INSTANT)


def _maybe_instant() -> Any:
    return Field(default=None, sa_type=INSTANT)


class Contact(Row, table=True):
    """How to reach a person; the number is sealed, the name is masked (张*明)."""

    __tablename__ = "contact"

    person_id: UUID = Field(primary_key=True)
    phone: str | None = _maybe_text()
    called: str = _text()
    language: str = Field(max_length=2)
    updated_at: datetime = _instant()


class Beneficiary(Row, table=True):
    """Who is told about what a household, or a person, is owed."""

    __tablename__ = "beneficiary"

    beneficiary_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="contact.person_id", index=True)


class Message(Row, table=True):
    """What is told to whom: once for each line of each result, of a case, or of what somebody may
    answer; a code has neither.

    Of a case `programme` is its category, `outcome` what happened, `month` from when on.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("line_id", "result_id", "outcome", name="uq_message_occasion"),
        sa.Index("ix_message_inbox", "person_id", "id"),
        sa.Index("ix_message_result_id", "result_id", "template"),
        sa.CheckConstraint(
            "template = 'code' OR line_id IS NOT NULL OR case_id IS NOT NULL"
            " OR alert_id IS NOT NULL OR request_id IS NOT NULL",
            name="has_its_subject",
        ),
    )

    id: UUID = Field(primary_key=True)
    template: str = _text()
    version: int
    person_id: UUID | None = Field(default=None)
    called: str = _text()
    created_at: datetime = _instant()
    line_id: UUID | None = Field(default=None)
    result_id: UUID | None = Field(default=None)
    outcome: str | None = _maybe_text()
    programme: str | None = _maybe_text()
    month: str | None = Field(default=None, max_length=7)
    pay_month: str | None = Field(default=None, max_length=7)
    amount_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    account_last4: str | None = Field(default=None, max_length=4)
    bank_name: str | None = _maybe_text()
    reason: str | None = _maybe_text()
    case_id: UUID | None = Field(default=None)
    receipt: str | None = _maybe_text()
    by_day: date | None = Field(default=None)
    alert_id: UUID | None = Field(default=None)
    request_id: UUID | None = Field(default=None)


class Delivery(Row, table=True):
    """One message on one channel, and how far it got.

    `token` is the sender's, who wrote that it was about to send; `sealed` holds a one-time code
    until it is sent. `due_at` counts in real time, `expires_at` on the county's clock.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        sa.Index("ix_delivery_due", "lane", "due_at", postgresql_where=sa.text("state='waiting'")),
        sa.Index("ix_delivery_expiry", "expires_at", postgresql_where=sa.text("state='waiting'")),
        sa.Index("ix_delivery_sending", "token", postgresql_where=sa.text("state='sending'")),
        sa.Index(
            "ix_delivery_carrier_message_id",
            "carrier_message_id",
            postgresql_where=sa.text("carrier_message_id IS NOT NULL"),
        ),
        sa.Index("ix_delivery_pay_month", "pay_month", "channel"),
    )

    message_id: UUID = Field(primary_key=True, foreign_key="message.id")
    channel: str = Field(primary_key=True, sa_type=sa.Text)
    lane: str = _text()
    pay_month: str | None = Field(default=None, max_length=7)
    state: str = _text()
    attempts: int = Field(default=0)
    due_at: datetime = Field(sa_type=INSTANT, sa_column_kwargs={"server_default": sa.text("now()")})
    expires_at: datetime = _instant()
    token: int | None = Field(default=None, sa_type=sa.BigInteger)
    sealed: str | None = _maybe_text()
    carrier_message_id: str | None = _maybe_text()
    reason: str | None = _maybe_text()
    sent_at: datetime | None = _maybe_instant()
    settled_at: datetime | None = _maybe_instant()


class Receipt(Row, table=True):
    """A carrier's last word on a text whose id we have not written down yet."""

    __tablename__ = "receipt"

    carrier_message_id: str = Field(primary_key=True, sa_type=sa.Text)
    delivered: bool
    reason: str = _text()
    received_at: datetime = Field(
        sa_type=INSTANT, sa_column_kwargs={"server_default": sa.text("now()")}
    )


class Sender(Row, table=True):
    """Who may send for a county: one at a time, known by a token that only grows."""

    __tablename__ = "sender"

    county: str = Field(primary_key=True, max_length=6)
    token: int = Field(sa_type=sa.BigInteger)
    until: datetime = _instant()
