"""Deaths against what was granted on: who died in a year, the months that were granted after it,
and what became of that money.

A household that lives on is granted on by right: of its money only what a run proposed to recover
for the death counts, and all of it where nobody else was ever of the household.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits.months_due import Cause
from shared.database import run


async def granted_on(session: AsyncSession, county: str, year: int) -> list[dict[str, Any]]:
    """Every death of a year we were told of and that stands, the first first: how much was granted
    for months after it and in how many months, and each proposal to recover because of it."""
    words = {
        "county": county,
        "first": date(year, 1, 1),
        "last": date(year, 12, 31),
        "cause": Cause.DEATH.value,
    }
    return [dict(row._mapping) for row in await run(session, text(_DEATHS), words)]


_DEATHS: Final = """
WITH told AS (
    SELECT DISTINCT ON (person_id) person_id, died_on, taken_back, learned_at
    FROM death WHERE county = :county
    ORDER BY person_id, told_at DESC, learned_number DESC
), dead AS (
    SELECT person_id, died_on, learned_at, to_char(died_on, 'YYYY-MM') AS died_in
    FROM told WHERE NOT taken_back AND died_on BETWEEN :first AND :last
), payee AS (
    SELECT person_id, person_id AS beneficiary_id, died_in, true AS theirs FROM dead
    UNION
    SELECT person_id, household_id, died_in, NOT EXISTS (
        SELECT FROM membership AS other
        WHERE other.household_id = membership.household_id
            AND other.person_id <> membership.person_id
    )
    FROM dead JOIN membership USING (person_id)
), line AS (
    SELECT person_id, count(DISTINCT month) AS months, sum(amount_fen)::bigint AS granted_fen
    FROM payee JOIN entitlement_line USING (beneficiary_id)
    WHERE theirs AND month > died_in
    GROUP BY person_id
), proposal AS (
    SELECT person_id, -sum(recovery.amount_fen)::bigint AS proposed_fen,
        coalesce(sum(decided.amount_fen), 0)::bigint AS decided_fen,
        array_agg(DISTINCT recovery.month) AS months,
        json_agg(json_build_object(
            'recovery_id', recovery_id, 'beneficiary_id', beneficiary_id, 'month', recovery.month,
            'programme', programme, 'amount_fen', recovery.amount_fen,
            'decided_fen', decided.amount_fen
        ) ORDER BY recovery.month, recovery_id) AS recoveries
    FROM payee JOIN proposed_recovery AS recovery USING (beneficiary_id)
    LEFT JOIN LATERAL (
        SELECT amount_fen FROM recovery_decision AS decision
        WHERE decision.recovery_id = recovery.recovery_id ORDER BY number DESC LIMIT 1
    ) AS decided ON true
    WHERE recovery.cause = :cause AND recovery.month >= died_in
    GROUP BY person_id
)
SELECT person_id::text, died_on,
    (learned_at AT TIME ZONE 'Asia/Shanghai')::date AS told_on,
    greatest(coalesce(line.months, 0), coalesce(cardinality(proposal.months), 0)) AS months,
    coalesce(granted_fen, 0) AS granted_fen, coalesce(proposed_fen, 0) AS proposed_fen,
    coalesce(decided_fen, 0) AS decided_fen, coalesce(recoveries, '[]'::json) AS recoveries
FROM dead LEFT JOIN line USING (person_id) LEFT JOIN proposal USING (person_id)
ORDER BY died_on, person_id
"""
