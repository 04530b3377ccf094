"""What the province asks says by which index whoever it is about is found once they are known here.

Safe while older code runs: what that takes in has none, and has it once its list comes again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

TABLE = "exchange_item"
INDEX = "ix_exchange_item_unknown"


def upgrade() -> None:
    """The new column; the number itself is sealed, and nobody reads it here."""
    op.add_column(TABLE, sa.Column("id_index", sa.LargeBinary))
    unknown = sa.text("person_id IS NULL AND id_index IS NOT NULL")
    op.create_index(INDEX, TABLE, ["id_index"], postgresql_where=unknown)


def downgrade() -> None:
    """Without it."""
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, "id_index")
