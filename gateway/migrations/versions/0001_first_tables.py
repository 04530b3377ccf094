"""First tables: clients, staff, sessions, codes, attempts at the door and the access log.

Safe while older code runs: there is none.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared import kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    kit_tables.create(op)
    op.create_table(
        "client",
        _county(),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("bank", sa.Text),
        sa.Column("jwks", JSONB, nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text), nullable=False),
        _instant("registered_at"),
        _instant("stopped_at", nullable=True),
        sa.PrimaryKeyConstraint("client_id", name="pk_client"),
    )
    op.create_table(
        "used_assertion",
        _county(),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("jti", sa.Text, nullable=False),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("client_id", "jti", name="pk_used_assertion"),
    )
    op.create_index("ix_used_assertion_expires_at", "used_assertion", ["expires_at"])
    op.create_table(
        "staff_member",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("wrong_passwords", sa.Integer, nullable=False, server_default="0"),
        _instant("rests_until", nullable=True),
        _instant("registered_at"),
        _instant("dismissed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff_member"),
        sa.UniqueConstraint("name", name="uq_staff_member_name"),
    )
    op.create_table(
        "browser_session",
        _county(),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("staff_id", sa.Uuid),
        sa.Column("person_id", sa.Uuid),
        _instant("started_at"),
        _instant("seen_at"),
        _instant("ends_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_browser_session"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name="fk_browser_session_staff_id"
        ),
        sa.CheckConstraint(
            "(staff_id IS NULL) <> (person_id IS NULL)", name="ck_browser_session_one_somebody"
        ),
    )
    for column in ("staff_id", "person_id", "ends_at"):
        op.create_index(f"ix_browser_session_{column}", "browser_session", [column])
    op.create_table(
        "one_time_code",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("browser_hash", sa.LargeBinary, nullable=False),
        sa.Column("subject_hash", sa.LargeBinary, nullable=False),
        sa.Column("form_key", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        _instant("made_at"),
        _instant("expires_at"),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_code"),
    )
    for column in ("browser_hash", "expires_at"):
        op.create_index(f"ix_one_time_code_{column}", "one_time_code", [column])
    op.create_table(
        "sign_in_attempt",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("tried", sa.Text, nullable=False),
        sa.Column("subject_hash", sa.LargeBinary, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        _instant("at"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    for name, column in (("subject", "subject_hash"), ("peer", "peer"), ("network", "network")):
        op.create_index(f"ix_sign_in_attempt_{name}", "sign_in_attempt", [column, "tried", "at"])
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])
    op.create_table(
        "passage",
        _county(),
        sa.Column("id", sa.Uuid, nullable=False),
        _instant("at"),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passage"),
    )
    op.create_index("ix_passage_caller", "passage", ["caller", "at"])
    kit_tables.append_only(op, "passage")


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "passage",
        "sign_in_attempt",
        "one_time_code",
        "browser_session",
        "staff_member",
        "used_assertion",
        "client",
    ):
        op.drop_table(table)
    kit_tables.drop(op)


def _county() -> "sa.Column[str]":
    return sa.Column("county", sa.String(6), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
