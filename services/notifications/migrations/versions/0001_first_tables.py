"""First tables: contacts, messages, their deliveries, receipts ahead of their texts, the sender.

Safe while older code runs: there is none.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    kit_tables.create(op)
    _contacts()
    _messages()
    op.create_table(
        "receipt",
        _county(),
        sa.Column("carrier_message_id", sa.Text, nullable=False),
        sa.Column("delivered", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _instant("received_at", now=True),
        sa.PrimaryKeyConstraint("carrier_message_id", name="pk_receipt"),
    )
    op.create_table(
        "sender",
        _county(),
        sa.Column("token", sa.BigInteger, nullable=False),
        _instant("until"),
        sa.PrimaryKeyConstraint("county", name="pk_sender"),
    )
    kit_tables.append_only(op, "message")


def downgrade() -> None:
    """Take them away."""
    for table in ("sender", "receipt", "delivery", "message", "beneficiary", "contact"):
        op.drop_table(table)
    kit_tables.drop(op)


def _contacts() -> None:
    op.create_table(
        "contact",
        _county(),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("phone", sa.Text),
        sa.Column("called", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        _instant("updated_at"),
        sa.PrimaryKeyConstraint("person_id", name="pk_contact"),
    )
    op.create_table(
        "beneficiary",
        _county(),
        sa.Column("beneficiary_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("beneficiary_id", name="pk_beneficiary"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["contact.person_id"], name="fk_beneficiary_person_id"
        ),
    )
    op.create_index("ix_beneficiary_person_id", "beneficiary", ["person_id"])


def _messages() -> None:
    op.create_table(
        "message",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("called", sa.Text, nullable=False),
        _instant("created_at"),
        sa.Column("line_id", sa.Uuid),
        sa.Column("result_id", sa.Uuid),
        sa.Column("outcome", sa.Text),
        sa.Column("programme", sa.Text),
        sa.Column("month", sa.String(7)),
        sa.Column("pay_month", sa.String(7)),
        sa.Column("amount_fen", sa.BigInteger),
        sa.Column("account_last4", sa.String(4)),
        sa.Column("bank_name", sa.Text),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("line_id", "result_id", "outcome", name="uq_message_occasion"),
        sa.CheckConstraint(
            "template = 'code' OR line_id IS NOT NULL", name=op.f("ck_message_has_its_line")
        ),
    )
    op.create_index("ix_message_inbox", "message", ["person_id", "id"])
    op.create_index("ix_message_result_id", "message", ["result_id", "template"])
    op.create_table(
        "delivery",
        _county(),
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("pay_month", sa.String(7)),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        _instant("due_at", now=True),
        _instant("expires_at"),
        sa.Column("token", sa.BigInteger),
        sa.Column("sealed", sa.Text),
        sa.Column("carrier_message_id", sa.Text),
        sa.Column("reason", sa.Text),
        _instant("sent_at", nullable=True),
        _instant("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("message_id", "channel", name="pk_delivery"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_message_id"),
    )
    _where("ix_delivery_due", ["lane", "due_at"], "state='waiting'")
    _where("ix_delivery_expiry", ["expires_at"], "state='waiting'")
    _where("ix_delivery_sending", ["token"], "state='sending'")
    _where(
        "ix_delivery_carrier_message_id", ["carrier_message_id"], "carrier_message_id IS NOT NULL"
    )
    op.create_index("ix_delivery_pay_month", "delivery", ["pay_month", "channel"])


def _where(name: str, columns: list[str], condition: str) -> None:
    op.create_index(name, "delivery", columns, postgresql_where=sa.text(condition))


def _county() -> "sa.Column[str]":
    return sa.Column("county", sa.String(6), nullable=False)


def _instant(name: str, *, nullable: bool = False, now: bool = False) -> "sa.Column[object]":
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)
