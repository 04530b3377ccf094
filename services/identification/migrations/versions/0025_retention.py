"""What does not stay for good is taken away on its day, and how much went is written down.

Safe while older code runs: new columns that may be empty, a new table, a function nobody calls yet.
"""

import sqlalchemy as sa
from alembic import op

from shared import kit_tables

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_MARKS = (
    ("roster_import", "returns_deleted_at"),
    ("feed_delivery", "keyed_deleted_at"),
    ("comparison", "people_deleted_at"),
    ("people_list", "rows_deleted_at"),
    ("exchange_file", "content_deleted_at"),
)
_RUNTIME = """
DO $$
DECLARE runtime text := regexp_replace(current_user, '_owner$', '');
BEGIN
    IF runtime <> current_user THEN
        {}
    END IF;
END $$
"""
# What was done to a case is append-only; a draft nobody handed in is no case yet. The function
# takes nothing else away, whoever calls it.
_FORGET_DRAFTS = """
CREATE FUNCTION forget_drafts(drafts uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM case_file WHERE id = ANY(drafts) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT FROM case_file WHERE id = ANY(drafts) AND state <> 'draft')
        OR EXISTS (SELECT FROM case_act WHERE case_id = ANY(drafts) AND from_state <> to_state)
    THEN
        RAISE EXCEPTION 'one of these is no draft' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM case_document WHERE case_id = ANY(drafts);
    DELETE FROM case_act WHERE case_id = ANY(drafts);
    DELETE FROM case_person WHERE case_id = ANY(drafts);
    DELETE FROM case_file WHERE id = ANY(drafts);
END $$
"""


def upgrade() -> None:
    """Make room for it."""
    for table, column in _MARKS:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "retention_sweep",
        sa.Column("county", sa.String(6), nullable=False),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("kept_days", sa.Integer, nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
    )
    kit_tables.append_only(op, "retention_sweep")
    op.execute(_FORGET_DRAFTS)
    op.execute("REVOKE ALL ON FUNCTION forget_drafts(uuid[]) FROM PUBLIC")
    op.execute(
        _RUNTIME.format(
            "EXECUTE format('GRANT EXECUTE ON FUNCTION forget_drafts(uuid[]) TO %I', runtime);"
            "EXECUTE format('GRANT UPDATE (rows_deleted_at) ON people_list TO %I', runtime);"
            "EXECUTE format("
            "'GRANT UPDATE (content_sealed, person_index) ON people_list_row TO %I', runtime);"
            "EXECUTE format('GRANT DELETE ON survey_issue, survey_upload TO %I', runtime);"
        )
    )


def downgrade() -> None:
    """Keep everything for good again."""
    op.execute(
        _RUNTIME.format(
            "EXECUTE format('REVOKE DELETE ON survey_issue, survey_upload FROM %I', runtime);"
            "EXECUTE format("
            "'REVOKE UPDATE (content_sealed, person_index) ON people_list_row FROM %I', runtime);"
        )
    )
    op.execute("DROP FUNCTION forget_drafts(uuid[])")
    op.drop_table("retention_sweep")
    for table, column in reversed(_MARKS):
        op.drop_column(table, column)
