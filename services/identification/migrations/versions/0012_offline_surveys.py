"""Visits without a network: lists taken along, packages brought, visits taken in.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared import kit_tables

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "survey_issue",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("key_sealed", sa.Text, nullable=False),
    )
    op.create_table(
        "survey_upload",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("package_id", sa.Uuid, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_by", sa.Text, nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("results", JSONB, nullable=False),
    )
    op.create_index("ix_survey_upload_package_id", "survey_upload", ["package_id"])
    op.create_table(
        "offline_survey",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("survey_id", sa.Uuid, primary_key=True),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("package_id", sa.Uuid, nullable=False),
        sa.Column("content_index", sa.LargeBinary, nullable=False),
        sa.Column("taken_in_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_offline_survey_case_id"),
    )
    for table in ("survey_issue", "survey_upload", "offline_survey"):
        kit_tables.append_only(op, table)


def downgrade() -> None:
    """Take them away again."""
    for table in ("offline_survey", "survey_upload", "survey_issue"):
        op.drop_table(table)
