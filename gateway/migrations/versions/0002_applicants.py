"""Applicants: what a code will prove once it is said back, and sessions that reach no further.

Safe while older code runs: a column that may be empty, and one with its default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("one_time_code", sa.Column("proves_sealed", sa.Text, nullable=True))
    op.add_column(
        "browser_session",
        sa.Column("applicant", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Take them away; who applied signs in again."""
    op.execute("DELETE FROM browser_session WHERE applicant")
    op.drop_column("browser_session", "applicant")
    op.drop_column("one_time_code", "proves_sealed")
