"""Alerts say of which things they were raised, and what they led to when they were acted on.

Safe while older code runs: it reads none of it. What an alert rests on that it raises meanwhile is
not said, so it may be raised once more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_TRACES = (("led_to", sa.Text), ("led_to_id", sa.Uuid), ("led_to_number", sa.Text))


def upgrade() -> None:
    """The new columns; what was raised before rests on the one thing it was known by."""
    things = postgresql.ARRAY(sa.BigInteger)
    op.add_column("alert", sa.Column("things", things, nullable=False, server_default="{}"))
    op.execute("UPDATE alert SET things = ARRAY[identity]")
    for name, kind in _TRACES:
        op.add_column("alert", sa.Column(name, kind))
    op.create_index("ix_alert_led_to_id", "alert", ["led_to_id"])


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_alert_led_to_id", "alert")
    for name, _ in reversed(_TRACES):
        op.drop_column("alert", name)
    op.drop_column("alert", "things")
