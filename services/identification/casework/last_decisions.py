"""How households stand: by the last decision on each as a whole, of now or of an earlier month.

What is sealed in a decision is opened in a thread, some thousands at a time: a county has many.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from services.identification import assistance, determinations
from services.identification.desk import Desk
from shared.database import run
from shared.months import Month
from shared.secrets import KeyRing

_LAST: Final = text("""
    SELECT DISTINCT ON (h.village, h.number) h.id AS household_id, h.number, h.village,
        d.id, d.from_month, d.decided_on, d.decision_number,
        min(d.decided_on) OVER (PARTITION BY d.household_id) AS first_on
    FROM determination d JOIN household h ON h.id = d.household_id
    WHERE h.village LIKE ANY(CAST(:areas AS text[])) AND d.programme IS NULL
        AND d.from_month <= :until
    ORDER BY h.village, h.number, d.id DESC
""")
# Where a household lived then is where it was decided then, wherever it has gone since.
_OF_MONTH: Final = text("""
    WITH known AS (
        SELECT DISTINCT household_id FROM determination
        WHERE village LIKE ANY(CAST(:areas AS text[])) AND programme IS NULL
    ), last AS (
        SELECT DISTINCT ON (d.household_id) d.id,
            min(d.decided_on) OVER (PARTITION BY d.household_id) AS first_on
        FROM determination d JOIN known USING (household_id)
        WHERE d.programme IS NULL AND d.from_month <= :until
        ORDER BY d.household_id, d.id DESC
    )
    SELECT h.id AS household_id, h.number, d.village,
        d.id, d.from_month, d.decided_on, d.decision_number, last.first_on
    FROM last JOIN determination d USING (id) JOIN household h ON h.id = d.household_id
""")
_ALWAYS: Final = "9999-12"
_SEALED: Final = text("""
    SELECT d.id, d.content_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) JOIN determination d USING (id)
""")
_EARLIER: Final = text("""
    SELECT d.household_id, d.id, d.content_sealed
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id)
    JOIN determination d ON d.household_id = wanted.id AND d.programme IS NULL
""")
_AT_ONCE: Final = 1_000


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
    """Every household that lives in these areas and was ever decided, village by village.

    Args:
        month: no decision counts that holds only from later; without one, all do.
    """
    async for each in _stood(desk, _LAST, areas, month):
        yield each


async def decided_in(desk: Desk, areas: Sequence[str], month: Month) -> AsyncIterator[Stood]:
    """Every household that some decision ever had in these areas, as it stood in a month: where
    the last decision of then has it, which may be elsewhere."""
    async for each in _stood(desk, _OF_MONTH, areas, month):
        yield each


async def ever_listed(desk: Desk, household_ids: Collection[UUID]) -> set[UUID]:
    """Those of these households that some decision had on the list."""
    found, wanted = set[UUID](), list(household_ids)
    for first in range(0, len(wanted), _AT_ONCE):
        words = {"ids": wanted[first : first + _AT_ONCE]}
        rows = (await run(desk.session, _EARLIER, words)).all()
        found |= await asyncio.to_thread(_ever_listed, rows, desk.keys)
    return found


async def _stood(
    desk: Desk, statement: Any, areas: Sequence[str], month: Month | None
) -> AsyncIterator[Stood]:
    words = {"areas": [f"{each}%" for each in areas], "until": str(month or _ALWAYS)}
    last = (await run(desk.session, statement, words)).all()
    for first in range(0, len(last), _AT_ONCE):
        rows = last[first : first + _AT_ONCE]
        sealed = (await run(desk.session, _SEALED, {"ids": [row.id for row in rows]})).all()
        contents = await asyncio.to_thread(_opened, sealed, desk.keys)
        for row in rows:
            yield Stood(
                row.household_id,
                row.number,
                row.village,
                contents[row.id],
                {
                    "determination_id": str(row.id),
                    "decision_number": row.decision_number,
                    "decided_on": row.decided_on.isoformat(),
                    "from_month": row.from_month,
                },
                row.first_on,
            )


def _opened(rows: Sequence[Row[Any]], keys: KeyRing) -> dict[UUID, Mapping[str, Any]]:
    return {row.id: determinations.unseal(row.id, row.content_sealed, keys) for row in rows}


def _ever_listed(rows: Sequence[Row[Any]], keys: KeyRing) -> set[UUID]:
    found = set[UUID]()
    for row in rows:
        if row.household_id not in found and assistance.is_on_the_list(
            determinations.unseal(row.id, row.content_sealed, keys)
        ):
            found.add(row.household_id)
    return found
