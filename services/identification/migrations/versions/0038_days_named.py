"""The county names working days, and what was counted by them moves.

Safe while older code runs: it counts by the nation's calendar, and a question it takes meanwhile is
taken as counted. Of questions that were there, those of the province keep their day.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared import kit_tables

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables that are only added to, and whether a question's day was said."""
    days = postgresql.ARRAY(sa.Date)
    op.create_table(
        "day_naming",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("named_by", sa.Text, nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(f"{each}_days", days, nullable=False) for each in ("free", "worked", "usual")),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("workdays", days, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_naming")),
        sa.UniqueConstraint("county", "number", name=op.f("uq_day_naming_county_number")),
    )
    op.create_table(
        "clock_move",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("naming_id", sa.Uuid, nullable=False),
        sa.Column("about_id", sa.Uuid, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("was_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("naming_id", "about_id", "clock", name=op.f("pk_clock_move")),
        sa.ForeignKeyConstraint(
            ["naming_id"], ["day_naming.id"], name=op.f("fk_clock_move_naming_id_day_naming")
        ),
    )
    op.create_index("ix_clock_move_about_id", "clock_move", ["about_id"])
    for table in ("day_naming", "clock_move"):
        kit_tables.append_only(op, table)
    said = sa.Column("due_said", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("exchange_item", said)
    op.execute("UPDATE exchange_item SET due_said = true WHERE asked_by = 'province'")


def downgrade() -> None:
    """Without them."""
    op.drop_column("exchange_item", "due_said")
    op.drop_table("clock_move")
    op.drop_table("day_naming")
