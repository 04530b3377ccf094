"""Whoever put a relative on record asks that it ends, and another person agrees.

Safe while older code runs: the columns may be empty, and a filing that has ended stays so.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COLUMNS = ("ending_asked_on", "ended_on", "ended_by")


def upgrade() -> None:
    """Let it be written down who asked, and who agreed."""
    op.add_column("relative_filing", sa.Column("ending_asked_on", sa.Date, nullable=True))
    op.add_column("relative_filing", sa.Column("ended_by", sa.Text, nullable=True))
    kit_tables.append_only(op, "relative_filing", columns=COLUMNS)


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("relative_filing", "ended_by")
    op.drop_column("relative_filing", "ending_asked_on")
