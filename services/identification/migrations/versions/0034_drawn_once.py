"""Cases found by the samples they were drawn in, and papers by their content.

Safe while older code runs: only indexes.
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The new indexes."""
    op.create_index("ix_sample_population", "sample", ["population"], postgresql_using="gin")
    op.create_index("ix_case_document_sha256", "case_document", ["sha256"])


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_case_document_sha256", "case_document")
    op.drop_index("ix_sample_population", "sample")
