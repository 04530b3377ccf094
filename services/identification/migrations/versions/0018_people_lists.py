"""Lists of people from schools and agencies, and what became of their rows.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared import kit_tables

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "people_list",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("opens", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("brought_by", sa.Text, nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "county",
            "sha256",
            "category",
            "opens",
            name="uq_people_list_county_sha256_category_opens",
        ),
    )
    op.create_table(
        "people_list_row",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("list_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("person_index", sa.LargeBinary, nullable=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("faults", JSONB, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("entry_id", sa.Uuid, nullable=True),
        sa.Column("content_sealed", sa.Text, nullable=False),
        sa.UniqueConstraint("list_id", "number", name="uq_people_list_row_list_id_number"),
        sa.CheckConstraint(
            "outcome IN ('faulty', 'waiting', 'opened', 'known')",
            name="ck_people_list_row_outcome",
        ),
        sa.ForeignKeyConstraint(["list_id"], ["people_list.id"], name="fk_people_list_row_list_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_people_list_row_case_id"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name="fk_people_list_row_entry_id"
        ),
    )
    op.create_index("ix_people_list_row_person_index", "people_list_row", ["person_index"])
    kit_tables.append_only(op, "people_list")
    kit_tables.append_only(op, "people_list_row", columns=("outcome", "case_id", "entry_id"))


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("people_list_row")
    op.drop_table("people_list")
