"""Comparison: lists delivered by others, what they came to, and the alerts that were raised.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared import kit_tables

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _deliveries()
    _comparisons()
    _alerts()


def _deliveries() -> None:
    op.create_table(
        "feed_delivery",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("file_sha256", sa.Text, nullable=True),
        sa.Column("file_bytes", sa.BigInteger, nullable=False),
        _count("chunks"),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("refused_because", sa.Text, nullable=True),
        _count("rows"),
        _count("rows_kept"),
        _count("rows_rejected"),
        _count("entries"),
        sa.Column("key_fingerprint", sa.Text, nullable=True),
        sa.Column("keyed_sha256", sa.Text, nullable=True),
        sa.Column("upload_deleted_at", INSTANT, nullable=True),
        sa.UniqueConstraint(
            "county",
            "feed",
            "month",
            "file_sha256",
            name="uq_feed_delivery_county_feed_month_file_sha256",
        ),
        sa.CheckConstraint(
            "status IN ('open', 'received', 'kept', 'refused')", name="ck_feed_delivery_status"
        ),
    )
    op.create_index("ix_feed_delivery_feed_as_of", "feed_delivery", ["feed", "as_of"])
    op.create_table(
        "feed_reject",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("delivery_id", sa.Uuid, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("column", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["feed_delivery.id"], name="fk_feed_reject_delivery_id"
        ),
    )
    op.create_index("ix_feed_reject_delivery_id_row", "feed_reject", ["delivery_id", "row"])


def _comparisons() -> None:
    op.create_table(
        "comparison",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("refused_because", sa.Text, nullable=True),
        sa.Column("lists", JSONB, nullable=False),
        _count("people"),
        _count("alerts_found"),
        _count("alerts_new"),
        sa.Column("unjudged", JSONB, nullable=False),
        sa.Column("batches", JSONB, nullable=False),
        sa.Column("law_sha256", sa.Text, nullable=True),
        sa.UniqueConstraint("county", "month", name="uq_comparison_county_month"),
        sa.CheckConstraint(
            "status IN ('opened', 'peopled', 'compared', 'refused')", name="ck_comparison_status"
        ),
    )
    op.create_table(
        "comparison_feed",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("comparison_id", sa.Uuid, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("delivery_id", sa.Uuid, nullable=True),
        sa.Column("standing", sa.Text, nullable=False),
        _count("entries"),
        _count("entries_matched"),
        _count("entries_only_there"),
        _count("people_matched"),
        _count("people_only_here"),
        sa.UniqueConstraint(
            "comparison_id", "attempt", "feed", name="uq_comparison_feed_comparison_id_attempt_feed"
        ),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["comparison.id"], name="fk_comparison_feed_comparison_id"
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["feed_delivery.id"], name="fk_comparison_feed_delivery_id"
        ),
    )


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=True),
        sa.Column("household_id", sa.Uuid, nullable=True),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("identity", sa.BigInteger, nullable=False),
        sa.Column("weight", sa.Integer, nullable=False),
        sa.Column("comparison_id", sa.Uuid, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("facts_row", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        _count("version"),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("raised_on", sa.Date, nullable=False),
        sa.Column("state_since", sa.Date, nullable=False),
        sa.Column("state_due_on", sa.Date, nullable=True),
        sa.Column("due_on", sa.Date, nullable=True),
        sa.Column("stopped_on", sa.Date, nullable=True),
        sa.Column("assigned_to", sa.Text, nullable=True),
        sa.Column("outcome", sa.Text, nullable=True),
        sa.Column("days_taken", sa.Integer, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.UniqueConstraint(
            "county",
            "subject_id",
            "kind",
            "identity",
            name="uq_alert_county_subject_id_kind_identity",
        ),
    )
    op.create_index("ix_alert_state_village", "alert", ["state", "village"])
    op.create_index("ix_alert_comparison_id", "alert", ["comparison_id"])
    op.create_table(
        "alert_act",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("alert_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text, nullable=False),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.Column("done_on", sa.Date, nullable=False),
        sa.Column("words_sealed", sa.Text, nullable=False),
        sa.UniqueConstraint("alert_id", "number", name="uq_alert_act_alert_id_number"),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_alert_act_alert_id"),
    )
    kit_tables.append_only(op, "comparison_feed")
    kit_tables.append_only(op, "alert_act")


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"))


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "alert_act",
        "alert",
        "comparison_feed",
        "comparison",
        "feed_reject",
        "feed_delivery",
    ):
        op.drop_table(table)
