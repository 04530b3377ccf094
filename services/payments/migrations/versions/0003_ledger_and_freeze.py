"""The ledger that always balances, the freeze of payouts, and proofs of months.

Safe while older code runs: there is none.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared import kit_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

# At commit an entry has all its postings and they come to nothing.
WHOLE_ENTRY = """
    CREATE FUNCTION refuse_half_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE postings bigint; balance bigint;
    BEGIN
        SELECT count(*), coalesce(sum(amount_fen), 0) INTO postings, balance
            FROM ledger_posting WHERE entry_number = NEW.number;
        IF postings = 0 OR postings <> NEW.postings_count OR balance <> 0 THEN
            RAISE EXCEPTION 'entry % has % postings that come to %', NEW.number, postings, balance
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    END $$
"""

# All postings of an entry come in one statement and balance there; none can be added afterwards,
# for then there would be more than the entry says.
BALANCED_POSTINGS = """
    CREATE FUNCTION refuse_unbalanced_postings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM (
                SELECT entry_number, sum(amount_fen) AS balance FROM fresh GROUP BY entry_number
            ) AS touched
            JOIN ledger_entry ON ledger_entry.number = touched.entry_number
            WHERE touched.balance <> 0 OR ledger_entry.postings_count <> (
                SELECT count(*) FROM ledger_posting
                WHERE ledger_posting.entry_number = touched.entry_number
            )
        ) THEN
            RAISE EXCEPTION 'postings do not balance, or their entry is written already'
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ledger_entry",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("postings_count", sa.Integer, nullable=False),
        sa.Column("postings_sha256", sa.LargeBinary, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_ledger_entry"),
    )
    op.create_table(
        "ledger_posting",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("entry_number", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("fund", sa.Text, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("line_id", sa.Uuid, nullable=True),
        sa.Column("transfer_id", sa.BigInteger, nullable=True),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entry_number", "position", name="pk_ledger_posting"),
        sa.ForeignKeyConstraint(
            ["entry_number"], ["ledger_entry.number"], name="fk_ledger_posting_entry_number"
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_ledger_posting_amount_not_zero")),
    )
    op.create_index("ix_ledger_posting_account", "ledger_posting", ["pay_month", "account", "fund"])
    op.create_table(
        "payout_freeze",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("frozen", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("changed_by", sa.Text, server_default="restore", nullable=False),
        sa.PrimaryKeyConstraint("county", name="pk_payout_freeze"),
    )
    op.create_table(
        "proof",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("ok", sa.Boolean, nullable=False),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("totals", JSONB, nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proof"),
    )
    op.create_index("ix_proof_pay_month", "proof", ["pay_month", "recorded_at"])
    for table in ("ledger_entry", "ledger_posting", "proof"):
        kit_tables.append_only(op, table)
    op.execute(WHOLE_ENTRY)
    op.execute(BALANCED_POSTINGS)
    op.execute(
        "CREATE CONSTRAINT TRIGGER whole_entry AFTER INSERT ON ledger_entry "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_half_entry()"
    )
    op.execute(
        "CREATE TRIGGER balanced_postings AFTER INSERT ON ledger_posting "
        "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse_unbalanced_postings()"
    )


def downgrade() -> None:
    """Take them away again."""
    op.execute("DROP TRIGGER balanced_postings ON ledger_posting")
    op.execute("DROP TRIGGER whole_entry ON ledger_entry")
    op.execute("DROP FUNCTION refuse_unbalanced_postings()")
    op.execute("DROP FUNCTION refuse_half_entry()")
    for table in (
        "proof",
        "payout_freeze",
        "ledger_posting",
        "ledger_entry",
    ):
        op.drop_table(table)
