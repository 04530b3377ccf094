"""A township's reserve is filled up again by what verified cases were advanced.

Safe while older code runs: a new table, and one act more.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_VOUCHER = "uq_reserve_move_county_town_voucher"


def upgrade() -> None:
    """Make the table; let one voucher fill up for many cases."""
    op.create_table(
        "verified_advance",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_verified_advance"),
        sa.UniqueConstraint("county", "case_id", name="uq_verified_advance_county_case_id"),
    )
    kit_tables.append_only(op, "verified_advance")
    op.drop_constraint("ck_reserve_move_act", "reserve_move")
    op.create_check_constraint(
        "ck_reserve_move_act",
        "reserve_move",
        "act IN ('received', 'advanced', 'came-back', 'replenished')",
    )
    op.drop_constraint(_VOUCHER, "reserve_move")
    op.create_index(
        _VOUCHER,
        "reserve_move",
        ["county", "town", "voucher"],
        unique=True,
        postgresql_where=sa.text("act <> 'replenished'"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index(_VOUCHER, "reserve_move")
    op.create_unique_constraint(_VOUCHER, "reserve_move", ["county", "town", "voucher"])
    op.drop_constraint("ck_reserve_move_act", "reserve_move")
    op.create_check_constraint(
        "ck_reserve_move_act", "reserve_move", "act IN ('received', 'advanced', 'came-back')"
    )
    op.drop_table("verified_advance")
