"""Queues in the order of the clock that runs out first, of the county and of each village.

Safe while older code runs: it asks for less, and waits for a while longer for its queues.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

URGENT_ON = sa.text("LEAST(due_on, state_due_on)")


def upgrade() -> None:
    """The new indexes, and then the one they stand for away."""
    op.create_index("ix_case_file_urgent_on_id", "case_file", [URGENT_ON, "id"])
    op.create_index("ix_case_file_village_urgent_on_id", "case_file", ["village", URGENT_ON, "id"])
    op.drop_index("ix_case_file_due_on_id", "case_file")


def downgrade() -> None:
    """The earlier one again."""
    op.create_index("ix_case_file_due_on_id", "case_file", ["due_on", "id"])
    op.drop_index("ix_case_file_village_urgent_on_id", "case_file")
    op.drop_index("ix_case_file_urgent_on_id", "case_file")
