"""Advances of cases that ended unverified are known, so that they are recovered.

Safe while older code runs: only a new table.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unverified_advance",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("why", sa.Text, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unverified_advance"),
    )
    op.create_index("ix_unverified_advance_case_id", "unverified_advance", ["case_id", "ended_at"])
    kit_tables.append_only(op, "unverified_advance")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("unverified_advance")
