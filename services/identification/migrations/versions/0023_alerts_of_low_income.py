"""An alert may be about somebody the low-income database alone knows.

Safe while older code runs: the column may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let an alert name them."""
    op.add_column("alert", sa.Column("low_income_id", sa.Uuid, nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("alert", "low_income_id")
