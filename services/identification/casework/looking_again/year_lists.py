"""The list of a year: last year's, and who came in, without who left, each with their decision.

A household stands in December as the last of its decisions says that holds from then or earlier.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from services.identification import people
from services.identification.casework import last_decisions
from services.identification.casework.last_decisions import Stood
from services.identification.desk import Desk
from shared.months import Month

_DECEMBER: Final = 12


async def of_year(desk: Desk, year: int, areas: list[str]) -> dict[str, Any]:
    """Both lists of Decembers, who came in and who left, and that they add up."""
    before = await _in_december(desk, year - 1, areas)
    after = await _in_december(desk, year, areas)
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


async def _in_december(desk: Desk, year: int, areas: list[str]) -> dict[UUID, Stood]:
    found = last_decisions.of_areas(desk, areas, Month(year, _DECEMBER))
    return {each.household_id: each async for each in found}


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
