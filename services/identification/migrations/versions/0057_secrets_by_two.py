"""Who is kept secret is looked at by another, and stays so where their case is written otherwise.

Safe while older code runs: a new table, and a column that may be empty. What was kept secret before
is looked at within ten days.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

LOOKED_AT_BY_NOBODY = """
UPDATE case_file SET second_look_by = CURRENT_DATE + 10 WHERE id IN (
    SELECT kept.case_id FROM case_act AS kept
    WHERE kept.act = 'keep-secret' AND NOT EXISTS (
        SELECT 1 FROM case_act AS later
        WHERE later.case_id = kept.case_id AND later.number > kept.number
              AND later.act = 'skip-posting' AND later.person <> kept.person
    )
)
"""


def upgrade() -> None:
    """The table, by when another looks at it, and what waits already."""
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
    op.add_column("case_file", sa.Column("second_look_by", sa.Date, nullable=True))
    op.create_index(
        "ix_case_file_second_look",
        "case_file",
        ["village"],
        postgresql_where=sa.text("second_look_by IS NOT NULL"),
    )
    op.execute(LOOKED_AT_BY_NOBODY)


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_case_file_second_look", "case_file")
    op.drop_column("case_file", "second_look_by")
    op.drop_table("secret_person")
