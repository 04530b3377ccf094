"""A list that its agency delivered itself is known from one that staff brought.

Safe while older code runs: what it writes down counts as brought.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Programs of agencies have always been called so."""
    op.add_column(
        "feed_delivery",
        sa.Column("from_agency", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE feed_delivery SET from_agency = true WHERE received_by LIKE 'client:%'")


def downgrade() -> None:
    """Of a month's lists the newest counts, whoever brought it."""
    op.drop_column("feed_delivery", "from_agency")
