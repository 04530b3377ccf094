"""A round that was begun by mistake is called off, with the reason.

Safe while older code runs: only a new column, which it leaves empty.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

MOVED = ("frozen", "closed_at", "seed", "sample_percent")


def upgrade() -> None:
    """Where the reason is kept."""
    op.add_column("campaign_round", sa.Column("called_off", sa.Text()))
    kit_tables.append_only(op, "campaign_round", columns=(*MOVED, "called_off"))


def downgrade() -> None:
    """Without it."""
    op.drop_column("campaign_round", "called_off")
