"""What was granted last, as a fact of the law: read from our own ledger, whatever a decision says.

A fade-out pays by the sum of the month in which it was found. That sum is what stands granted for
the month by closed runs, less what they proposed to recover; nobody types it. Where nothing stands
granted, because we never ran that month or it is held, the fact is unknown and the fade-out held.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from policies.reading.facts import HOUSEHOLD, Fact
from services.benefits import facts, months_due
from services.benefits.differences import Key
from services.benefits.models import Run
from services.benefits.months_due import Cause
from shared.database import run
from shared.secrets import KeyRing


async def bring(session: AsyncSession, law: policies.Law, words: Sequence[dict[str, Any]]) -> None:
    """Put into the facts of households and members what they were granted last."""
    wanted = [each for each in law.facts.values() if each.granted is not None]
    asked = {
        key
        for fact in wanted
        for determined in words
        for beneficiary_id, known in _of(fact, determined)
        if (key := _key(fact, beneficiary_id, known)) is not None
    }
    stands = await _granted(session, asked)
    for fact in wanted:
        for determined in words:
            for beneficiary_id, known in _of(fact, determined):
                key = _key(fact, beneficiary_id, known)
                known[fact.name] = stands.get(key) if key is not None else None


async def mark_resting(
    session: AsyncSession, keys: KeyRing, law: policies.Law, of: Run, now: datetime
) -> None:
    """Months granted by what this run put right are due again: a fade-out follows its last sum."""
    for pack in law.packs.values():
        for fact in pack.facts.values():
            if fact.granted is None or pack.name not in law.programmes:
                continue
            words = {
                "run_id": of.id,
                "granted": fact.granted.programme,
                "fading": pack.name,
            }
            for row in await run(session, text(_RESTING), words):
                determined = facts.unseal(row.determination_id, row.words_sealed, keys)
                rested = {
                    _key(fact, beneficiary_id, known)
                    for beneficiary_id, known in _of(fact, determined)
                }
                if Key(row.beneficiary_id, fact.granted.programme, row.rests_on) in rested:
                    mark = {
                        "county": of.county,
                        "family": law.programmes[pack.name].family or pack.name,
                        "household_id": row.household_id,
                        "month": row.month,
                        "cause": Cause.CORRECTION.value,
                        "reference": str(of.id),
                        "now": now,
                    }
                    await run(session, text(_MARK), mark)


def _of(fact: Fact, determined: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Whose fact it is, with what is known of each."""
    if fact.entity == HOUSEHOLD:
        return [(determined["household_id"], determined["facts"])]
    return [(each["person_id"], each["facts"]) for each in determined["members"]]


def _key(fact: Fact, beneficiary_id: str, known: Mapping[str, Any]) -> Key | None:
    """What was granted to them in the month of the day that the fact goes by, if it has come."""
    assert fact.granted is not None
    day = known.get(fact.granted.in_month_of)
    if type(day) is not int:
        return None
    return Key(beneficiary_id, fact.granted.programme, f"{day // 10000:04}-{day // 100 % 100:02}")


async def _granted(session: AsyncSession, asked: set[Key]) -> dict[Key, int]:
    """What stands granted, above zero."""
    if not asked:
        return {}
    columns = {name: [getattr(key, name) for key in sorted(asked)] for name in Key._fields}
    rows = await run(session, text(_STANDS), columns)
    return {Key(row.beneficiary_id, row.programme, row.month): int(row.fen) for row in rows}


_STANDS: Final = """
SELECT beneficiary_id::text, programme, month, sum(amount_fen) AS fen
FROM unnest(cast(:beneficiary_id AS uuid[]), cast(:programme AS text[]), cast(:month AS text[]))
    AS asked (beneficiary_id, programme, month)
JOIN (
    SELECT beneficiary_id, programme, month, amount_fen FROM entitlement_line
    UNION ALL SELECT beneficiary_id, programme, month, amount_fen FROM proposed_recovery
) AS found USING (beneficiary_id, programme, month)
GROUP BY beneficiary_id, programme, month HAVING sum(amount_fen) > 0
"""

# A month of a fade-out may have been paid as what it goes on from.
_RESTING: Final = """
SELECT DISTINCT
    paid.beneficiary_id::text, paid.household_id, paid.month, changed.month AS rests_on,
    determination.determination_id::text, determination.words_sealed
FROM (
    SELECT beneficiary_id, programme, month FROM entitlement_line WHERE run_id = :run_id
    UNION SELECT beneficiary_id, programme, month FROM proposed_recovery WHERE run_id = :run_id
) AS changed
JOIN entitlement_line AS faded ON faded.beneficiary_id = changed.beneficiary_id
    AND faded.programme = :fading AND faded.month > changed.month
JOIN entitlement_line AS paid ON paid.beneficiary_id = faded.beneficiary_id
    AND paid.month > changed.month AND (paid.month, paid.programme) IN (
        (faded.month, cast(:fading AS text)), (paid.month, cast(:granted AS text))
    )
JOIN determination ON determination.determination_id = faded.determination_id
WHERE changed.programme = :granted
ORDER BY 1, 3, 4, 5
"""

_MARK: Final = f"""
{months_due.INSERT} VALUES (:county, :family, :household_id, :month, :cause, :reference, :now)
{months_due.ONCE}
"""
