"""Cases that were helped first and ended unverified before anybody said so are told now, each once,
so that what they were advanced is recovered.

Safe while older code runs: it adds what that code says of no case.
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

UNVERIFIED = """
INSERT INTO outbox (event_id, county, subject, body)
SELECT said.event_id, said.county, 'identification.advance-unverified.v1', jsonb_build_object(
    'event_id', said.event_id, 'county', said.county,
    'occurred_at', said.closed_at, 'case_id', said.case_id, 'why', said.why
) FROM (
    SELECT gen_random_uuid() AS event_id, one.county, one.id AS case_id, one.closed_at,
        one.state AS why
    FROM case_file one
    WHERE one.category = 'temporary' AND one.state IN ('lapsed', 'refused', 'applicant-died')
        AND EXISTS (
            SELECT FROM case_act advanced
            WHERE advanced.case_id = one.id AND advanced.act = 'advance'
        )
        AND NOT EXISTS (
            SELECT FROM outbox told
            WHERE told.subject IN (
                    'identification.advance-unverified.v1', 'identification.advance-verified.v1'
                )
                AND told.body ->> 'case_id' = one.id::text
        )
) said
"""


def upgrade() -> None:
    """Say it of each."""
    op.execute(UNVERIFIED)


def downgrade() -> None:
    """What was said stays said."""
