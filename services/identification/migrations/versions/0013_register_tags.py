"""Entries of registers are found by words under a key; an act says when it happened.

Safe while older code runs: a new table, and a new column that may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, add the column."""
    op.create_table(
        "register_tag",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("word_index", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint(
            "entry_id", "name", "word_index", name="uq_register_tag_entry_id_name_word_index"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name="fk_register_tag_entry_id_register_entry"
        ),
    )
    op.create_index("ix_register_tag_word_index", "register_tag", ["word_index"])
    op.add_column("register_act", sa.Column("happened_on", sa.Date, nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("register_act", "happened_on")
    op.drop_table("register_tag")
