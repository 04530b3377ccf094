"""What waits is counted off an index of states and villages, with all that is asked of a case.

Safe while older code runs: it finds cases by the same index.
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

COUNTED_BY = ["category", "due_on", "state_due_on", "stopped_on", "opened_by", "id", "county"]


def upgrade() -> None:
    """The same index, with more beside each case."""
    op.drop_index("ix_case_file_state_village", "case_file")
    op.create_index(
        "ix_case_file_state_village",
        "case_file",
        ["state", "village"],
        postgresql_include=COUNTED_BY,
    )


def downgrade() -> None:
    """The narrow one again."""
    op.drop_index("ix_case_file_state_village", "case_file")
    op.create_index("ix_case_file_state_village", "case_file", ["state", "village"])
