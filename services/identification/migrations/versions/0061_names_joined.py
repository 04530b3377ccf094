"""Whoever is looked for by a name or its pinyin is found however it is written: with blanks, with
another middle dot, or with none.

Safe while older code runs: what it looks for it finds as before, more slowly until it is gone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

TABLES = ("person", "low_income_person", "case_person")
COLUMNS = {"name": "joined_name", "name_sort": "joined_pinyin"}
SKIPPED = " \u3000·•‧・.．∙⋅●ꞏ⸱᛫ᐧ"


def upgrade() -> None:
    """Each index, and then the one it stands for away."""
    for table in TABLES:
        for column, joined in COLUMNS.items():
            op.create_index(
                f"ix_{table}_{joined}",
                table,
                [sa.text(f"translate({column}, '{SKIPPED}', '')")],
                postgresql_include=[column, "case_id"] if table == "case_person" else None,
            )
        op.drop_index(f"ix_{table}_name_sort", table)
    op.drop_index("ix_person_name", "person")
    op.drop_index("ix_low_income_person_name", "low_income_person")
    op.drop_index("ix_case_person_name_case_id", "case_person")


def downgrade() -> None:
    """The earlier ones again."""
    op.create_index("ix_case_person_name_case_id", "case_person", ["name", "case_id"])
    op.create_index("ix_low_income_person_name", "low_income_person", ["name"])
    op.create_index("ix_person_name", "person", ["name"])
    for table in TABLES:
        op.create_index(
            f"ix_{table}_name_sort",
            table,
            ["name_sort"],
            postgresql_ops={"name_sort": "text_pattern_ops"},
        )
        for joined in COLUMNS.values():
            op.drop_index(f"ix_{table}_{joined}", table)
