"""Cases that were helped first and verified before anybody said so are told now, each once, so that
the township's reserve is filled up for them.

Safe while older code runs: it adds what that code says of the cases it verifies.
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

VERIFIED = """
INSERT INTO outbox (event_id, county, subject, body)
SELECT said.event_id, said.county, 'identification.advance-verified.v1', jsonb_build_object(
    'event_id', said.event_id, 'county', said.county,
    'occurred_at', said.verified_at, 'case_id', said.case_id
) FROM (
    SELECT gen_random_uuid() AS event_id, one.county, one.id AS case_id,
        min(verified.done_at) AS verified_at
    FROM case_file one JOIN case_act verified ON verified.case_id = one.id
    WHERE one.category = 'temporary' AND verified.act IN ('confirm', 'decision-replaced')
        AND EXISTS (
            SELECT FROM case_act advanced
            WHERE advanced.case_id = one.id AND advanced.act = 'advance'
        )
        AND NOT EXISTS (
            SELECT FROM outbox told
            WHERE told.subject = 'identification.advance-verified.v1'
                AND told.body ->> 'case_id' = one.id::text
        )
    GROUP BY one.county, one.id
) said
"""


def upgrade() -> None:
    """Say it of each."""
    op.execute(VERIFIED)


def downgrade() -> None:
    """What was said stays said."""
