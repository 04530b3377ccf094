"""Campaign rounds, and everybody each has to look at.

Safe while older code runs: only new tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared import kit_tables

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
HIDE_NAMES = """
    DO $$
    DECLARE runtime text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        ALTER TABLE campaign_household ENABLE ROW LEVEL SECURITY;
        EXECUTE format(
            'CREATE POLICY runtime_only ON campaign_household TO %I USING (true)', runtime
        );
    END $$
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "campaign_round",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("look_back", sa.Boolean, nullable=False),
        sa.Column("phases", JSONB, nullable=False),
        sa.Column("frozen", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("seed", sa.Text, nullable=True),
        sa.Column("sample_percent", sa.Integer, nullable=True),
    )
    op.create_table(
        "campaign_household",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("round_id", sa.Uuid, nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=True),
        sa.Column("case_id", sa.Uuid, nullable=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("head_name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=True),
        sa.Column("sampled", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("finding", sa.Text, nullable=True),
        sa.Column("visited_on", sa.Date, nullable=True),
        sa.Column("found_by", sa.Text, nullable=True),
        sa.Column("found_sealed", sa.Text, nullable=True),
        sa.UniqueConstraint("round_id", "serial", name="uq_campaign_household_round_id_serial"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["campaign_round.id"], name="fk_campaign_household_round_id"
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_campaign_household_household_id"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_campaign_household_case_id"
        ),
    )
    op.create_index(
        "ix_campaign_household_round_id_village", "campaign_household", ["round_id", "village"]
    )
    kit_tables.append_only(
        op, "campaign_round", columns=("frozen", "closed_at", "seed", "sample_percent")
    )
    kit_tables.append_only(
        op,
        "campaign_household",
        columns=("sampled", "finding", "visited_on", "found_by", "found_sealed"),
    )
    op.execute(HIDE_NAMES)


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("campaign_household")
    op.drop_table("campaign_round")
