"""Near relatives of officers, by the officers' own filings.

Safe while older code runs: only a new table.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "relative_filing",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("id_index", sa.LargeBinary, nullable=False),
        sa.Column("content_sealed", sa.Text, nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date, nullable=True),
    )
    op.create_index("ix_relative_filing_id_index", "relative_filing", ["id_index"])
    op.create_index("ix_relative_filing_person", "relative_filing", ["person"])
    kit_tables.append_only(op, "relative_filing", columns=("ended_on",))


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("relative_filing")
