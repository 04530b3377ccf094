"""When accounts lost what they might do.

Safe while older code runs: only a new table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from shared import kit_tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "account_ending",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("lost", ARRAY(sa.Text), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_account_ending_ended_at", "account_ending", ["ended_at"])
    kit_tables.append_only(op, "account_ending")


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("account_ending")
