"""Envelopes, transfers and banks' results, and the moves that are legal.

Safe while older code runs: there is none.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

# What services/payments/states.py says, held by the database too: where each thing starts, and its
# moves.
MOVES = {
    "payment_order": (
        "ordered",
        "ordered>held ordered>enveloped held>ordered enveloped>ordered enveloped>in-flight "
        "enveloped>refused enveloped>returned in-flight>unconfirmed in-flight>settled "
        "in-flight>refused in-flight>returned unconfirmed>settled unconfirmed>refused "
        "unconfirmed>returned settled>returned refused>enveloped returned>enveloped",
    ),
    "transfer": (
        "made",
        "made>voided made>in-flight in-flight>unconfirmed in-flight>settled in-flight>refused "
        "in-flight>returned unconfirmed>settled unconfirmed>refused unconfirmed>returned "
        "settled>returned",
    ),
    "envelope": (
        "made",
        "made>checked made>voided checked>released checked>voided released>published "
        "published>fetched fetched>answered",
    ),
    "result_file": (
        "staged",
        "staged>applied staged>applied-with-discrepancies staged>refused refused>applied "
        "refused>applied-with-discrepancies",
    ),
    "intake": ("staging", "staging>ordered staging>refused refused>staging"),
    "account": (
        "unverified",
        "unverified>verified unverified>refused unverified>closed verified>refused "
        "verified>closed refused>verified refused>closed",
    ),
}

REFUSE_MOVE = """
    CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% may not become %', TG_TABLE_NAME, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END $$
