"""Whoever an alert speaks against may answer with papers.

Safe while older code runs: a table of its own.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; papers are only added."""
    op.create_table(
        "alert_paper",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("alert_id", sa.Uuid, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "alert_id", "sha256", "added_by", name="uq_alert_paper_alert_id_sha256_added_by"
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_alert_paper_alert_id"),
    )
    kit_tables.append_only(op, "alert_paper")


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("alert_paper")
