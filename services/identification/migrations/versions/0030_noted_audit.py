"""A frozen report notes how many rows the audit log had, and the hash of the last.

Safe while older code runs: the columns may be empty, and older reports noted nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let it be noted."""
    op.add_column("frozen_report", sa.Column("audit_rows", sa.BigInteger, nullable=True))
    op.add_column("frozen_report", sa.Column("audit_head", sa.String(64), nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("frozen_report", "audit_head")
    op.drop_column("frozen_report", "audit_rows")
