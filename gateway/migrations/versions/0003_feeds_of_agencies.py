"""Which lists an agency's client delivers.

Safe while older code runs: a column with a default.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("client", sa.Column("feeds", ARRAY(sa.Text), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("client", "feeds")
