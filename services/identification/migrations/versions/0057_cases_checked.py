"""The checker sees of each case that it is there and where it stands, and nobody's name.

Rows of cases are the runtime role's alone, for the names in them; so whoever checks what was done
to a case could not see whether the case is there. Safe while older code runs: only a new view.
"""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

# It shows what its owner sees, who is the table's; nobody writes by it.
_NOBODY_WRITES = """
    DO $$
    DECLARE runtime text := regexp_replace(current_user, '_owner$', '');
    BEGIN
        IF runtime <> current_user THEN
            EXECUTE format('REVOKE ALL ON case_standing FROM %I', runtime);
        END IF;
    END $$
"""


def upgrade() -> None:
    """Let it be seen."""
    op.execute("CREATE VIEW case_standing AS SELECT county, id, state, version FROM case_file")
    op.execute(_NOBODY_WRITES)


def downgrade() -> None:
    """Hide it again."""
    op.execute("DROP VIEW case_standing")
