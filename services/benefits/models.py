"""The tables of benefits: what we learned, what a run found, and what was granted for good.

Nothing here knows a name, an ID number or an account: people and households are opaque ids. What is
granted is append-only by grant; what a run has only computed lies in drafts until two people sign.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from shared.database import table_registry


class RunStatus(StrEnum):
    """Where a run stands; what each may become is in MAY_BECOME."""

    OPENED = "opened"
    SNAPSHOTTING = "snapshotting"
    CALCULATING = "calculating"
    CALCULATED = "calculated"
    CLOSED = "closed"
    FAILED = "failed"


# Back to opened: a failed run tried again, or one recalculated because its facts have moved.
MAY_BECOME: Final = {
    RunStatus.OPENED: {RunStatus.SNAPSHOTTING, RunStatus.FAILED},
    RunStatus.SNAPSHOTTING: {RunStatus.CALCULATING, RunStatus.FAILED},
    RunStatus.CALCULATING: {RunStatus.CALCULATED, RunStatus.FAILED},
    RunStatus.CALCULATED: {RunStatus.CLOSED, RunStatus.OPENED},
    RunStatus.FAILED: {RunStatus.OPENED},
    RunStatus.CLOSED: set(),
}
UNFINISHED: Final = (RunStatus.OPENED, RunStatus.SNAPSHOTTING, RunStatus.CALCULATING)


class LineKind(StrEnum):
    """Whether a line is for the pay month itself or for an earlier one (补发)."""

    REGULAR = "regular"
    ARREARS = "arrears"


class Row(SQLModel, registry=table_registry()):
    """Every table of this service; each has its county."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_type=sa.DateTime(timezone=True), nullable=nullable)


def _empty_instant() -> Any:
    return Field(default=None, sa_type=sa.DateTime(timezone=True), nullable=True)


class Learning(Row, table=True):
    """One act of learning; its number says what was known when, even if the clock stands still."""

    __tablename__ = "learning"
    __table_args__ = (sa.UniqueConstraint("kind", "reference"),)

    number: int | None = Field(
        default=None,
        sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True),
    )
    county: str = Field(max_length=6)
    kind: str
    reference: UUID
    learned_at: datetime = _instant()


class Determination(Row, table=True):
    """What was determined of a household: true for its months, known since it was learned.

    The facts are sealed: they say who is ill, and how.
    """

    __tablename__ = "determination"
    __table_args__ = (
        sa.Index("ix_determination_household", "county", "household_id", "from_month"),
        sa.Index("ix_determination_learned", "learned_number"),
    )

    determination_id: UUID = Field(primary_key=True)
    county: str = Field(max_length=6)
    household_id: UUID
    village: str = Field(max_length=12)
    from_month: str = Field(max_length=7)
    until_month: str | None = Field(default=None, max_length=7)
    programme: str | None = None
    decided_on: date
    recorded_at: datetime = _instant()
    learned_at: datetime = _instant()
    learned_number: int = Field(sa_type=sa.BigInteger)
    person_ids: list[UUID] = Field(sa_type=ARRAY(sa.Uuid))
    words_sealed: str


class StagedDetermination(Row, table=True):
    """A determination fetched, waiting until the whole import has come and its hash agrees."""

    __tablename__ = "staged_determination"

    import_id: UUID = Field(primary_key=True)
    determination_id: UUID = Field(primary_key=True)
    county: str = Field(max_length=6)
    household_id: UUID
    village: str = Field(max_length=12)
    from_month: str = Field(max_length=7)
    until_month: str | None = Field(default=None, max_length=7)
    programme: str | None = None
    decided_on: date
    recorded_at: datetime = _instant()
    person_ids: list[UUID] = Field(sa_type=ARRAY(sa.Uuid))
    deaths: dict[str, str] = Field(sa_type=JSONB)
    words_sealed: str


class Membership(Row, table=True):
    """That a person was ever determined a member of a household: the way from one to the other."""

    __tablename__ = "membership"
    __table_args__ = (sa.Index("ix_membership_household", "household_id"),)

    person_id: UUID = Field(primary_key=True)
    household_id: UUID = Field(primary_key=True)
    county: str = Field(max_length=6)


