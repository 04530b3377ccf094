"""Registers: entries, what was done to them, and the series of their numbers.

Safe while older code runs: only new tables.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _county() -> "sa.Column[str]":
    return sa.Column("county", sa.String(6), nullable=False)


def _texts(*names: str) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _maybe(kind: "type[sa.Text | sa.Date | sa.LargeBinary]", *names: str) -> "list[Any]":
    return [sa.Column(name, kind, nullable=True) for name in names]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "register_entry",
        _county(),
        sa.Column("id", sa.Uuid, primary_key=True),
        *_texts("kind", "number", "state"),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("area", sa.String(12), nullable=False),
        *_texts("about_kind", "opened_by", "last_act", "content_sealed"),
        *_maybe(sa.Text, "about", "owner"),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("state_since", sa.Date, nullable=False),
        *_maybe(sa.Date, "state_due_on", "due_on", "stopped_on", "closed_on", "public_since"),
        sa.Column("closed_at", INSTANT, nullable=True),
        *_maybe(sa.LargeBinary, "only_key", "code_index"),
        sa.Column("against", sa.ARRAY(sa.Text), nullable=False),
        sa.UniqueConstraint("county", "number", name="uq_register_entry_county_number"),
        sa.UniqueConstraint("county", "kind", "only_key", name="uq_register_entry_only_key"),
    )
    op.create_index(
        "ix_register_entry_kind_state_area", "register_entry", ["kind", "state", "area"]
    )
    op.create_index("ix_register_entry_about", "register_entry", ["about"])
    op.create_table(
        "register_act",
        _county(),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("act", "from_state", "to_state", "actor", "person", "words_sealed"),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.UniqueConstraint("entry_id", "number", name="uq_register_act_entry_id_number"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name="fk_register_act_entry_id"
        ),
    )
    op.create_table(
        "register_series",
        _county(),
        sa.Column("id", sa.Uuid, primary_key=True),
        *_texts("series"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "county", "series", "year", name="uq_register_series_county_series_year"
        ),
    )
    kit_tables.append_only(op, "register_act")


def downgrade() -> None:
    """Take them away again."""
    for table in ("register_series", "register_act", "register_entry"):
        op.drop_table(table)
