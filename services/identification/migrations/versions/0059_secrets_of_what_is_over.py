"""What was said of a secret waits for another though the case is over; queues find it by an index.
And what waits is counted in the order of another, and a township has its own order of urgency.

Safe while older code runs: it asks no case that is over whether it waits, and counts more slowly.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

WAITS = """
UPDATE case_file SET choice_waits = NOT choice_waits
WHERE closed_at IS NOT NULL AND choice_waits <> (id IN (
    SELECT case_id FROM (
        SELECT case_id,
            max(number) FILTER (WHERE act = 'keep-secret') AS kept,
            max(number) FILTER (WHERE act = 'ask-end-secret') AS asked,
            max(number) FILTER (WHERE act = 'agree-secret') AS agreed,
            max(number) FILTER (WHERE act = 'skip-posting') AS skipped,
            max(number) FILTER (WHERE act = 'end-secret') AS ended
        FROM case_act GROUP BY case_id
    ) AS said
    WHERE kept > coalesce(ended, 0)
        AND greatest(kept, asked) > coalesce(agreed, 0)
        AND (asked > kept OR kept > coalesce(skipped, 0))
))
"""
COUNTED_BY = ["due_on", "state_due_on", "stopped_on", "choice_waits", "opened_by", "id", "county"]


def upgrade() -> None:
    """What waits already, and the indexes by which it is found and counted."""
    op.execute(WAITS)
    op.create_index(
        "ix_case_file_choice_waits",
        "case_file",
        ["village"],
        postgresql_where=sa.text("choice_waits"),
    )
    op.create_index(
        "ix_case_file_state_category_village",
        "case_file",
        ["state", "category", "village"],
        postgresql_include=COUNTED_BY,
    )
    op.drop_index("ix_case_file_state_village", "case_file")
    op.create_index(
        "ix_case_file_township_urgent_on_id",
        "case_file",
        [sa.text('"left"(village, 9)'), sa.text("LEAST(due_on, state_due_on)"), "id"],
    )


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_case_file_township_urgent_on_id", "case_file")
    op.create_index(
        "ix_case_file_state_village",
        "case_file",
        ["state", "village"],
        postgresql_include=["category", *COUNTED_BY],
    )
    op.drop_index("ix_case_file_state_category_village", "case_file")
    op.drop_index("ix_case_file_choice_waits", "case_file")
