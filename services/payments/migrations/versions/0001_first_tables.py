"""First tables: accounts and payees, funds, orders and holds.

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
    DECLARE runtime text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        ALTER TABLE account ENABLE ROW LEVEL SECURITY;
        EXECUTE format('CREATE POLICY runtime_only ON account TO %I USING (true)', runtime);
    END $$
"""


def upgrade() -> None:
    """Make the tables."""
    kit_tables.create(op)
    op.create_table(
        "account",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("account_kind", sa.Text, nullable=False),
        sa.Column("holder_kind", sa.Text, nullable=False),
        sa.Column("holder_id", sa.Uuid, nullable=False),
        sa.Column("holder_name", sa.Text, nullable=False),
        sa.Column("bank_spelling", sa.Text, nullable=True),
        sa.Column("number_sealed", sa.Text, nullable=False),
        sa.Column("number_index", sa.LargeBinary, nullable=False),
        sa.Column("number_last4", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("status_reason", sa.Text, nullable=True),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("registered_person", sa.Text, nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint(
            "county", "bank", "number_index", name="uq_account_county_bank_number_index"
        ),
    )
    op.create_index("ix_account_number_index", "account", ["number_index"])
    op.create_table(
        "payee_relation",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("beneficiary_kind", sa.Text, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("paper", sa.Text, nullable=True),
        sa.Column("since", sa.String(7), nullable=False),
        sa.Column("until", sa.String(7), nullable=True),
        sa.Column("superseded_at", INSTANT, nullable=True),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_person", sa.Text, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("verified_by", sa.Text, nullable=True),
        sa.Column("verified_person", sa.Text, nullable=True),
        sa.Column("verified_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_payee_relation"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_payee_relation_account_id"
        ),
    )
    op.create_index("ix_payee_relation_account_id", "payee_relation", ["account_id"])
    op.create_index(
        "uq_payee_relation_since",
        "payee_relation",
        ["beneficiary_id", "since"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "barred_account",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("number_index", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number_index", name="pk_barred_account"),
    )
    op.create_table(
        "appropriation",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("fund", sa.Text, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("voucher", sa.Text, nullable=False),
        sa.Column("projects", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appropriation"),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_appropriation_amount_above_zero")),
        sa.UniqueConstraint(
            "county",
            "fund",
            "pay_month",
            "voucher",
            name="uq_appropriation_county_fund_pay_month_voucher",
        ),
    )
    op.create_table(
        "intake",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("run_kind", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("lines_count", sa.Integer, nullable=False),
        sa.Column("total_fen", sa.BigInteger, nullable=False),
        sa.Column("list_sha256", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("token", sa.Uuid, nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("run_id", name="pk_intake"),
    )
    op.create_table(
        "staged_line",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("token", sa.Uuid, nullable=False),
        sa.Column("line_id", sa.Uuid, nullable=False),
        sa.Column("beneficiary_kind", sa.Text, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("budget_item", sa.Text, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("line_kind", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("token", "line_id", name="pk_staged_line"),
    )
    op.create_table(
        "payment_order",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("line_id", sa.Uuid, nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=False),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("run_kind", sa.Text, nullable=False),
        sa.Column("beneficiary_kind", sa.Text, nullable=False),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("household_id", sa.Uuid, nullable=False),
        sa.Column("village", sa.String(12), nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("budget_item", sa.Text, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("line_kind", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("line_id", name="pk_payment_order"),
        sa.ForeignKeyConstraint(["run_id"], ["intake.run_id"], name="fk_payment_order_run_id"),
        sa.UniqueConstraint(
            "county",
            "beneficiary_id",
            "programme",
            "month",
            "difference",
            name="uq_payment_order_entitlement",
        ),
    )
    op.create_index("ix_payment_order_beneficiary_id", "payment_order", ["beneficiary_id"])
    op.create_index("ix_payment_order_household_id", "payment_order", ["household_id"])
    op.create_index("ix_payment_order_pay_month", "payment_order", ["pay_month", "status"])
    op.create_index("ix_payment_order_run_id", "payment_order", ["run_id"])
    op.create_table(
        "hold",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("line_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("limit_on", sa.Date, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("released_by", sa.Text, nullable=True),
        sa.Column("release_reason", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
        sa.ForeignKeyConstraint(["line_id"], ["payment_order.line_id"], name="fk_hold_line_id"),
    )
    op.create_index("ix_hold_line_id", "hold", ["line_id"])
    op.create_index(
        "uq_hold_open",
        "hold",
        ["line_id"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )
    kit_tables.append_only(op, "appropriation")
    kit_tables.append_only(op, "barred_account")
    kit_tables.append_only(op, "payment_order", columns=("status", "attempt", "reason"))
    kit_tables.append_only(op, "hold", columns=("released_at", "released_by", "release_reason"))
    kit_tables.append_only(
        op,
        "payee_relation",
        columns=("until", "superseded_at", "verified_by", "verified_person", "verified_at"),
    )
    kit_tables.append_only(
        op,
        "account",
        columns=("status", "status_reason", "bank_spelling", "decided_by", "decided_at"),
    )
    op.execute(HIDE_NAMES)


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "hold",
        "payment_order",
        "staged_line",
        "intake",
        "appropriation",
        "barred_account",
        "payee_relation",
        "account",
    ):
        op.drop_table(table)
    kit_tables.drop(op)
