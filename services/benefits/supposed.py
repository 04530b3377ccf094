"""What a household would be paid in a month by words that are only supposed, as a run reckons.

The same law, the same deaths, disputes and ledger that a run of this moment reads; nothing is kept,
nothing is granted, and nobody is owed anything by it.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import disputes, holds, last_granted, snapshot
from shared.contracts.benefits import Supposed
from shared.months import Month


async def reckon(
    session: AsyncSession,
    law: policies.Law,
    county: str,
    month: Month,
    households: Sequence[Supposed],
    *,
    line_fen_max: int,
) -> list[dict[str, Any]]:
    """For each household, in their order, what the monthly programmes would pay it and its
    members: above zero, or held with the reason."""
    people = sorted({str(one.person_id) for each in households for one in each.members})
    deaths = await snapshot.deaths_told(session, county, people)
    disputed = await disputes.standing(session, county)
    words = [
        snapshot.count_dead(each.model_dump(mode="json"), each.recorded_at, deaths)
        for each in households
    ]
    await last_granted.bring(session, law, words)
    return [
        {
            "household_id": each["household_id"],
            "sums": _sums(law, without, str(month), line_fen_max),
        }
        for each in words
        for without in disputes.leave_out(
            each | {"from_month": str(month), "until_month": str(month)}, disputed
        )[0]
    ]


def _sums(
    law: policies.Law, household: dict[str, Any], month: str, line_fen_max: int
) -> list[dict[str, Any]]:
    monthly = [name for family in law.families.values() for name in family]
    found = []
    for answer in law.assess(household, month, programmes=monthly):
        held = answer.held
        if answer.amount_fen is not None and answer.amount_fen > line_fen_max:
            held = holds.TOO_LARGE
        if held is None and not answer.amount_fen:
            continue
        name = law.programmes[answer.programme].words
        found.append({
            "programme": answer.programme,
            "name": {"zh": name.zh, "en": name.en},
            "beneficiary_kind": answer.beneficiary_kind,
            "beneficiary_id": answer.beneficiary_id,
            "amount_fen": None if held else answer.amount_fen,
            "held": held and holds.in_words(held, law),
        })  # fmt: skip
    return found
