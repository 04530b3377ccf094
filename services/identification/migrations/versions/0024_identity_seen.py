"""An applicant may have been seen: an officer compared the ID card with their face.

Safe while older code runs: the column may be empty, and nobody who is there was seen.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let it be written down when somebody was seen."""
    op.add_column("applicant", sa.Column("seen_at", INSTANT, nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("applicant", "seen_at")
