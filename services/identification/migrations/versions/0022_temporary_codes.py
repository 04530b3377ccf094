"""A person may be known by a temporary code until the ID number is found.

Safe while older code runs: the columns may be empty, and are where nobody fills them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a code stand beside, with its reason sealed."""
    op.add_column("person", sa.Column("temporary_code", sa.Text, nullable=True))
    op.add_column("person", sa.Column("no_id_reason_sealed", sa.Text, nullable=True))


def downgrade() -> None:
    """Forget it again."""
    op.drop_column("person", "no_id_reason_sealed")
    op.drop_column("person", "temporary_code")
