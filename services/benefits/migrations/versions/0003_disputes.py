"""Disputes: whose part is held because a list says what would end it.

Safe while older code runs: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "dispute",
        sa.Column("dispute_id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("learned_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("upheld", sa.Boolean, nullable=True),
        sa.PrimaryKeyConstraint("dispute_id", name="pk_dispute"),
    )
    op.create_index("ix_dispute_person", "dispute", ["person_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("dispute")
