"""Looking again: reviews by their month, and samples with their seeds.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "review",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("due_month", sa.String(7), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("visited_on", sa.Date, nullable=True),
        sa.Column("outcome", sa.Text, nullable=True),
        sa.Column("stability", sa.Text, nullable=True),
        sa.UniqueConstraint("household_id", "due_month", name="uq_review_household_id_due_month"),
        sa.UniqueConstraint("case_id", name="uq_review_case_id"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name="fk_review_household_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_review_case_id"),
    )
    op.create_table(
        "sample",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("population", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("chosen", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("drawn_by", sa.Text, nullable=False),
        sa.Column("drawn_at", INSTANT, nullable=False),
    )
    kit_tables.append_only(op, "review", columns=("visited_on", "outcome", "stability"))
    kit_tables.append_only(op, "sample")


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("sample")
    op.drop_table("review")
