"""A list that was brought counts before the agency's own once another person lets it.

Safe while older code runs: the columns may be empty, and it goes on choosing by the month.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_TEXTS = ("received_person", "accepted_by", "accepted_person", "accepted_because")


def upgrade() -> None:
    """Add who brought it, by the person, and who let it count, over which and why."""
    for name in _TEXTS:
        op.add_column("feed_delivery", sa.Column(name, sa.Text, nullable=True))
    op.add_column("feed_delivery", sa.Column("accepted_over", sa.Uuid, nullable=True))
    op.add_column("feed_delivery", sa.Column("accepted_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take them away."""
    for name in ("accepted_at", "accepted_over", *_TEXTS):
        op.drop_column("feed_delivery", name)
