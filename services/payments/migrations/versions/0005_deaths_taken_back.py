"""A death that was told in error is taken back.

Safe while older code runs: what it writes is taken back by nobody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the last word says."""
    op.add_column(
        "person_death",
        sa.Column("taken_back", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("person_death", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("person_death", "told_at")
    op.drop_column("person_death", "taken_back")
