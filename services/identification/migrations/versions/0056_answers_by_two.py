"""An answer to the province that pays what is held is kept until another officer gives it too.

Safe while older code runs: what that answers is answered, and nothing waits for a second hand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

TABLE = "exchange_item"
COLUMNS = ("proposal_sealed", "proposed_by", "proposed_person")


def upgrade() -> None:
    """The new columns."""
    for name in COLUMNS:
        op.add_column(TABLE, sa.Column(name, sa.Text))


def downgrade() -> None:
    """Without them."""
    for name in COLUMNS:
        op.drop_column(TABLE, name)
