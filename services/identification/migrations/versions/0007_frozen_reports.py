"""Reports frozen with the runs of their month, and the records they count.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = ("frozen_book", "frozen_report", "closed_run")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "closed_run",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("run_id", sa.Uuid, primary_key=True),
        sa.Column("family", sa.Text, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("lines_count", sa.Integer, nullable=False),
        sa.Column("total_fen", sa.BigInteger, nullable=False),
        sa.Column("list_sha256", sa.String(64), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
    )
    op.create_index("ix_closed_run_pay_month", "closed_run", ["pay_month"])
    op.create_table(
        "frozen_report",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("numbers", sa.JSON, nullable=False),
        sa.Column("numbers_sha256", sa.String(64), nullable=False),
        sa.Column("runs", sa.JSON, nullable=False),
        sa.Column("frozen_by", sa.Text, nullable=False),
        sa.Column("frozen_at", INSTANT, nullable=False),
        sa.UniqueConstraint(
            "county", "report", "period", name="uq_frozen_report_county_report_period"
        ),
    )
    op.create_table(
        "frozen_book",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("frozen_id", sa.Uuid, primary_key=True),
        sa.Column("book", sa.Text, primary_key=True),
        sa.Column("rows_sealed", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_id"], ["frozen_report.id"], name="fk_frozen_book_frozen_id"
        ),
    )
    for table in TABLES:
        kit_tables.append_only(op, table)


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
