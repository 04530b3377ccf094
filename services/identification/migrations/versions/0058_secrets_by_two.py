"""Who is kept secret is looked at by another, and stays so where their case is written otherwise.

Safe while older code runs: a new table. What was kept secret before and is open waits for another.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

LOOKED_AT_BY_NOBODY = """
UPDATE case_file SET choice_waits = true WHERE closed_at IS NULL AND id IN (
    SELECT kept.case_id FROM case_act AS kept
    WHERE kept.act = 'keep-secret' AND NOT EXISTS (
        SELECT 1 FROM case_act AS later
        WHERE later.case_id = kept.case_id AND later.number > kept.number
              AND later.act = 'skip-posting' AND later.person <> kept.person
    )
)
"""


def upgrade() -> None:
    """The table, and what waits already."""
    op.create_table(
        "secret_person",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("kept_number", sa.Integer, nullable=False),
        sa.Column("name_sort", sa.Text, nullable=False),
        sa.Column("id_index", sa.LargeBinary, nullable=False),
        sa.Column("content_sealed", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_secret_person_case_id_case_file")
        ),
        sa.UniqueConstraint(
            "case_id", "kept_number", "id_index",
            name=op.f("uq_secret_person_case_id_kept_number_id_index"),
        ),
    )  # fmt: skip
    kit_tables.append_only(op, "secret_person")
    op.execute(LOOKED_AT_BY_NOBODY)


def downgrade() -> None:
    """Without it."""
    op.drop_table("secret_person")
