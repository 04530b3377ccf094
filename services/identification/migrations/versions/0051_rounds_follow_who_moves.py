"""What a round has of a household is of the village it moves to.

Safe while older code runs: it changes the village of none.
"""

from alembic import op

from shared import kit_tables

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

FOUND = (
    "sampled", "finding", "visited_on", "found_by", "found_sealed", "finding_number", "signed_on",
)  # fmt: skip


def upgrade() -> None:
    """The village may be changed beside what was found."""
    kit_tables.append_only(op, "campaign_household", columns=(*FOUND, "village"))


def downgrade() -> None:
    """It may not."""
    kit_tables.append_only(op, "campaign_household", columns=FOUND)
