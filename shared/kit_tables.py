"""The tables every service has for the kit's own promises: outbox, inbox, audit and the like."""

from typing import Any, Final

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import NAMING

metadata: Final = sa.MetaData(naming_convention=NAMING)


def _instant(name: str, *, nullable: bool = False, now: bool = False) -> "sa.Column[Any]":
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _county() -> "sa.Column[Any]":
    return sa.Column("county", sa.String(6), nullable=False)


outbox: Final = sa.Table(
    "outbox",
    metadata,
    sa.Column("event_id", sa.Uuid, primary_key=True),
    _county(),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    _instant("created_at", now=True),
    _instant("published_at", nullable=True),
    sa.Column("stream_sequence", sa.BigInteger, nullable=True),
)
sa.Index("ix_outbox_waiting", outbox.c.created_at, postgresql_where=outbox.c.published_at.is_(None))

inbox: Final = sa.Table(
    "inbox",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Uuid, primary_key=True),
    _county(),
    _instant("heard_at", now=True),
)

dead_letter: Final = sa.Table(
    "dead_letter",
    metadata,
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Uuid, primary_key=True),
    _county(),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("deliveries", sa.Integer, nullable=False),
    _instant("parked_at", now=True),
    _instant("settled_at", nullable=True),
)

idempotency: Final = sa.Table(
    "idempotency",
    metadata,
    sa.Column("caller", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    _county(),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.Integer, nullable=True),
    sa.Column("media_type", sa.Text, nullable=True),
    sa.Column("body", sa.LargeBinary, nullable=True),
    _instant("created_at", now=True),
)

audit: Final = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _county(),
    _instant("recorded_at"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("details", JSONB, nullable=False),
    sa.Column("previous_hash", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)


def create(op: Operations | Any) -> None:
    """Make them; called by a service's first migration."""
    metadata.create_all(op.get_bind())
    append_only(op, "audit")
    append_only(op, "dead_letter", columns=("settled_at",))


def drop(op: Operations | Any) -> None:
    """Take them away again; called by the first migration's downgrade."""
    metadata.drop_all(op.get_bind())


def append_only(op: Operations | Any, table: str, *, columns: tuple[str, ...] = ()) -> None:
    """Take UPDATE and DELETE of a table from the runtime role, but for the columns named.

    The runtime role is the owner's name without its ending: doudi_payments_owner → doudi_payments.
    """
    allowed = f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO" if columns else ""
    op.execute(
        f"""
        DO $$
        DECLARE runtime text := regexp_replace(current_user, '_owner$', '');
        BEGIN
            IF runtime <> current_user THEN
                EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I', runtime);
                {f"EXECUTE format('{allowed} %I', runtime);" if allowed else ""}
            END IF;
        END $$
        """
    )
