"""First tables: people, households, memberships, determinations, rosters.

Safe while older code runs: there is none.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

# Names stand in clear here, so only the runtime role sees the rows; a reading role sees none.
HIDE_NAMES = """
    DO $$
    DECLARE
        runtime text := regexp_replace(current_user, '_owner$', '');
        hidden text;
    BEGIN
        FOREACH hidden IN ARRAY ARRAY['person', 'holder'] LOOP
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', hidden);
            EXECUTE format('CREATE POLICY runtime_only ON %I TO %I USING (true)', hidden, runtime);
        END LOOP;
    END $$
"""


def _county() -> "sa.Column[str]":
    return sa.Column("county", sa.String(6), nullable=False)


def _counts(*names: str) -> "list[sa.Column[int]]":
    return [
        sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0")) for name in names
    ]


def upgrade() -> None:
    """Make the tables."""
    kit_tables.create(op)
    op.create_table(
        "person",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_sort", sa.Text, nullable=False),
        sa.Column("id_sealed", sa.Text, nullable=False),
        sa.Column("id_index", sa.LargeBinary, nullable=False),
        sa.Column("died_on", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("county", "id_index", name="uq_person_county_id_index"),
    )
    op.create_index("ix_person_name", "person", ["name"])
    op.create_index(
        "ix_person_name_sort",
        "person",
        ["name_sort"],
        postgresql_ops={"name_sort": "text_pattern_ops"},
    )
    op.create_table(
        "household",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("registration", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_household"),
        sa.UniqueConstraint("county", "number", name="uq_household_county_number"),
    )
    op.create_table(
        "membership",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("since", sa.String(7), nullable=False),
        sa.Column("until", sa.String(7), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_membership_household_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id"),
        sa.UniqueConstraint(
            "household_id", "person_id", "since", name="uq_membership_household_id_person_id_since"
        ),
    )
    op.create_index("ix_membership_person_id", "membership", ["person_id"])
    op.create_index(
        "uq_membership_open",
        "membership",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "holder",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number_sealed", sa.Text, nullable=False),
        sa.Column("number_index", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_holder"),
        sa.UniqueConstraint("county", "number_index", name="uq_holder_county_number_index"),
    )
    _make_rosters()
    op.create_table(
        "determination",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("import_id", sa.Uuid, nullable=True),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("until_month", sa.String(7), nullable=True),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("decision_number", sa.Text, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("content_index", sa.LargeBinary, nullable=False),
        sa.Column("content_sealed", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_determination"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_determination_household_id"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], name="fk_determination_import_id"
        ),
    )
    op.create_index("ix_determination_household_id_id", "determination", ["household_id", "id"])
    op.create_index("ix_determination_import_id_id", "determination", ["import_id", "id"])
    kit_tables.append_only(op, "determination")
    op.execute(HIDE_NAMES)


def _make_rosters() -> None:
    op.create_table(
        "roster_import",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("file_bytes", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("refused_because", sa.Text, nullable=True),
        sa.Column("waits_for", sa.Text, nullable=True),
        *_counts("rows", "people", "households", "rows_good", "rows_bad"),
        *_counts("chunks", "chunks_loaded", "chunks_handed", "determinations"),
        sa.Column("determinations_sha256", sa.Text, nullable=True),
        *_counts("deaths"),
        sa.Column("upload_deleted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_roster_import"),
        sa.UniqueConstraint("county", "file_sha256", name="uq_roster_import_county_file_sha256"),
        sa.CheckConstraint(
            "status IN ('received', 'importing', 'imported', 'refused')",
            name="ck_roster_import_status",
        ),
    )
    op.create_table(
        "roster_fault",
        _county(),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("column", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roster_fault"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], name="fk_roster_fault_import_id"
        ),
    )
    op.create_index("ix_roster_fault_import_id_row", "roster_fault", ["import_id", "row"])


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "determination", "roster_fault", "roster_import", "holder",
        "membership", "household", "person",
    ):  # fmt: skip
        op.drop_table(table)
    kit_tables.drop(op)
