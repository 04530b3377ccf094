"""Papers of register entries, and an index by which the newest entries of a register are listed.

Safe while older code runs: a new table and an index.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "register_paper",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("entry_id", "sha256", name="uq_register_paper_entry_id_sha256"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name="fk_register_paper_entry_id"
        ),
    )
    kit_tables.append_only(op, "register_paper")
    op.create_index("ix_register_entry_kind_id", "register_entry", ["kind", "id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_register_entry_kind_id", "register_entry")
    op.drop_table("register_paper")
