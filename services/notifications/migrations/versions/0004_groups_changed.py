"""Messages that tell of a low-income group: by which request somebody came into it or left it.

Safe while older code runs: a column that may be empty, and a check that lets more pass.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = "template = 'code' OR line_id IS NOT NULL OR case_id IS NOT NULL OR alert_id IS NOT NULL"


def upgrade() -> None:
    """Let a message be about a request."""
    op.add_column("message", sa.Column("request_id", sa.Uuid, nullable=True))
    _check(f"{BEFORE} OR request_id IS NOT NULL")


def downgrade() -> None:
    """Forget them."""
    op.execute(
        "DELETE FROM delivery USING message"
        " WHERE message.id = message_id AND request_id IS NOT NULL"
    )
    op.execute("DELETE FROM message WHERE request_id IS NOT NULL")
    _check(BEFORE)
    op.drop_column("message", "request_id")


def _check(holds: str) -> None:
    name = op.f("ck_message_has_its_subject")
    op.drop_constraint(name, "message", type_="check")
    op.create_check_constraint(name, "message", holds)
