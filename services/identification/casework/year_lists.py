"""The list of a year: last year's, and who came in, without who left, each with their decision.

A household stands in December as the last of its decisions says that holds from then or earlier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from services.identification import determinations, people
from services.identification.desk import Desk
from shared.database import run
from shared.months import Month

_DECISIONS: Final = text("""
    SELECT d.id, d.household_id, d.from_month, d.decided_on, d.decision_number, d.content_sealed,
        h.number, h.village
    FROM determination d JOIN household h ON h.id = d.household_id
    WHERE h.village LIKE ANY(CAST(:areas AS text[])) AND d.from_month <= :until
        AND d.programme IS NULL
    ORDER BY h.village, h.number, d.id
""")
_DECEMBER: Final = 12


@dataclass(frozen=True)
class Stood:
    """How a household stood in a month, and by which decision."""

    household_id: UUID
    number: str
    village: str
    content: Mapping[str, Any]
    decision: Mapping[str, str]

    @property
    def listed(self) -> bool:
        """Whether it is on the list."""
        return determinations.on_the_list(self.content)


async def of_year(desk: Desk, year: int, areas: list[str]) -> dict[str, Any]:
    """Both lists of Decembers, who came in and who left, and that they add up."""
    before = await standing_in(desk, Month(year - 1, _DECEMBER), areas)
    after = await standing_in(desk, Month(year, _DECEMBER), areas)
    last = {each for each, stood in before.items() if stood.listed}
    now = {each for each, stood in after.items() if stood.listed}
    came, left = now - last, last - now
    names = await people.names_of(desk.session, desk.caller, [*came, *left])
    return {
        "year": year,
        "last_year": len(last),
        "came_in": _lines((after[each] for each in came), names),
        "left": _lines((after[each] for each in left), names),
        "this_year": len(now),
        "adds_up": len(last) + len(came) - len(left) == len(now),
        "villages": _villages(last, came, left, now, {**before, **after}),
    }


async def standing_in(desk: Desk, month: Month, areas: list[str]) -> dict[UUID, Stood]:
    """How every household of these areas that was ever decided stood in a month."""
    found: dict[UUID, Stood] = {}
    likes = [f"{each}%" for each in areas]
    for row in await run(desk.session, _DECISIONS, {"areas": likes, "until": str(month)}):
        content = determinations.unseal(row.id, row.content_sealed, desk.keys)
        found[row.household_id] = Stood(
            row.household_id,
            row.number,
            row.village,
            content,
            {
                "determination_id": str(row.id),
                "decision_number": row.decision_number,
                "decided_on": row.decided_on.isoformat(),
                "from_month": row.from_month,
            },
        )
    return found


def _lines(stood: Iterable[Stood], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The records behind a number: each household with the decision that moved it."""
    return [
        {
            "household_id": str(each.household_id),
            "number": each.number,
            "village": each.village,
            "head_name": names.get(str(each.household_id), ""),
            **each.decision,
        }
        for each in sorted(stood, key=lambda each: (each.village, each.number))
    ]


def _villages(
    last: set[UUID], came: set[UUID], left: set[UUID], now: set[UUID], stood: Mapping[UUID, Stood]
) -> list[dict[str, Any]]:
    """The same four numbers, village by village."""
    sums: dict[str, dict[str, int]] = {}
    parts = {"last_year": last, "came_in": came, "left": left, "this_year": now}
    for name, ids in parts.items():
        for each in ids:
            line = sums.setdefault(stood[each].village, dict.fromkeys(parts, 0))
            line[name] += 1
    return [{"village": village, **line} for village, line in sorted(sums.items())]
