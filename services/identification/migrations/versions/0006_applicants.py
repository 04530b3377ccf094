"""Applicants: whoever applies without being in the register, and the cases that are theirs.

Safe while older code runs: a new table, and a column that may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, and let a case name its applicant."""
    op.create_table(
        "applicant",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("id_index", sa.LargeBinary, nullable=False),
        sa.Column("phone_index", sa.LargeBinary, nullable=False),
        sa.Column("said_sealed", sa.Text, nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("proven_at", INSTANT, nullable=True),
        sa.Column("handed_on_at", INSTANT, nullable=True),
        sa.UniqueConstraint(
            "county", "id_index", "phone_index", name="uq_applicant_county_id_index_phone_index"
        ),
    )
    op.create_index(
        "ix_applicant_to_be_handed_on",
        "applicant",
        ["id"],
        postgresql_where=sa.text("handed_on_at IS NULL"),
    )
    op.add_column("case_file", sa.Column("applicant_id", sa.Uuid, nullable=True))
    op.create_foreign_key(
        "fk_case_file_applicant_id", "case_file", "applicant", ["applicant_id"], ["id"]
    )
    op.create_index("ix_case_file_applicant_id", "case_file", ["applicant_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("case_file", "applicant_id")
    op.drop_table("applicant")
