"""Deaths that payments was told of.

Safe while older code runs: it does not know the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "person_death",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("died_on", sa.Date, nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_person_death"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("person_death")
