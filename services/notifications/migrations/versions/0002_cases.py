"""Messages about cases: which case, its receipt, and the day by which something is due.

Safe while older code runs: columns that may be empty, and a check that lets more pass.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a message be about a case."""
    op.add_column("message", sa.Column("case_id", sa.Uuid, nullable=True))
    op.add_column("message", sa.Column("receipt", sa.Text, nullable=True))
    op.add_column("message", sa.Column("by_day", sa.Date, nullable=True))
    _check("template = 'code' OR line_id IS NOT NULL OR case_id IS NOT NULL", "has_its_subject")
    op.drop_constraint(op.f("ck_message_has_its_line"), "message", type_="check")


def downgrade() -> None:
    """Forget them."""
    op.execute(
        "DELETE FROM delivery USING message WHERE message.id = message_id AND case_id IS NOT NULL"
    )
    op.execute("DELETE FROM message WHERE case_id IS NOT NULL")
    _check("template = 'code' OR line_id IS NOT NULL", "has_its_line")
    op.drop_constraint(op.f("ck_message_has_its_subject"), "message", type_="check")
    for name in ("by_day", "receipt", "case_id"):
        op.drop_column("message", name)


def _check(holds: str, name: str) -> None:
    op.create_check_constraint(op.f(f"ck_message_{name}"), "message", holds)
