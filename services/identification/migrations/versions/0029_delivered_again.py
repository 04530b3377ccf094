"""A list that was refused may be delivered again as it was.

Safe while older code runs: it names the constraint that goes, so a file it takes in between is
refused with a fault, and taken when it is sent again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_SAME = ["county", "feed", "month", "file_sha256"]


def upgrade() -> None:
    """Keep once only what counts."""
    op.create_index(
        "uq_feed_delivery_same",
        "feed_delivery",
        _SAME,
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.drop_constraint("uq_feed_delivery_county_feed_month_file_sha256", "feed_delivery")


def downgrade() -> None:
    """Keep every file once, whatever became of it."""
    op.create_unique_constraint(
        "uq_feed_delivery_county_feed_month_file_sha256", "feed_delivery", _SAME
    )
    op.drop_index("uq_feed_delivery_same", "feed_delivery")
