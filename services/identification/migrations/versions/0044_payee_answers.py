"""What payments answers of a payee whom a case decided is kept, the last answer of each.

Safe while older code runs: a table of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "payee_answer",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, primary_key=True),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("paid_meanwhile", sa.Boolean, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_payee_answer_case_id"),
    )
    op.create_index("ix_payee_answer_case_id", "payee_answer", ["case_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("payee_answer")
