"""The few cases that were put down as secret are found at once.

Safe while older code runs: an index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    kept = sa.text("act = 'keep-secret'")
    op.create_index("ix_case_act_kept_secret", "case_act", ["case_id"], postgresql_where=kept)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_case_act_kept_secret", "case_act")
