"""Whom the form of a visit names is told that it waits for their own signature.

Safe while older code runs: a new table. What a form was taken to sign before stays signed.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "named_visitor",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("household_id", sa.Uuid, nullable=True),
        sa.Column("number", sa.Integer, nullable=True),
        sa.Column("paper_id", sa.Uuid, nullable=True),
        sa.Column("until", sa.Date, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_named_visitor_case_id"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["campaign_household.id"], name="fk_named_visitor_household_id"
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["campaign_paper.id"], name="fk_named_visitor_paper_id"
        ),
    )
    for column in ("person", "household_id"):
        op.create_index(f"ix_named_visitor_{column}", "named_visitor", [column])
    kit_tables.append_only(op, "named_visitor")


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("named_visitor")
