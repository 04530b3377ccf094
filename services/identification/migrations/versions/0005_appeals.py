"""A case may be about another case: an appeal.

Safe while older code runs: only a new column that may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("case_file", sa.Column("about_case_id", sa.Uuid, nullable=True))
    op.create_foreign_key(
        "fk_case_file_about_case_id_case_file", "case_file", "case_file", ["about_case_id"], ["id"]
    )
    op.create_index("ix_case_file_about_case_id", "case_file", ["about_case_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_case_file_about_case_id", "case_file")
    op.drop_constraint("fk_case_file_about_case_id_case_file", "case_file")
    op.drop_column("case_file", "about_case_id")
