"""A determination may be of one programme that is given once.

Safe while older code runs: the column may be empty, and is where nobody fills it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of a determination which programme it is of."""
    op.add_column("determination", sa.Column("programme", sa.Text, nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("determination", "programme")