class Death(Row, table=True):
    """A death we were told of, or that it was an error; of a person the word told last counts."""

    __tablename__ = "death"

    person_id: UUID = Field(primary_key=True)
    learned_number: int = Field(sa_type=sa.BigInteger, primary_key=True)
    county: str = Field(max_length=6)
    died_on: date
    taken_back: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    told_at: datetime = _instant()
    learned_at: datetime = _instant()


class Dispute(Row, table=True):
    """One person's part in dispute, from when it was told until it is settled. Where it was upheld,
    `from_month` is the first month it is upheld for, and `ended_from` that from which nothing is
    granted to them."""

    __tablename__ = "dispute"
    __table_args__ = (sa.Index("ix_dispute_person", "person_id"),)

    dispute_id: UUID = Field(primary_key=True)
    county: str = Field(max_length=6)
    person_id: UUID
    reason: str
    from_month: str = Field(max_length=7)
    told_at: datetime = _instant()
    learned_at: datetime = _instant()
    settled_at: datetime | None = _empty_instant()
    upheld: bool | None = None
    ended_from: str | None = Field(default=None, max_length=7)


class MonthDue(Row, table=True):
    """A past month of one household marked due by a named cause, until a run has settled it."""

    __tablename__ = "month_due"
    __table_args__ = (
        sa.Index(
            "uq_month_due_waiting",
            "family",
            "household_id",
            "month",
            "cause",
            unique=True,
            postgresql_where=sa.text("settled_run_id IS NULL"),
        ),
    )

    number: int | None = Field(
        default=None,
        sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True),
    )
    county: str = Field(max_length=6)
    family: str
    household_id: UUID
    month: str = Field(max_length=7)
    cause: str
    reference: str
    marked_at: datetime = _instant()
    taken_run_id: UUID | None = None
    settled_run_id: UUID | None = None


class PolicyPack(Row, table=True):
    """The law as a run read it, kept whole under its hash so that the run can be replayed."""

    __tablename__ = "policy_pack"

    sha256: str = Field(primary_key=True, max_length=64)
    county: str = Field(max_length=6)
    archive: bytes
    kept_at: datetime = _instant()


class Run(Row, table=True):
    """A county's run of one programme family for one pay month."""

    __tablename__ = "run"
    __table_args__ = (
        sa.UniqueConstraint("county", "family", "pay_month", "kind", "sequence"),
        sa.CheckConstraint("sequence BETWEEN 1 AND 99", name="sequence"),
        sa.Index(
            "ix_run_unfinished",
            "id",
            postgresql_where=sa.text("status IN ('opened', 'snapshotting', 'calculating')"),
        ),
    )

    id: UUID = Field(primary_key=True)
    county: str = Field(max_length=6)
    family: str
    pay_month: str = Field(max_length=7)
    kind: str
    sequence: int
    status: str
    attempt: int = 1
    faults: int = 0
    failure: str | None = None
    opened_by: str
    opened_at: datetime = _instant()
    learned_number: int | None = Field(default=None, sa_type=sa.BigInteger)
    closed_before: int | None = None
    chunk_items: int | None = None
    line_fen_max: int | None = Field(default=None, sa_type=sa.BigInteger)
    snapshot_file: str | None = None
    facts_sha256: str | None = Field(default=None, max_length=64)
    policy_sha256: str | None = Field(default=None, max_length=64)
    engine_version: str | None = None
    households_count: int | None = None
    zero_count: int | None = None
    lines_count: int | None = None
    total_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    list_sha256: str | None = Field(default=None, max_length=64)
    recoveries_count: int | None = None
    recoveries_fen: int | None = Field(default=None, sa_type=sa.BigInteger)
    calculated_at: datetime | None = _empty_instant()
    closed_at: datetime | None = _empty_instant()


class RunChunk(Row, table=True):
    """A part of a run that is calculated and loaded; a rerun finds it and adds nothing."""

    __tablename__ = "run_chunk"

    run_id: UUID = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    county: str = Field(max_length=6)
    lines_count: int
    recoveries_count: int
    holds_count: int


class Difference(Row):
    """What every difference names, whether it is a draft or stands for good."""

    county: str = Field(max_length=6)
    run_id: UUID
    snapshot_row: int | None = None
    beneficiary_kind: str
    beneficiary_id: UUID
    household_id: UUID
    village: str = Field(max_length=12)
    programme: str
    budget_item: str
    month: str = Field(max_length=7)
    difference: int
    cause: str
    amount_fen: int = Field(sa_type=sa.BigInteger)
    determination_id: UUID | None = None


