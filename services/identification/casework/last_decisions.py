"""How households stand: by the last decision on each as a whole, of now or of an earlier month."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from services.identification import assistance, determinations
from services.identification.desk import Desk
from shared.database import run
from shared.months import Month

_LAST: Final = text("""
    SELECT DISTINCT ON (h.village, h.number) h.id AS household_id, h.number, h.village,
        d.id, d.from_month, d.decided_on, d.decision_number, d.content_sealed,
        min(d.decided_on) OVER (PARTITION BY d.household_id) AS first_on
    FROM determination d JOIN household h ON h.id = d.household_id
    WHERE h.village LIKE ANY(CAST(:areas AS text[])) AND d.programme IS NULL
        AND d.from_month <= :until
    ORDER BY h.village, h.number, d.id DESC
""")
_ALWAYS: Final = "9999-12"
_EARLIER: Final = text("""
    SELECT d.household_id, d.id, d.content_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id)
    JOIN determination d ON d.household_id = wanted.id AND d.programme IS NULL
""")


@dataclass(frozen=True)
class Stood:
    """How a household stood, by which decision, and the day of the first it ever had."""

    household_id: UUID
    number: str
    village: str
    content: Mapping[str, Any]
    decision: Mapping[str, str]
    first_on: date

    @property
    def listed(self) -> bool:
        """Whether it is on the list."""
        return assistance.is_on_the_list(self.content)


async def of_areas(
    desk: Desk, areas: Sequence[str], month: Month | None = None
) -> AsyncIterator[Stood]:
    """Every household of these areas that was ever decided, village by village.

    Args:
        month: no decision counts that holds only from later; without one, all do.
    """
    words = {"areas": [f"{each}%" for each in areas], "until": str(month or _ALWAYS)}
    for row in await run(desk.session, _LAST, words):
        yield Stood(
            row.household_id,
            row.number,
            row.village,
            determinations.unseal(row.id, row.content_sealed, desk.keys),
            {
                "determination_id": str(row.id),
                "decision_number": row.decision_number,
                "decided_on": row.decided_on.isoformat(),
                "from_month": row.from_month,
            },
            row.first_on,
        )


async def ever_listed(desk: Desk, household_ids: Collection[UUID]) -> set[UUID]:
    """Those of these households that some decision had on the list."""
    found = set[UUID]()
    for row in await run(desk.session, _EARLIER, {"ids": list(household_ids)}):
        if row.household_id in found:
            continue
        content = determinations.unseal(row.id, row.content_sealed, desk.keys)
        if assistance.is_on_the_list(content):
            found.add(row.household_id)
    return found