"""

# The rule that nobody is paid twice: another attempt only after a definite failure of the last.
REFUSE_ATTEMPT = """
    CREATE FUNCTION refuse_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM fresh
            WHERE fresh.attempt > 1 AND NOT EXISTS (
                SELECT FROM transfer_order earlier
                JOIN transfer ON transfer.id = earlier.transfer_id
                WHERE earlier.line_id = fresh.line_id AND NOT earlier.voided
                    AND earlier.attempt = fresh.attempt - 1
                    AND transfer.status IN ('refused', 'returned')
            )
        ) THEN
            RAISE EXCEPTION 'an attempt needs a definite failure of the one before it'
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "envelope",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("run_id", sa.Uuid, nullable=True),
        sa.Column("pay_month", sa.String(7), nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("budget_item", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("fund", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("orders_count", sa.Integer, nullable=False),
        sa.Column("total_fen", sa.BigInteger, nullable=False),
        sa.Column("list_sha256", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_person", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("checked_by", sa.Text, nullable=True),
        sa.Column("checked_person", sa.Text, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("released_by", sa.Text, nullable=True),
        sa.Column("released_person", sa.Text, nullable=True),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("voided_by", sa.Text, nullable=True),
        sa.Column("void_reason", sa.Text, nullable=True),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=True),
        sa.Column("file_number", sa.Integer, nullable=True),
        sa.Column("file_sha256", sa.Text, nullable=True),
        sa.Column("file_bytes", sa.BigInteger, nullable=True),
        sa.Column("manifest", sa.Text, nullable=True),
        sa.Column("signature", sa.LargeBinary, nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("first_fetched_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_envelope"),
        sa.ForeignKeyConstraint(["run_id"], ["intake.run_id"], name="fk_envelope_run_id"),
        sa.UniqueConstraint(
            "county",
            "pay_month",
            "bank",
            "project",
            "budget_item",
            "kind",
            "attempt",
            "sequence",
            name="uq_envelope_identity",
        ),
        sa.CheckConstraint("count > 0 AND total_fen > 0", name=op.f("ck_envelope_not_empty")),
        sa.UniqueConstraint(
            "county", "bank", "file_number", name="uq_envelope_county_bank_file_number"
        ),
    )
    op.create_index("ix_envelope_pay_month", "envelope", ["pay_month", "status"])
    op.create_index("ix_envelope_run_id", "envelope", ["run_id"])
    op.create_table(
        "transfer",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("envelope_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("reference", sa.Uuid, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("account_index", sa.LargeBinary, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("orders_count", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("settled_on", sa.Date, nullable=True),
        sa.Column("failed_on", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_transfer"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_transfer_account_id"),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name="fk_transfer_envelope_id"),
        sa.CheckConstraint("attempt BETWEEN 1 AND 99", name=op.f("ck_transfer_attempt_two_digits")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_transfer_amount_above_zero")),
    )
    op.create_index("ix_transfer_account_id", "transfer", ["account_id"])
    op.create_index(
        "uq_transfer_attempt",
        "transfer",
        ["reference", "attempt"],
        unique=True,
        postgresql_where=sa.text("status <> 'voided'"),
    )
    op.create_index("uq_transfer_position", "transfer", ["envelope_id", "position"], unique=True)
    op.create_table(
        "transfer_order",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("transfer_id", sa.BigInteger, nullable=False),
        sa.Column("line_id", sa.Uuid, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("voided", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("transfer_id", "line_id", name="pk_transfer_order"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["payment_order.line_id"], name="fk_transfer_order_line_id"
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name="fk_transfer_order_transfer_id"
        ),
    )
    op.create_index(
        "uq_transfer_order_attempt",
        "transfer_order",
        ["line_id", "attempt"],
        unique=True,
        postgresql_where=sa.text("NOT voided"),
    )
    op.create_table(
        "bank_files",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("county", "bank", name="pk_bank_files"),
    )
    op.create_table(
        "result_file",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("bytes_count", sa.BigInteger, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("applied_at", INSTANT, nullable=True),
        sa.Column("refusal", sa.Text, nullable=True),
        sa.Column("answers_count", sa.Integer, nullable=False),
        sa.Column("settled_count", sa.Integer, nullable=False),
        sa.Column("settled_fen", sa.BigInteger, nullable=False),
        sa.Column("failed_count", sa.Integer, nullable=False),
        sa.Column("failed_fen", sa.BigInteger, nullable=False),
        sa.Column("discrepancies_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result_file"),
        sa.UniqueConstraint("county", "bank", "sha256", name="uq_result_file_county_bank_sha256"),
        sa.UniqueConstraint("county", "bank", "form", "message", name="uq_result_file_message"),
    )
    op.create_table(
        "result_answer",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("result_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("end_to_end_id", sa.Text, nullable=False),
        sa.Column("reference", sa.Uuid, nullable=True),
        sa.Column("attempt", sa.Integer, nullable=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("amount_fen", sa.BigInteger, nullable=True),
        sa.Column("booked_on", sa.Date, nullable=True),
        sa.Column("whole_file", sa.Boolean, nullable=False),
        sa.Column("verdict", sa.Text, nullable=True),
        sa.Column("transfer_id", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("result_id", "position", name="pk_result_answer"),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result_file.id"], name="fk_result_answer_result_id"
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name="fk_result_answer_transfer_id"
        ),
    )
    op.create_index("ix_result_answer_transfer_id", "result_answer", ["transfer_id"])
    op.create_table(
        "discrepancy",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("result_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("end_to_end_id", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=True),
        sa.Column("expected_fen", sa.BigInteger, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_discrepancy"),
        sa.ForeignKeyConstraint(["result_id"], ["result_file.id"], name="fk_discrepancy_result_id"),
        sa.UniqueConstraint("result_id", "position", name="uq_discrepancy_result_id_position"),
    )
    _keep_what_was_decided()
    op.execute(REFUSE_MOVE)
    for table, (start, moves) in MOVES.items():
        listed = ", ".join(f"'{move}'" for move in moves.split())
        op.execute(
            f"CREATE TRIGGER legal_start BEFORE INSERT ON {table} FOR EACH ROW "
            f"WHEN (NEW.status <> '{start}') EXECUTE FUNCTION refuse_move()"
        )
        op.execute(
            f"CREATE TRIGGER legal_move BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (OLD.status <> NEW.status AND "
            f"OLD.status || '>' || NEW.status NOT IN ({listed})) EXECUTE FUNCTION refuse_move()"
        )
    op.execute(REFUSE_ATTEMPT)
    op.execute(
        "CREATE TRIGGER after_definite_failure AFTER INSERT ON transfer_order "
        "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION refuse_attempt()"
    )


def _keep_what_was_decided() -> None:
    kit_tables.append_only(
        op,
        "envelope",
        columns=(
            "status",
            "checked_by",
            "checked_person",
            "checked_at",
            "released_by",
            "released_person",
            "released_at",
            "voided_by",
            "void_reason",
            "file_name",
            "file_number",
            "file_sha256",
            "file_bytes",
            "manifest",
            "signature",
            "published_at",
            "first_fetched_at",
            "answered_at",
        ),
    )
    kit_tables.append_only(
        op, "transfer", columns=("status", "reason", "accepted_at", "settled_on", "failed_on")
    )
    kit_tables.append_only(op, "transfer_order", columns=("voided",))
    kit_tables.append_only(op, "result_answer", columns=("verdict", "transfer_id"))
    kit_tables.append_only(op, "discrepancy")


def downgrade() -> None:
    """Take them away again."""
    for table in MOVES:
        op.execute(f"DROP TRIGGER legal_start ON {table}")
        op.execute(f"DROP TRIGGER legal_move ON {table}")
    op.execute("DROP TRIGGER after_definite_failure ON transfer_order")
    op.execute("DROP FUNCTION refuse_attempt()")
    op.execute("DROP FUNCTION refuse_move()")
    for table in (
        "discrepancy",
        "result_answer",
        "result_file",
        "bank_files",
        "transfer_order",
        "transfer",
        "envelope",
    ):
        op.drop_table(table)
