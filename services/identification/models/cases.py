"""The tables of casework: a case, who is in it, what was done to it, its papers, its postings.

What a case says of people's means and health is sealed whole; names stand in clear, under row
security. What was done is only ever added to.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.identification.models.rows import (
    ActRow,
    PaperRow,
    Row,
    count_column,
    instant_column,
    maybe_instant_column,
    maybe_text_column,
    text_column,
)
from services.identification.models.searched import JOINED_NAME, JOINED_PINYIN
from shared.database import new_id

URGENT_ON: Final = sa.text("LEAST(due_on, state_due_on)")
"""The day on which the first of a case's two clocks runs out: queues stand in this order."""

TOWNSHIP: Final = sa.text('"left"(village, 9)')
"""The township a case is of, by the first digits of its village."""

COUNTED_BY: Final = (
    "due_on", "state_due_on", "stopped_on", "choice_waits", "opened_by", "id", "county",
)  # fmt: skip
"""All else that counting what waits asks of a case: it is read off the index, in its order, and no
case is opened."""


class CaseFile(Row, table=True):
    """One application on its path; `version` counts its acts, so of two at once one wins."""

    __tablename__ = "case_file"
    __table_args__ = (
        sa.UniqueConstraint("county", "receipt"),
        sa.Index(
            "ix_case_file_state_category_village",
            "state",
            "category",
            "village",
            postgresql_include=COUNTED_BY,
        ),
        sa.Index("ix_case_file_village_id", "village", "id"),
        sa.Index("ix_case_file_urgent_on_id", URGENT_ON, "id"),
        sa.Index("ix_case_file_village_urgent_on_id", "village", URGENT_ON, "id"),
        sa.Index("ix_case_file_township_urgent_on_id", TOWNSHIP, URGENT_ON, "id"),
        sa.Index(
            "ix_case_file_choice_waits",
            "village",
            postgresql_where=sa.text("choice_waits"),
        ),
        sa.Index("ix_case_file_household_id", "household_id"),
        sa.Index("ix_case_file_about_case_id", "about_case_id"),
        sa.UniqueConstraint("village", "form_year", "form_number"),
        sa.Index(
            "uq_case_file_certificate",
            "household_id",
            unique=True,
            postgresql_where=sa.text("category = 'certificate' AND closed_at IS NULL"),
        ),
        sa.Index("ix_case_file_applicant_id", "applicant_id"),
        sa.Index("ix_case_file_opened_by", "opened_by"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    receipt: str = text_column()
    category: str = text_column()
    state: str = text_column()
    version: int = count_column()
    village: str = Field(max_length=12)
    channel: str = text_column()
    head_name: str = text_column()
    household_id: UUID | None = Field(default=None, foreign_key="household.id")
    about_case_id: UUID | None = Field(default=None, foreign_key="case_file.id")
    applicant_id: UUID | None = Field(default=None, foreign_key="applicant.id")
    form_year: int | None = None
    form_number: int | None = None
    opened_at: datetime = instant_column()
    opened_by: str = text_column()
    accepted_on: date | None = None
    state_since: date
    state_due_on: date | None = None
    due_on: date | None = None
    stopped_on: date | None = None
    choice_waits: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Whether its visits differ, or a check from them, and somebody has to choose; or an answer is
    to be judged. Or, though it is over, that a secret is to be looked at by another."""

    closed_at: datetime | None = maybe_instant_column()
    content_sealed: str = text_column()


class CasePerson(Row, table=True):
    """Somebody of a case: applicant, member of the household, or supporter; and whether it is asked
    for them."""

    __tablename__ = "case_person"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "person_key"),
        sa.Index("ix_case_person_id_index", "id_index"),
        sa.Index("ix_case_person_joined_name", JOINED_NAME, postgresql_include=("name", "case_id")),
        sa.Index(
            "ix_case_person_joined_pinyin",
            JOINED_PINYIN,
            postgresql_include=("name_sort", "case_id"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    person_key: str = text_column()
    role: str = text_column()
    asked_for: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    name: str = text_column()
    name_sort: str = text_column()
    id_index: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    person_id: UUID | None = None


class SecretPerson(Row, table=True):
    """Whom a case that is kept secret named before it was written otherwise, by the number of the
    act that keeps it; only ever added to."""

    __tablename__ = "secret_person"
    __table_args__ = (sa.UniqueConstraint("case_id", "kept_number", "id_index"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    kept_number: int
    name_sort: str = text_column()
    id_index: bytes = Field(sa_type=sa.LargeBinary)
    content_sealed: str = text_column()


class CaseAct(ActRow, table=True):
    """One thing done to a case: who, when, from which state to which, and with which words.

    `scopes` and `areas` are those by which they might; none are known of what was done long ago.
    """

    __tablename__ = "case_act"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "number"),
        sa.Index(
            "ix_case_act_kept_secret", "case_id", postgresql_where=sa.text("act = 'keep-secret'")
        ),
    )

    case_id: UUID = Field(foreign_key="case_file.id")
    scopes: list[str] | None = Field(default=None, sa_type=sa.ARRAY(sa.Text))
    areas: list[str] | None = Field(default=None, sa_type=sa.ARRAY(sa.Text))


class CaseDocument(PaperRow, table=True):
    """One paper of a case; the paper itself lies sealed in the document store."""

    __tablename__ = "case_document"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "sha256", "kind"),
        sa.Index("ix_case_document_case_id_kind", "case_id", "kind"),
        sa.Index("ix_case_document_sha256", "sha256"),
    )

    case_id: UUID = Field(foreign_key="case_file.id")
    kind: str = text_column()
    of_person: str | None = maybe_text_column()
    replaced_by: UUID | None = None


class Posting(Row, table=True):
    """One list on one board: what it shows, from when, until when, and that it was taken down."""

    __tablename__ = "posting"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "round", "stage"),
        sa.Index("ix_posting_village_first_day", "village", "first_day"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    stage: str = text_column()
    round: int
    village: str = Field(max_length=12)
    first_day: date
    last_day: date
    shown_sealed: str = text_column()
    photo_id: UUID | None = None
    taken_down_on: date | None = None


class PayeeAnswer(Row, table=True):
    """Where payments says that the money of a payee whom a case decided goes: the last answer."""

    __tablename__ = "payee_answer"
    __table_args__ = (sa.Index("ix_payee_answer_case_id", "case_id"),)

    beneficiary_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="case_file.id")
    outcome: str = text_column()
    paid_meanwhile: bool
    answered_at: datetime = instant_column()
