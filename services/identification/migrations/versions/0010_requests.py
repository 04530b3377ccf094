"""One door: a request under its receipt, and its parts.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "request",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("head_name", sa.Text, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_sealed", sa.Text, nullable=False),
        sa.UniqueConstraint("county", "receipt", name="uq_request_county_receipt"),
    )
    op.create_index("ix_request_village_received_at", "request", ["village", "received_at"])
    op.create_table(
        "request_part",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("entry_id", sa.Uuid, nullable=True),
        sa.Column("matter", sa.Text, nullable=True),
        sa.Column("was_open", sa.Boolean, nullable=False),
        sa.UniqueConstraint("request_id", "number", name="uq_request_part_request_id_number"),
        sa.CheckConstraint(
            "(case_id IS NULL) <> (entry_id IS NULL)", name="ck_request_part_one_of_two"
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_part_request_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_request_part_case_id"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name="fk_request_part_entry_id"
        ),
    )
    op.create_index("ix_request_part_case_id", "request_part", ["case_id"])
    for table in ("request", "request_part"):
        kit_tables.append_only(op, table)


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("request_part")
    op.drop_table("request")
