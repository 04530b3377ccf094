"""A case says itself whether somebody has to choose between its visits; queues read no acts for it.

Safe while older code runs: it reads the acts. What they say is sealed, so each case that may wait
counts as waiting until it is next visited, checked or chosen of.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

COUNTED_BY = ["category", "due_on", "state_due_on", "stopped_on", "opened_by", "id", "county"]
MAY_WAIT = """
UPDATE case_file SET choice_waits = true WHERE closed_at IS NULL AND id IN (
    SELECT case_id FROM case_act GROUP BY case_id
    HAVING count(*) FILTER (WHERE act IN ('survey', 'survey-late')) > 1
           AND max(number) FILTER (WHERE act IN ('survey', 'survey-late')) > coalesce(
               max(number) FILTER (WHERE act IN ('choose-survey', 'choose-late-survey')), 0)
        OR max(number) FILTER (WHERE act IN ('spot-check', 'home-check')) > coalesce(
               max(number) FILTER (WHERE act IN ('weigh-spot-check', 'weigh-home-check')), 0)
)
"""


def upgrade() -> None:
    """The column, what it said so far, and the index that has it."""
    op.add_column(
        "case_file",
        sa.Column("choice_waits", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute(MAY_WAIT)
    _index([*COUNTED_BY, "choice_waits"])


def downgrade() -> None:
    """Without it."""
    _index(COUNTED_BY)
    op.drop_column("case_file", "choice_waits")


def _index(columns: list[str]) -> None:
    op.drop_index("ix_case_file_state_village", "case_file")
    op.create_index(
        "ix_case_file_state_village",
        "case_file",
        ["state", "village"],
        postgresql_include=columns,
    )
