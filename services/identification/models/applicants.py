"""Whoever applies without being in the register: an ID number and a telephone, together."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import (
    Row,
    count_column,
    instant_column,
    maybe_instant_column,
    text_column,
)
from shared.database import new_id


class Applicant(Row, table=True):
    """One ID number with one telephone; its id is the person's, should they come into the register.

    `said_sealed` holds number, telephone and name; `known_at` says when they last came,
    `proven_at` when a code sent to the telephone was said back, `seen_at` when an officer compared
    its holder's ID card and face; `wrong_endings` were said of it on `wrong_ending_on`.
    """

    __tablename__ = "applicant"
    __table_args__ = (
        sa.UniqueConstraint("county", "id_index", "phone_index"),
        sa.Index(
            "ix_applicant_to_be_handed_on",
            "id",
            postgresql_where=sa.text("handed_on_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    id_index: bytes = Field(sa_type=sa.LargeBinary)
    phone_index: bytes = Field(sa_type=sa.LargeBinary)
    said_sealed: str = text_column()
    known_at: datetime = instant_column()
    proven_at: datetime | None = maybe_instant_column()
    seen_at: datetime | None = maybe_instant_column()
    handed_on_at: datetime | None = maybe_instant_column()
    wrong_endings: int = count_column()
    wrong_ending_on: date | None = None
