"""What is owed back, and what of it has come.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recovery",
        sa.Column("recovery_id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("recovery_id", name="pk_recovery"),
        sa.CheckConstraint("amount_fen >= 0", name="ck_recovery_amount"),
    )
    kit_tables.append_only(op, "recovery", columns=("number", "amount_fen", "heard_at"))
    op.create_table(
        "recovery_receipt",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("recovery_id", sa.Uuid, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("voucher", sa.Text, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_receipt"),
        sa.ForeignKeyConstraint(
            ["recovery_id"],
            ["recovery.recovery_id"],
            name="fk_recovery_receipt_recovery_id_recovery",
        ),
        sa.UniqueConstraint(
            "recovery_id", "voucher", name="uq_recovery_receipt_recovery_id_voucher"
        ),
        sa.CheckConstraint("amount_fen <> 0", name="ck_recovery_receipt_amount"),
    )
    op.create_index("ix_recovery_receipt_received_on", "recovery_receipt", ["received_on"])
    kit_tables.append_only(op, "recovery_receipt")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("recovery_receipt")
    op.drop_table("recovery")
