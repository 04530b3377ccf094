"""A long roster waits for another than who brought it, who sees what it would change.

Safe while older code runs: the columns may be empty, and a roster it takes in does not wait.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_TEXTS = ("received_person", "accepted_by", "accepted_person")


def upgrade() -> None:
    """Add the columns and the state."""
    for name in _TEXTS:
        op.add_column("roster_import", sa.Column(name, sa.Text, nullable=True))
    op.add_column("roster_import", sa.Column("effect", postgresql.JSONB, nullable=True))
    op.add_column(
        "roster_import", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True)
    )
    _allow("received", "importing", "waiting", "imported", "refused")


def downgrade() -> None:
    """Take them away; a roster that waits is received again."""
    op.execute("UPDATE roster_import SET status = 'received' WHERE status = 'waiting'")
    _allow("received", "importing", "imported", "refused")
    for name in ("accepted_at", "effect", *_TEXTS):
        op.drop_column("roster_import", name)


def _allow(*states: str) -> None:
    op.drop_constraint(op.f("ck_roster_import_status"), "roster_import")
    said = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(
        op.f("ck_roster_import_status"), "roster_import", f"status IN ({said})"
    )
