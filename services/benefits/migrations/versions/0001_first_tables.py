"""First tables: what was learned, runs and their drafts, what was granted for good.

Safe while older code runs: there is none.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared import kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

# Learned, granted, proposed or signed: corrections are new rows.
APPEND_ONLY = (
    "learning",
    "determination",
    "membership",
    "entitlement_line",
    "proposed_recovery",
    "run_signature",
    "funding_application",
    "policy_pack",
)


def upgrade() -> None:
    """Make the tables."""
    kit_tables.create(op)
    op.create_table(
        "death",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("learned_number", sa.BigInteger, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("died_on", sa.Date, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("learned_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "learned_number", name="pk_death"),
    )
    op.create_table(
        "determination",
        sa.Column("determination_id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("until_month", sa.String(7), nullable=True),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("learned_at", INSTANT, nullable=False),
        sa.Column("learned_number", sa.BigInteger, nullable=False),
        sa.Column("person_ids", ARRAY(sa.Uuid), nullable=False),
        sa.Column("words_sealed", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("determination_id", name="pk_determination"),
    )
    op.create_index(
        "ix_determination_household", "determination", ["county", "household_id", "from_month"]
    )
    op.create_index("ix_determination_learned", "determination", ["learned_number"])
    op.create_table(
        "draft_line",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("snapshot_row", sa.Integer, nullable=True),
        sa.Column("beneficiary_kind", sa.String, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("programme", sa.String, nullable=False),
        sa.Column("budget_item", sa.String, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("determination_id", sa.Uuid, nullable=True),
        sa.Column("line_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_draft_line"),
    )
    op.create_index("ix_draft_line_run", "draft_line", ["run_id", "line_id"])
    op.create_table(
        "draft_recovery",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("snapshot_row", sa.Integer, nullable=True),
        sa.Column("beneficiary_kind", sa.String, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("programme", sa.String, nullable=False),
        sa.Column("budget_item", sa.String, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("determination_id", sa.Uuid, nullable=True),
        sa.Column("recovery_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("recovery_id", name="pk_draft_recovery"),
    )
    op.create_index("ix_draft_recovery_run", "draft_recovery", ["run_id", "recovery_id"])
    op.create_table(
        "entitlement_line",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("snapshot_row", sa.Integer, nullable=True),
        sa.Column("beneficiary_kind", sa.String, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("programme", sa.String, nullable=False),
        sa.Column("budget_item", sa.String, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("determination_id", sa.Uuid, nullable=True),
        sa.Column("line_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="ck_entitlement_line_amount"),
        sa.CheckConstraint("difference > 0", name="ck_entitlement_line_difference"),
        sa.PrimaryKeyConstraint("line_id", name="pk_entitlement_line"),
        sa.UniqueConstraint(
            "beneficiary_id",
            "programme",
            "month",
            "difference",
            name="uq_entitlement_line_beneficiary_id_programme_month_difference",
        ),
    )
    op.create_index("ix_entitlement_line_household", "entitlement_line", ["household_id", "month"])
    op.create_index("ix_entitlement_line_run", "entitlement_line", ["run_id", "line_id"])
    op.create_table(
        "funding_application",
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("budget_item", sa.String, nullable=False),
        sa.Column("programme", sa.String, nullable=False),
        sa.Column("township", sa.String(9), nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("fund", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "run_id", "budget_item", "programme", "township", name="pk_funding_application"
        ),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("beneficiary_kind", sa.String, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("programme", sa.String, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("limit_on", sa.Date, nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("released_by", sa.String, nullable=True),
        sa.Column("release_reason", sa.String, nullable=True),
        sa.Column("settled_run_id", sa.Uuid, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
        sa.UniqueConstraint(
            "run_id",
            "beneficiary_id",
            "programme",
            "month",
            name="uq_hold_run_id_beneficiary_id_programme_month",
        ),
    )
    op.create_index("ix_hold_household", "hold", ["household_id"])
    op.create_table(
        "learning",
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("reference", sa.Uuid, nullable=False),
        sa.Column("learned_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_learning"),
        sa.UniqueConstraint("kind", "reference", name="uq_learning_kind_reference"),
    )
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "household_id", name="pk_membership"),
    )
    op.create_index("ix_membership_household", "membership", ["household_id"])
    op.create_table(
        "month_due",
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("family", sa.String, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("marked_at", INSTANT, nullable=False),
        sa.Column("taken_run_id", sa.Uuid, nullable=True),
        sa.Column("settled_run_id", sa.Uuid, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_month_due"),
    )
    op.create_index(
        "uq_month_due_waiting",
        "month_due",
        ["family", "household_id", "month", "cause"],
        unique=True,
        postgresql_where=sa.text("settled_run_id IS NULL"),
    )
    op.create_table(
        "policy_pack",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("archive", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_policy_pack"),
    )
    op.create_table(
        "proposed_recovery",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("snapshot_row", sa.Integer, nullable=True),
        sa.Column("beneficiary_kind", sa.String, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("programme", sa.String, nullable=False),
        sa.Column("budget_item", sa.String, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("determination_id", sa.Uuid, nullable=True),
        sa.Column("recovery_id", sa.Uuid, nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name="ck_proposed_recovery_amount"),
        sa.CheckConstraint("difference > 0", name="ck_proposed_recovery_difference"),
        sa.PrimaryKeyConstraint("recovery_id", name="pk_proposed_recovery"),
        sa.UniqueConstraint(
            "beneficiary_id",
            "programme",
            "month",
            "difference",
            name="uq_proposed_recovery_beneficiary_id_programme_month_difference",
        ),
    )
    op.create_index(
        "ix_proposed_recovery_household", "proposed_recovery", ["household_id", "month"]
    )
    op.create_index("ix_proposed_recovery_run", "proposed_recovery", ["run_id", "recovery_id"])
    op.create_table(
        "run",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("family", sa.String, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("failure", sa.String, nullable=True),
        sa.Column("opened_by", sa.String, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("learned_number", sa.BigInteger, nullable=True),
        sa.Column("closed_before", sa.Integer, nullable=True),
        sa.Column("chunk_items", sa.Integer, nullable=True),
        sa.Column("line_fen_max", sa.BigInteger, nullable=True),
        sa.Column("snapshot_file", sa.String, nullable=True),
        sa.Column("facts_sha256", sa.String(64), nullable=True),
        sa.Column("policy_sha256", sa.String(64), nullable=True),
        sa.Column("engine_version", sa.String, nullable=True),
        sa.Column("households_count", sa.Integer, nullable=True),
        sa.Column("zero_count", sa.Integer, nullable=True),
        sa.Column("lines_count", sa.Integer, nullable=True),
        sa.Column("total_fen", sa.BigInteger, nullable=True),
        sa.Column("list_sha256", sa.String(64), nullable=True),
        sa.Column("recoveries_count", sa.Integer, nullable=True),
        sa.Column("recoveries_fen", sa.BigInteger, nullable=True),
        sa.Column("calculated_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.CheckConstraint("sequence BETWEEN 1 AND 99", name="ck_run_sequence"),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.UniqueConstraint(
            "county",
            "family",
            "pay_month",
            "kind",
            "sequence",
            name="uq_run_county_family_pay_month_kind_sequence",
        ),
    )
    op.create_index(
        "ix_run_unfinished",
        "run",
        ["id"],
        postgresql_where=sa.text("status IN ('opened', 'snapshotting', 'calculating')"),
    )
    op.create_table(
        "run_chunk",
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("lines_count", sa.Integer, nullable=False),
        sa.Column("recoveries_count", sa.Integer, nullable=False),
        sa.Column("holds_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "attempt", "number", name="pk_run_chunk"),
    )
    op.create_table(
        "run_signature",
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("list_sha256", sa.String(64), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "attempt", "role", name="pk_run_signature"),
        sa.UniqueConstraint(
            "run_id", "attempt", "person", name="uq_run_signature_run_id_attempt_person"
        ),
    )
    op.create_table(
        "staged_determination",
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("determination_id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("until_month", sa.String(7), nullable=True),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("person_ids", ARRAY(sa.Uuid), nullable=False),
        sa.Column("deaths", JSONB, nullable=False),
        sa.Column("words_sealed", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "determination_id", name="pk_staged_determination"),
    )
    for table in APPEND_ONLY:
        kit_tables.append_only(op, table)
    # A second word on the same death in one import: the one recorded later counts.
    kit_tables.append_only(op, "death", columns=("died_on", "told_at"))


def downgrade() -> None:
    """Take them away."""
    for table in (
        "staged_determination",
        "run_signature",
        "run_chunk",
        "run",
        "proposed_recovery",
        "policy_pack",
        "month_due",
        "membership",
        "learning",
        "hold",
        "funding_application",
        "entitlement_line",
        "draft_recovery",
        "draft_line",
        "determination",
        "death",
    ):
        op.drop_table(table)
    kit_tables.drop(op)
