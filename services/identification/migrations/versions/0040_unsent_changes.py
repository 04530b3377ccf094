"""A change that a citizen never handed in is a draft too, and is taken away like one.

Safe while older code runs: it asks the function for drafts only.
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_IS_NO_DRAFT = "state <> 'draft'"
_IS_NOT_ONES_OWN = (
    "state <> 'draft' AND NOT (state = 'open' AND category = 'change'"
    " AND starts_with(opened_by, 'citizen:'))"
)
_FORGET_DRAFTS = """
CREATE OR REPLACE FUNCTION forget_drafts(drafts uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM case_file WHERE id = ANY(drafts) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT FROM case_file WHERE id = ANY(drafts) AND {})
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
    """What a citizen reports and does not hand in is no case yet."""
    op.execute(_FORGET_DRAFTS.format(_IS_NOT_ONES_OWN))


def downgrade() -> None:
    """Applications alone are drafts."""
    op.execute(_FORGET_DRAFTS.format(_IS_NO_DRAFT))
