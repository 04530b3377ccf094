"""A township's reserve: what it received, advanced and had back.

Safe while older code runs: only a new table.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reserve_move",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("town", sa.String(9), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("voucher", sa.Text, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reserve_move"),
        sa.UniqueConstraint(
            "county", "town", "voucher", name="uq_reserve_move_county_town_voucher"
        ),
        sa.UniqueConstraint("county", "case_id", "act", name="uq_reserve_move_county_case_id_act"),
        sa.CheckConstraint(
            "act IN ('received', 'advanced', 'came-back')", name="ck_reserve_move_act"
        ),
        sa.CheckConstraint("(case_id IS NULL) = (act = 'received')", name="ck_reserve_move_case"),
        sa.CheckConstraint(
            "amount_fen <> 0 AND (amount_fen < 0) = (act = 'advanced')", name="ck_reserve_move_way"
        ),
    )
    op.create_index("ix_reserve_move_town_pay_month", "reserve_move", ["town", "pay_month"])
    kit_tables.append_only(op, "reserve_move")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("reserve_move")
