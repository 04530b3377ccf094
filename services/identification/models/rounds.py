"""The tables of rounds: a campaign, everybody it looks at, what was found and who signed it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identification.models.rows import (
    PaperRow,
    Row,
    count_column,
    instant_column,
    maybe_instant_column,
    maybe_text_column,
    text_column,
)
from shared.database import new_id


class Round(Row, table=True):
    """A campaign: its phases with their days, and the area it goes over."""

    __tablename__ = "campaign_round"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = text_column()
    area: str = Field(max_length=12)
    look_back: bool
    phases: list[dict[str, Any]] = Field(sa_type=JSONB)
    frozen: int = count_column()
    opened_by: str = text_column()
    opened_at: datetime = instant_column()
    closed_at: datetime | None = maybe_instant_column()
    called_off: str | None = maybe_text_column()
    seed: str | None = maybe_text_column()
    sample_percent: int | None = None


class RoundHousehold(Row, table=True):
    """A household a round has to look at, why, and what was found of it."""

    __tablename__ = "campaign_household"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "serial"),
        sa.Index("ix_campaign_household_round_id_village", "round_id", "village"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    round_id: UUID = Field(foreign_key="campaign_round.id")
    serial: int
    village: str = Field(max_length=12)
    because: str = text_column()
    household_id: UUID | None = Field(default=None, foreign_key="household.id")
    case_id: UUID | None = Field(default=None, foreign_key="case_file.id")
    number: str = text_column()
    head_name: str = text_column()
    kind: str | None = maybe_text_column()
    sampled: bool = False
    finding: str | None = maybe_text_column()
    finding_number: int = count_column()
    signed_on: date | None = None
    visited_on: date | None = None
    found_by: str | None = maybe_text_column()
    found_sealed: str | None = maybe_text_column()


class RoundPaper(PaperRow, table=True):
    """The form on paper of a visit that was typed in later; the paper itself lies sealed."""

    __tablename__ = "campaign_paper"

    household_id: UUID = Field(foreign_key="campaign_household.id", index=True)


class NamedVisitor(Row, table=True):
    """Whom the form of a visit names, of a case or of a finding of a round: it waits for them."""

    __tablename__ = "named_visitor"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person: str = Field(sa_type=sa.Text, index=True)
    named_at: datetime = instant_column()
    case_id: UUID | None = Field(default=None, foreign_key="case_file.id")
    household_id: UUID | None = Field(default=None, foreign_key="campaign_household.id", index=True)
    number: int | None = None
    paper_id: UUID | None = Field(default=None, foreign_key="campaign_paper.id")
    until: date | None = None
    """The day their account ended, where it had when they were named."""


class RoundSignature(Row, table=True):
    """Somebody answers for what was found, by their own act; from which form, where from one."""

    __tablename__ = "campaign_signature"
    __table_args__ = (sa.UniqueConstraint("household_id", "number", "person"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    household_id: UUID = Field(foreign_key="campaign_household.id")
    number: int
    finding: str = text_column()
    actor: str = text_column()
    person: str = text_column()
    areas: list[str] = Field(sa_type=sa.ARRAY(sa.Text))
    signed_at: datetime = instant_column()
    signed_on: date = Field(index=True)
    paper_id: UUID | None = Field(default=None, foreign_key="campaign_paper.id")


class RoundCheck(Row, table=True):
    """A second look at whom chance picked (`check`: what it found), or who chose between that and
    the first (`weigh`: which counts); `number` and `of_finding` are those of the first."""

    __tablename__ = "campaign_check"
    __table_args__ = (sa.UniqueConstraint("household_id", "number", "act"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    household_id: UUID = Field(foreign_key="campaign_household.id")
    number: int
    act: str = text_column()
    of_finding: str = text_column()
    said: str = text_column()
    visited_on: date | None = None
    note_sealed: str = text_column()
    actor: str = text_column()
    person: str = text_column()
    done_at: datetime = instant_column()
    done_on: date
