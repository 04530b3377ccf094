"""Wrong endings of a telephone are counted, so that nobody tries until one is right.

Safe while older code runs: it leaves the columns as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has guessed."""
    op.add_column(
        "applicant", sa.Column("wrong_endings", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("applicant", sa.Column("wrong_ending_on", sa.Date))


def downgrade() -> None:
    """What was guessed on a day is forgotten."""
    op.drop_column("applicant", "wrong_ending_on")
    op.drop_column("applicant", "wrong_endings")
