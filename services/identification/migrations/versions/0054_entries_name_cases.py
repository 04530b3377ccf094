"""An entry says which case it led to, so that nobody takes a draft away that an entry names.

Safe while older code runs: it says it of no entry, and the channel of a lead keeps its drafts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The new column; what entries led to before is known by their words alone."""
    op.add_column("register_entry", sa.Column("led_to_id", sa.Uuid))
    op.create_index("ix_register_entry_led_to_id", "register_entry", ["led_to_id"])


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_register_entry_led_to_id", "register_entry")
    op.drop_column("register_entry", "led_to_id")