class DraftLine(Difference, table=True):
    """A line a run has computed and nobody has granted yet."""

    __tablename__ = "draft_line"
    __table_args__ = (sa.Index("ix_draft_line_run", "run_id", "line_id"),)

    line_id: UUID = Field(primary_key=True)
    kind: str


class EntitlementLine(Difference, table=True):
    """What was granted: one difference for one beneficiary, programme and month. Append-only."""

    __tablename__ = "entitlement_line"
    __table_args__ = (
        sa.UniqueConstraint("beneficiary_id", "programme", "month", "difference"),
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        sa.CheckConstraint("difference > 0", name="difference"),
        sa.Index("ix_entitlement_line_run", "run_id", "line_id"),
        sa.Index("ix_entitlement_line_household", "household_id", "month"),
    )

    line_id: UUID = Field(primary_key=True)
    kind: str


class DraftRecovery(Difference, table=True):
    """A recovery a run would propose."""

    __tablename__ = "draft_recovery"
    __table_args__ = (sa.Index("ix_draft_recovery_run", "run_id", "recovery_id"),)

    recovery_id: UUID = Field(primary_key=True)


class ProposedRecovery(Difference, table=True):
    """Money granted that the law does not owe (追缴): proposed, never netted, never in a file.

    A negative amount proposes; a positive one takes back so much of what was proposed before.
    Append-only.
    """

    __tablename__ = "proposed_recovery"
    __table_args__ = (
        sa.UniqueConstraint("beneficiary_id", "programme", "month", "difference"),
        sa.CheckConstraint("amount_fen <> 0", name="amount"),
        sa.CheckConstraint("difference > 0", name="difference"),
        sa.Index("ix_proposed_recovery_run", "run_id", "recovery_id"),
        sa.Index("ix_proposed_recovery_household", "household_id", "month"),
    )

    recovery_id: UUID = Field(primary_key=True)


class RecoveryDecision(Row, table=True):
    """What a person decided is to be paid back of a proposal; the last one stands. Append-only."""

    __tablename__ = "recovery_decision"
    __table_args__ = (
        sa.CheckConstraint("amount_fen >= 0", name="amount"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    recovery_id: UUID = Field(primary_key=True, foreign_key="proposed_recovery.recovery_id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    county: str = Field(max_length=6)
    amount_fen: int = Field(sa_type=sa.BigInteger)
    paper: str
    reason: str
    told_on: date | None = None
    decided_by: str
    decided_at: datetime = _instant()


class Hold(Row, table=True):
    """A sum nobody can know yet: held with a reason, an owner and a day by which it must end."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "beneficiary_id", "programme", "month"),
        sa.Index("ix_hold_household", "household_id"),
    )

    id: UUID = Field(primary_key=True)
    county: str = Field(max_length=6)
    run_id: UUID
    household_id: UUID
    village: str = Field(max_length=12)
    beneficiary_kind: str
    beneficiary_id: UUID
    programme: str
    month: str = Field(max_length=7)
    reason: str
    owner: str
    held_on: date
    limit_on: date
    released_at: datetime | None = _empty_instant()
    released_by: str | None = None
    release_reason: str | None = None
    settled_run_id: UUID | None = None


class RunSignature(Row, table=True):
    """One person's name under one list. Append-only."""

    __tablename__ = "run_signature"
    __table_args__ = (sa.UniqueConstraint("run_id", "attempt", "person"),)

    run_id: UUID = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    role: str = Field(primary_key=True)
    county: str = Field(max_length=6)
    subject: str
    person: str
    list_sha256: str = Field(max_length=64)
    signed_at: datetime = _instant()


class FundingApplication(Row, table=True):
    """One row of a closed run's application for funds (用款申请表). Append-only."""

    __tablename__ = "funding_application"

    run_id: UUID = Field(primary_key=True)
    budget_item: str = Field(primary_key=True)
    programme: str = Field(primary_key=True)
    township: str = Field(primary_key=True, max_length=9)
    county: str = Field(max_length=6)
    fund: str
    count: int
    amount_fen: int = Field(sa_type=sa.BigInteger)
