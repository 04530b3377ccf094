"""Officials without an account are on record, so that their near relatives can be.

Safe while older code runs: a new table, and a column that may be empty.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

COLUMNS = ("ending_asked_on", "ending_asked_by", "ended_on", "ended_by")


def upgrade() -> None:
    """Make the table, and let it be written down who asked that a filing ends."""
    op.create_table(
        "official",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("id_index", sa.LargeBinary, nullable=False),
        sa.Column("content_sealed", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("county", "id_index", name="uq_official_person"),
    )
    op.create_index("ix_official_area", "official", ["area"])
    kit_tables.append_only(op, "official")
    op.add_column("relative_filing", sa.Column("ending_asked_by", sa.Text, nullable=True))
    kit_tables.append_only(op, "relative_filing", columns=COLUMNS)


def downgrade() -> None:
    """Without them."""
    op.drop_column("relative_filing", "ending_asked_by")
    op.drop_table("official")
