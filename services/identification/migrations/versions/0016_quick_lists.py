"""Queues in their order, cases of a village and cases by a name, each out of one index.

Safe while older code runs: its questions are answered by the new indexes too.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each index, and then the one it stands for away."""
    op.create_index("ix_case_file_due_on_id", "case_file", ["due_on", "id"])
    op.drop_index("ix_case_file_due_on", "case_file")
    op.create_index("ix_case_file_village_id", "case_file", ["village", "id"])
    op.create_index("ix_case_person_name_case_id", "case_person", ["name", "case_id"])
    op.drop_index("ix_case_person_name", "case_person")


def downgrade() -> None:
    """The earlier ones again."""
    op.drop_index("ix_case_file_village_id", "case_file")
    op.create_index("ix_case_person_name", "case_person", ["name"])
    op.drop_index("ix_case_person_name_case_id", "case_person")
    op.create_index("ix_case_file_due_on", "case_file", ["due_on"])
    op.drop_index("ix_case_file_due_on_id", "case_file")
