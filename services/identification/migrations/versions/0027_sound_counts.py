"""What a list came to adds up.

Safe while older code runs: it reckons what is only there from the other two, and is refused only
where it would write what cannot be. A row of before that counted somebody twice, and so had fewer
than no entries only there, has them all matched.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Insist on it."""
    op.execute(
        "UPDATE comparison_feed SET entries_matched = entries, entries_only_there = 0"
        " WHERE entries_only_there < 0"
    )
    op.create_check_constraint(
        "ck_comparison_feed_adds_up",
        "comparison_feed",
        "entries = entries_matched + entries_only_there AND entries_matched >= 0"
        " AND entries_only_there >= 0 AND people_matched >= 0 AND people_only_here >= 0",
    )


def downgrade() -> None:
    """Insist no longer."""
    op.drop_constraint("ck_comparison_feed_adds_up", "comparison_feed")
