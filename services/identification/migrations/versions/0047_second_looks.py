"""Whom chance picked from a round is looked at once more, and who chose where it was otherwise.

Safe while older code runs: a new table.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "campaign_check",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("of_finding", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("visited_on", sa.Date, nullable=True),
        sa.Column("note_sealed", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["campaign_household.id"], name="fk_campaign_check_household_id"
        ),
        sa.UniqueConstraint(
            "household_id",
            "number",
            "act",
            name="uq_campaign_check_household_id_number_act",
        ),
    )
    kit_tables.append_only(op, "campaign_check")


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("campaign_check")
