"""A list that has not changed comes again as a delivery of a newer day.

Safe while older code runs: it finds the same bytes of another day no more, and takes them as new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_KEPT = sa.text("status <> 'refused'")
_SAME = ("county", "feed", "month", "file_sha256")


def upgrade() -> None:
    """The same bytes are known by their day too."""
    op.add_column("feed_delivery", sa.Column("same_as", sa.Uuid))
    op.drop_index("uq_feed_delivery_same", "feed_delivery")
    op.create_index(
        "uq_feed_delivery_same",
        "feed_delivery",
        [*_SAME, "as_of"],
        unique=True,
        postgresql_where=_KEPT,
    )


def downgrade() -> None:
    """Of lists that came again unchanged, the first one counts as the only one."""
    op.execute("UPDATE feed_delivery SET status = 'refused' WHERE same_as IS NOT NULL")
    op.drop_index("uq_feed_delivery_same", "feed_delivery")
    op.create_index(
        "uq_feed_delivery_same", "feed_delivery", _SAME, unique=True, postgresql_where=_KEPT
    )
    op.drop_column("feed_delivery", "same_as")
