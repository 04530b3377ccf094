"""What a round found is signed by accounts or on a form; an act says by which right it was done.

Safe while older code runs: new tables, and columns that may be empty. What was found before counts
as signed on the day of its visit.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FOUND = ("sampled", "finding", "visited_on", "found_by", "found_sealed")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and add the columns."""
    op.add_column("case_act", sa.Column("scopes", sa.ARRAY(sa.Text), nullable=True))
    op.add_column("case_act", sa.Column("areas", sa.ARRAY(sa.Text), nullable=True))
    op.add_column(
        "campaign_household",
        sa.Column("finding_number", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.add_column("campaign_household", sa.Column("signed_on", sa.Date, nullable=True))
    op.execute(
        "UPDATE campaign_household SET finding_number = 1, signed_on = visited_on"
        " WHERE finding IS NOT NULL"
    )
    columns = (*FOUND, "finding_number", "signed_on")
    kit_tables.append_only(op, "campaign_household", columns=columns)
    op.create_table(
        "campaign_paper",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["campaign_household.id"], name="fk_campaign_paper_household_id"
        ),
    )
    op.create_index("ix_campaign_paper_household_id", "campaign_paper", ["household_id"])
    op.create_table(
        "campaign_signature",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("paper_id", sa.Uuid, nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"], ["campaign_household.id"], name="fk_campaign_signature_household_id"
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["campaign_paper.id"], name="fk_campaign_signature_paper_id"
        ),
        sa.UniqueConstraint(
            "household_id",
            "number",
            "person",
            name="uq_campaign_signature_household_id_number_person",
        ),
    )
    op.create_index("ix_campaign_signature_signed_on", "campaign_signature", ["signed_on"])
    for table in ("campaign_paper", "campaign_signature"):
        kit_tables.append_only(op, table)


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("campaign_signature")
    op.drop_table("campaign_paper")
    op.drop_column("campaign_household", "signed_on")
    op.drop_column("campaign_household", "finding_number")
    kit_tables.append_only(op, "campaign_household", columns=FOUND)
    op.drop_column("case_act", "areas")
    op.drop_column("case_act", "scopes")
