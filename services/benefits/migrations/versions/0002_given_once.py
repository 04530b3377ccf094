"""A determination may be of one programme that is given once.

Safe while older code runs: the column may be empty, and is where nobody fills it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of a determination which programme it is of."""
    for table in ("determination", "staged_determination"):
        op.add_column(table, sa.Column("programme", sa.String, nullable=True))


def downgrade() -> None:
    """Forget it again."""
    for table in ("determination", "staged_determination"):
        op.drop_column(table, "programme")
