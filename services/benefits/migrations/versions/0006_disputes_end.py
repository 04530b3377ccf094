"""From which month somebody draws nothing, by what upheld a dispute about them.

Safe while older code runs: only a new column that may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("dispute", sa.Column("ended_from", sa.String(7), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("dispute", "ended_from")
