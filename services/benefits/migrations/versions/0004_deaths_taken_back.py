"""A death that was told in error is taken back.

Safe while older code runs: what it writes is taken back by nobody.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the last word says."""
    op.add_column(
        "death",
        sa.Column("taken_back", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    kit_tables.append_only(op, "death", columns=("died_on", "told_at", "taken_back"))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("death", "taken_back")
