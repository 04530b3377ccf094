"""The number of a case's review form, village by village in a year.

Safe while older code runs: only new columns that may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UNIQUE = "uq_case_file_village_form_year_form_number"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("case_file", sa.Column("form_year", sa.Integer, nullable=True))
    op.add_column("case_file", sa.Column("form_number", sa.Integer, nullable=True))
    op.create_unique_constraint(UNIQUE, "case_file", ["village", "form_year", "form_number"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_constraint(UNIQUE, "case_file")
    op.drop_column("case_file", "form_number")
    op.drop_column("case_file", "form_year")
