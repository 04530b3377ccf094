"""One certificate a household, held by the database.

Safe while older code runs: it opens no certificates.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let no household have two that are open."""
    op.create_index(
        "uq_case_file_certificate",
        "case_file",
        ["household_id"],
        unique=True,
        postgresql_where=sa.text("category = 'certificate' AND closed_at IS NULL"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("uq_case_file_certificate", "case_file")
