"""Who brought a list, by the person and not the account alone: another one accepts a long one.

Safe while older code runs: the column may be empty, and where it is the account counts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("people_list", sa.Column("brought_person", sa.Text, nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("people_list", "brought_person")
