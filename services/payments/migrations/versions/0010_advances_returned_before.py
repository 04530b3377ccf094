"""What cases were helped first with and came back before anybody said so is told now, each once, so
that it is not taken off what they are granted.

Safe while older code runs: it adds what that code says of no case.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RETURNED = """
INSERT INTO outbox (event_id, county, subject, body)
SELECT said.event_id, said.county, 'payments.advance-returned.v1', jsonb_build_object(
    'event_id', said.event_id, 'county', said.county,
    'occurred_at', said.recorded_at, 'case_id', said.case_id, 'amount_fen', said.amount_fen
) FROM (
    SELECT gen_random_uuid() AS event_id, county, case_id, recorded_at, amount_fen
    FROM reserve_move back
    WHERE act = 'came-back' AND NOT EXISTS (
        SELECT FROM outbox told
        WHERE told.subject = 'payments.advance-returned.v1'
            AND told.body ->> 'case_id' = back.case_id::text
    )
) said
"""


def upgrade() -> None:
    """Say it of each."""
    op.execute(RETURNED)


def downgrade() -> None:
    """What was said stays said."""
