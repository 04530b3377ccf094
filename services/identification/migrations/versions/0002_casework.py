"""Casework: cases, the people they are about, what was done, their papers, their postings.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = ("posting", "case_document", "case_act", "case_person", "case_file")

# Names stand in clear here too, so only the runtime role sees the rows.
HIDE_NAMES = """
    DO $$
    DECLARE
        runtime text := regexp_replace(current_user, '_owner$', '');
        hidden text;
    BEGIN
        FOREACH hidden IN ARRAY ARRAY['case_file', 'case_person'] LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', hidden);
            EXECUTE format('CREATE POLICY runtime_only ON %I TO %I USING (true)', hidden, runtime);
        END LOOP;
    END $$
"""


def _county() -> "sa.Column[str]":
    return sa.Column("county", sa.String(6), nullable=False)


def _case() -> "tuple[sa.Column[object], sa.Column[object]]":
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("case_id", sa.Uuid, nullable=False),
    )


def _texts(*names: str) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case_file",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        *_texts("receipt", "category", "state"),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("village", sa.String(12), nullable=False),
        *_texts("channel", "head_name"),
        sa.Column("household_id", sa.Uuid, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        *_texts("opened_by"),
        sa.Column("accepted_on", sa.Date, nullable=True),
        sa.Column("state_since", sa.Date, nullable=False),
        sa.Column("state_due_on", sa.Date, nullable=True),
        sa.Column("due_on", sa.Date, nullable=True),
        sa.Column("stopped_on", sa.Date, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        *_texts("content_sealed"),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
        sa.UniqueConstraint("county", "receipt", name="uq_case_file_county_receipt"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_case_file_household_id"
        ),
    )
    op.create_index("ix_case_file_state_village", "case_file", ["state", "village"])
    op.create_index("ix_case_file_due_on", "case_file", ["due_on"])
    op.create_index("ix_case_file_household_id", "case_file", ["household_id"])
    op.create_table(
        "case_person",
        _county(),
        *_case(),
        *_texts("person_key", "role", "name", "name_sort"),
        sa.Column("id_index", sa.LargeBinary, nullable=True),
        sa.Column("person_id", sa.Uuid, nullable=True),
        sa.UniqueConstraint("case_id", "person_key", name="uq_case_person_case_id_person_key"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_person_case_id"),
    )
    op.create_index("ix_case_person_id_index", "case_person", ["id_index"])
    op.create_index("ix_case_person_name", "case_person", ["name"])
    op.create_index(
        "ix_case_person_name_sort",
        "case_person",
        ["name_sort"],
        postgresql_ops={"name_sort": "text_pattern_ops"},
    )
    op.create_table(
        "case_act",
        _county(),
        *_case(),
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("act", "from_state", "to_state", "actor", "person"),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        *_texts("words_sealed"),
        sa.UniqueConstraint("case_id", "number", name="uq_case_act_case_id_number"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_act_case_id"),
    )
    op.create_table(
        "case_document",
        _county(),
        *_case(),
        *_texts("kind"),
        sa.Column("of_person", sa.Text, nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        *_texts("media_type"),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        *_texts("added_by"),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("replaced_by", sa.Uuid, nullable=True),
        sa.UniqueConstraint(
            "case_id", "sha256", "kind", name="uq_case_document_case_id_sha256_kind"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_document_case_id"),
    )
    op.create_index("ix_case_document_case_id_kind", "case_document", ["case_id", "kind"])
    op.create_table(
        "posting",
        _county(),
        *_case(),
        *_texts("stage"),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        *_texts("shown_sealed"),
        sa.Column("photo_id", sa.Uuid, nullable=True),
        sa.Column("taken_down_on", sa.Date, nullable=True),
        sa.UniqueConstraint("case_id", "round", "stage", name="uq_posting_case_id_round_stage"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_posting_case_id"),
    )
    op.create_index("ix_posting_village_first_day", "posting", ["village", "first_day"])
    kit_tables.append_only(op, "case_act")
    kit_tables.append_only(op, "case_document", columns=("replaced_by",))
    kit_tables.append_only(op, "posting", columns=("taken_down_on",))
    op.execute(HIDE_NAMES)


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
