"""The tables of rounds: a campaign with its phases, and everybody it has to look at."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.identification.models.rows import (
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
    visited_on: date | None = None
    found_by: str | None = maybe_text_column()
    found_sealed: str | None = maybe_text_column()
