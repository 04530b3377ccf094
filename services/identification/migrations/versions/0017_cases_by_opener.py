"""Cases are found by who opened them: a citizen's own are asked for at every look.

Safe while older code runs: only an index.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_case_file_opened_by", "case_file", ["opened_by"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_case_file_opened_by", "case_file")
