"""The tables of comparison: what was delivered, what was compared, and the alerts that came of it.

No row holds what stood in a list: keyed rows lie in files, rejects are named by row and reason.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identification.models.rows import (
    ActRow,
    PaperRow,
    Row,
    count_column,
    instant_column,
    maybe_instant_column,
    maybe_text_column,
    month_column,
    text_column,
)
from shared.database import new_id


class FeedDelivery(Row, table=True):
    """One list as it was delivered for a month, from its receipt to its keyed rows."""

    __tablename__ = "feed_delivery"
    __table_args__ = (
        # What was refused may come again as it was, once its table or its reader is put right.
        sa.Index(
            "uq_feed_delivery_same",
            "county",
            "feed",
            "month",
            "file_sha256",
            "as_of",
            unique=True,
            postgresql_where=sa.text("status <> 'refused'"),
        ),
        sa.CheckConstraint("status IN ('open', 'received', 'kept', 'refused')", name="status"),
        sa.Index("ix_feed_delivery_feed_as_of", "feed", "as_of"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    feed: str = text_column()
    month: str = month_column()
    as_of: date
    channel: str = text_column()
    status: str = text_column()
    file_sha256: str | None = maybe_text_column()
    file_bytes: int = Field(default=0, sa_type=sa.BigInteger)
    chunks: int = count_column()
    received_by: str = text_column()
    from_agency: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Sent by the agency's own program, and not brought by staff."""

    received_person: str | None = maybe_text_column()
    accepted_over: UUID | None = None
    """The agency's own list before which this one counts, as another person says."""

    accepted_by: str | None = maybe_text_column()
    accepted_person: str | None = maybe_text_column()
    accepted_at: datetime | None = maybe_instant_column()
    accepted_because: str | None = maybe_text_column()

    received_at: datetime = instant_column()
    finished_at: datetime | None = maybe_instant_column()
    refused_because: str | None = maybe_text_column()
    same_as: UUID | None = None
    """The delivery from which this one has not changed, as its sender says."""

    rows: int = count_column()
    rows_kept: int = count_column()
    rows_rejected: int = count_column()
    entries: int = count_column()
    key_fingerprint: str | None = maybe_text_column()
    keyed_sha256: str | None = maybe_text_column()
    upload_deleted_at: datetime | None = maybe_instant_column()
    keyed_deleted_at: datetime | None = maybe_instant_column()


class FeedReject(Row, table=True):
    """One row of a delivery that was not kept; never what stood in it."""

    __tablename__ = "feed_reject"
    __table_args__ = (sa.Index("ix_feed_reject_delivery_id_row", "delivery_id", "row"),)

    id: int | None = Field(
        default=None, sa_type=sa.BigInteger, primary_key=True, sa_column_args=[sa.Identity()]
    )
    delivery_id: UUID = Field(foreign_key="feed_delivery.id")
    row: int
    column: str = text_column()
    reason: str = text_column()


class Comparison(Row, table=True):
    """One month's comparison; done again with newer lists it is another attempt of the same."""

    __tablename__ = "comparison"
    __table_args__ = (
        sa.UniqueConstraint("county", "month"),
        sa.CheckConstraint("status IN ('opened', 'peopled', 'compared', 'refused')", name="status"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    month: str = month_column()
    attempt: int = 1
    status: str = text_column()
    opened_by: str = text_column()
    opened_at: datetime = instant_column()
    finished_at: datetime | None = maybe_instant_column()
    refused_because: str | None = maybe_text_column()
    lists: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    people: int = count_column()
    alerts_found: int = count_column()
    alerts_new: int = count_column()
    unjudged: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    batches: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    law_sha256: str | None = maybe_text_column()
    people_deleted_at: datetime | None = maybe_instant_column()


class ComparisonFeed(Row, table=True):
    """What one list came to in one attempt; matched, only here and only there add up."""

    __tablename__ = "comparison_feed"
    __table_args__ = (
        sa.UniqueConstraint("comparison_id", "attempt", "feed"),
        sa.CheckConstraint(
            "entries = entries_matched + entries_only_there AND entries_matched >= 0"
            " AND entries_only_there >= 0 AND people_matched >= 0 AND people_only_here >= 0",
            name="adds_up",
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    comparison_id: UUID = Field(foreign_key="comparison.id")
    attempt: int
    feed: str = text_column()
    delivery_id: UUID | None = Field(default=None, foreign_key="feed_delivery.id")
    standing: str = text_column()
    entries: int = count_column()
    entries_matched: int = count_column()
    entries_only_there: int = count_column()
    people_matched: int = count_column()
    people_only_here: int = count_column()


class Alert(Row, table=True):
    """Something to be looked into; `version` counts its acts, so of two at once one wins.

    `things` are those of a list it rests on and nothing was raised of before, for this person or
    household by this warning; `identity` is the least of them, so that none is raised of twice. One
    that comes again rests on things that are known: its `identity` is that of the alert it follows.
    """

    __tablename__ = "alert"
    __table_args__ = (
        sa.UniqueConstraint("county", "subject_id", "kind", "identity"),
        sa.Index("ix_alert_state_village", "state", "village"),
        sa.Index("ix_alert_comparison_id", "comparison_id"),
        sa.Index("ix_alert_led_to_id", "led_to_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = text_column()
    subject_id: UUID
    person_id: UUID | None = None
    household_id: UUID | None = None
    case_id: UUID | None = None
    low_income_id: UUID | None = None
    village: str = Field(max_length=12)
    month: str = month_column()
    identity: int = Field(sa_type=sa.BigInteger)
    things: list[int] = Field(sa_type=sa.ARRAY(sa.BigInteger))
    weight: int
    comparison_id: UUID
    attempt: int
    facts_row: int
    state: str = text_column()
    version: int = count_column()
    raised_at: datetime = instant_column()
    raised_on: date
    state_since: date
    state_due_on: date | None = None
    due_on: date | None = None
    stopped_on: date | None = None
    assigned_to: str | None = maybe_text_column()
    outcome: str | None = maybe_text_column()
    led_to: str | None = maybe_text_column()
    led_to_id: UUID | None = None
    led_to_number: str | None = maybe_text_column()
    days_taken: int | None = None
    closed_at: datetime | None = maybe_instant_column()


class AlertAct(ActRow, table=True):
    """One thing done to an alert: who, when, from which state to which, and with which words."""

    __tablename__ = "alert_act"
    __table_args__ = (sa.UniqueConstraint("alert_id", "number"),)

    alert_id: UUID = Field(foreign_key="alert.id")


class AlertPaper(PaperRow, table=True):
    """One paper brought with an answer; the paper itself lies sealed in the document store."""

    __tablename__ = "alert_paper"
    __table_args__ = (sa.UniqueConstraint("alert_id", "sha256", "added_by"),)

    alert_id: UUID = Field(foreign_key="alert.id")
