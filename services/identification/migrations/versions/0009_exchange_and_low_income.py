"""The exchange with the province, and the low-income database.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared import kit_tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = (
    "low_income_listed",
    "low_income_entry",
    "low_income_filing",
    "low_income_person",
    "provincial_number",
    "exchange_item",
    "exchange_file",
)

# Names stand in clear here too, so only the runtime role sees the rows.
HIDE_NAMES = """
    DO $$
    DECLARE runtime text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        ALTER TABLE low_income_person ENABLE ROW LEVEL SECURITY;
        EXECUTE format(
            'CREATE POLICY runtime_only ON low_income_person TO %I USING (true)', runtime
        );
    END $$
"""


def _county() -> "sa.Column[str]":
    return sa.Column("county", sa.String(6), nullable=False)


def _id() -> "sa.Column[object]":
    return sa.Column("id", sa.Uuid, primary_key=True)


def _texts(*names: str, nullable: bool = False) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"))


def upgrade() -> None:
    """Make the tables."""
    _exchange()
    _low_income()
    op.execute(HIDE_NAMES)
    ended = ("until", "ended_at", "ended_by", "ended_because", "end_reason_sealed", "filing_id")
    kit_tables.append_only(op, "low_income_entry", columns=ended)
    kit_tables.append_only(op, "low_income_listed")
    kit_tables.append_only(op, "low_income_filing")


def _exchange() -> None:
    op.create_table(
        "exchange_file",
        _county(),
        _id(),
        *_texts("template"),
        sa.Column("direction", sa.String(3), nullable=False),
        *_texts("state"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        *_texts("form"),
        _count("rows"),
        _count("rows_bad"),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("faults", JSONB, nullable=False),
        *_texts("by"),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index(
        "uq_exchange_file_in",
        "exchange_file",
        ["county", "template", "sha256"],
        unique=True,
        postgresql_where=sa.text("direction = 'in'"),
    )
    op.create_index("ix_exchange_file_template_at", "exchange_file", ["template", "at"])
    op.create_table(
        "exchange_item",
        _county(),
        _id(),
        *_texts("template", "key"),
        sa.Column("file_id", sa.Uuid, nullable=True),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("person_id", sa.Uuid, nullable=True),
        sa.Column("village", sa.String(12), nullable=False),
        *_texts("owner", "kind", "asked_by"),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("answered_on", sa.Date, nullable=True),
        *_texts("answered_by", "outcome", nullable=True),
        sa.Column("answer_file_id", sa.Uuid, nullable=True),
        sa.Column("content_index", sa.LargeBinary, nullable=False),
        *_texts("content_sealed"),
        *_texts("answer_sealed", nullable=True),
        sa.UniqueConstraint(
            "county", "template", "key", name="uq_exchange_item_county_template_key"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["exchange_file.id"], name="fk_exchange_item_file_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_exchange_item_case_id"),
    )
    op.create_index("ix_exchange_item_case_id", "exchange_item", ["case_id"])
    op.create_index("ix_exchange_item_template_village", "exchange_item", ["template", "village"])
    op.create_index("ix_exchange_item_file_id", "exchange_item", ["file_id"])
    op.create_index(
        "uq_exchange_item_open_case",
        "exchange_item",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("case_id IS NOT NULL AND answered_on IS NULL"),
    )
    op.create_table(
        "provincial_number",
        _county(),
        _id(),
        *_texts("kind"),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        *_texts("number"),
        sa.Column("learned_at", INSTANT, nullable=False),
        sa.UniqueConstraint(
            "county", "kind", "number", name="uq_provincial_number_county_kind_number"
        ),
        sa.UniqueConstraint("kind", "subject_id", name="uq_provincial_number_kind_subject_id"),
    )


def _low_income() -> None:
    op.create_table(
        "low_income_person",
        _county(),
        _id(),
        *_texts("name", "name_sort"),
        sa.Column("id_index", sa.LargeBinary, nullable=False),
        *_texts("content_sealed"),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("registration", sa.SmallInteger, nullable=False),
        sa.Column("entered_on", sa.Date, nullable=False),
        sa.UniqueConstraint("county", "id_index", name="uq_low_income_person_county_id_index"),
    )
    op.create_index("ix_low_income_person_village", "low_income_person", ["village"])
    op.create_index("ix_low_income_person_name", "low_income_person", ["name"])
    op.create_index(
        "ix_low_income_person_name_sort",
        "low_income_person",
        ["name_sort"],
        postgresql_ops={"name_sort": "text_pattern_ops"},
    )
    op.create_table(
        "low_income_entry",
        _county(),
        _id(),
        sa.Column("holder_id", sa.Uuid, nullable=False),
        *_texts("group_name", "source"),
        sa.Column("source_id", sa.Uuid, nullable=True),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("learned_at", INSTANT, nullable=False),
        *_texts("learned_by"),
        *_texts("reason_sealed", nullable=True),
        sa.Column("valid_until", sa.Date, nullable=True),
        sa.Column("until", sa.Date, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_texts("ended_by", "ended_because", "end_reason_sealed", nullable=True),
        sa.Column("filing_id", sa.Uuid, nullable=True),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["low_income_person.id"], name="fk_low_income_entry_holder_id"
        ),
    )
    op.create_index(
        "uq_low_income_entry_current",
        "low_income_entry",
        ["holder_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index("ix_low_income_entry_holder_id", "low_income_entry", ["holder_id"])
    op.create_index(
        "ix_low_income_entry_group",
        "low_income_entry",
        ["group_name"],
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index("ix_low_income_entry_filing_id", "low_income_entry", ["filing_id"])
    op.create_table(
        "low_income_listed",
        _county(),
        _id(),
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.Column("holder_id", sa.Uuid, nullable=False),
        *_texts("group_name"),
        sa.UniqueConstraint("file_id", "holder_id", name="uq_low_income_listed_file_id_holder_id"),
        sa.ForeignKeyConstraint(
            ["file_id"], ["exchange_file.id"], name="fk_low_income_listed_file_id"
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["low_income_person.id"], name="fk_low_income_listed_holder_id"
        ),
    )
    op.create_index("ix_low_income_listed_holder_id", "low_income_listed", ["holder_id"])
    op.create_table(
        "low_income_filing",
        _county(),
        _id(),
        sa.Column("town", sa.String(9), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("filed_on", sa.Date, nullable=False),
        sa.Column("filed_at", INSTANT, nullable=False),
        *_texts("filed_by"),
        _count("entries"),
        sa.Column("late", sa.Boolean, nullable=False),
    )
    op.create_index("ix_low_income_filing_town_year", "low_income_filing", ["town", "year"])


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
