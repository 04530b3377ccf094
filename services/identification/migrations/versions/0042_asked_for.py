"""A case says whom it is asked for: everybody of a household, or the one whose grant it is.

Safe while older code runs: it does not read the column. Whoever it writes down meanwhile has no
second application turned away until their case is written again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The new column; of what is a person's it was asked for whoever applies until now."""
    op.add_column(
        "case_person",
        sa.Column("asked_for", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute(
        """
        UPDATE case_person SET asked_for = true FROM case_file
        WHERE case_file.id = case_person.case_id AND case_person.role IN ('applicant', 'member')
            AND (case_person.role = 'applicant' OR case_file.category NOT IN
                ('tekun', 'disability', 'old-age', 'children', 'single-person'))
        """
    )


def downgrade() -> None:
    """Without it."""
    op.drop_column("case_person", "asked_for")
