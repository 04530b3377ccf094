"""What is to be paid back, as a person decided it.

Safe while older code runs: only a new table.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "recovery_decision",
        sa.Column("recovery_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("paper", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("told_on", sa.Date, nullable=True),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("recovery_id", "number", name="pk_recovery_decision"),
        sa.ForeignKeyConstraint(
            ["recovery_id"],
            ["proposed_recovery.recovery_id"],
            name="fk_recovery_decision_recovery_id_proposed_recovery",
        ),
        sa.CheckConstraint("amount_fen >= 0", name="ck_recovery_decision_amount"),
        sa.CheckConstraint("number > 0", name="ck_recovery_decision_number"),
    )
    kit_tables.append_only(op, "recovery_decision")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("recovery_decision")
