"""The list of a year: last year's, and who came in, without who left, each with their decision.

A household stands in December as the last of its decisions says that holds from then or earlier,
and in the village that decision has it in. Who only moved inside the county neither came in nor
left: it is a number of its own in the village it left, and in the one it moved to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from services.identification import people
from services.identification.casework import last_decisions
from services.identification.casework.last_decisions import Stood
from services.identification.casework.papers import tables
from services.identification.casework.papers.tables import NoSuchLine, Sheet
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.places import Place
from shared.months import Month

PAGE: Final = 200
LINES: Final[Mapping[str, Words]] = {
    "last_year": Words("上年", "last year"),
    "came_in": Words("新增", "came in"),
    "moved_in": Words("县内迁入", "moved in from another village of the county"),
    "left": Words("退出", "left"),
    "moved_out": Words("县内迁出", "moved to another village of the county"),
    "this_year": Words("本年", "this year"),
}
"""The numbers, each of which opens the households behind it."""
MOVEMENTS: Final = ("came_in", "moved_in", "left", "moved_out")
_DECEMBER: Final = 12
_COLUMNS: Final = ("乡镇（街道）", "村（社区）")


@dataclass(frozen=True)
class YearList:
    """How every household that ever was in some areas stood in two Decembers."""

    year: int
    areas: Sequence[str]
    before: Mapping[UUID, Stood]
    after: Mapping[UUID, Stood]

    @cached_property
    def lines(self) -> Mapping[str, Mapping[UUID, Stood]]:
        """The households behind each of the numbers."""
        was = {each: stood for each, stood in self.before.items() if stood.listed}
        now = {each: stood for each, stood in self.after.items() if stood.listed}
        stayed = {
            each for each in was.keys() & now.keys() if was[each].village == now[each].village
        }
        last, this = self._here(was), self._here(now)
        # Whoever is gone is told where they were, by the decision with which they went.
        gone = {
            each: replace(self.after[each], village=stood.village)
            for each, stood in last.items()
            if each not in stayed
        }
        come = {each: stood for each, stood in this.items() if each not in stayed}
        return {
            "last_year": last,
            "came_in": {each: stood for each, stood in come.items() if each not in was},
            "moved_in": {each: stood for each, stood in come.items() if each in was},
            "left": {each: stood for each, stood in gone.items() if each not in now},
            "moved_out": {each: stood for each, stood in gone.items() if each in now},
            "this_year": this,
        }

    def _here(self, stood: Mapping[UUID, Stood]) -> dict[UUID, Stood]:
        here = tuple(self.areas)
        return {home: each for home, each in stood.items() if each.village.startswith(here)}

    @property
    def villages(self) -> dict[str, dict[str, int]]:
        """The numbers, village by village."""
        sums: dict[str, dict[str, int]] = {}
        for name, households in self.lines.items():
            for stood in households.values():
                sums.setdefault(stood.village, dict.fromkeys(LINES, 0))[name] += 1
        return dict(sorted(sums.items()))


async def read(desk: Desk, year: int, areas: Sequence[str]) -> YearList:
    """The list of a year in some areas."""
    before = await _in_december(desk, year - 1, areas)
    return YearList(year, areas, before, await _in_december(desk, year, areas))


def shown(found: YearList) -> dict[str, Any]:
    """Both Decembers in numbers, who came in and who left, and that they add up."""
    numbers = {name: len(each) for name, each in found.lines.items()}
    last, came, moved_in, left, moved_out, now = numbers.values()
    return {
        "year": found.year,
        **numbers,
        "adds_up": last + came + moved_in - left - moved_out == now,
        "villages": [{"village": each, **line} for each, line in found.villages.items()],
    }


async def behind(desk: Desk, found: YearList, line: str, after: int) -> dict[str, Any]:
    """The households behind one of the numbers, page by page.

    Raises:
        NoSuchLine: there is none of that name.
    """
    if line not in LINES:
        raise NoSuchLine()
    rows = sorted(found.lines[line].values(), key=_in_order)
    return {
        "name": LINES[line].both(),
        "number": len(rows),
        "items": await _households(desk, rows[after : after + PAGE]),
        "next": after + PAGE if after + PAGE < len(rows) else None,
    }


async def sheets(
    desk: Desk, found: YearList, place: Place, lines: Sequence[str] = tuple(LINES)
) -> list[Sheet]:
    """The list on paper: the sums of villages and townships, and the households of some lines."""
    sums = {each: list(line.values()) for each, line in found.villages.items()}
    headings = [each.zh for each in LINES.values()]
    rows = tables.by_area(place, sums, len(LINES))
    listed = [Sheet("分乡镇、村汇总", [*_COLUMNS, *headings], rows)]
    for name in lines:
        households = await _households(desk, found.lines[name].values())
        columns = ["村（社区）", "户号", "户主", "决定文号", "决定日期", "执行月份"]
        listed.append(
            Sheet(LINES[name].zh, columns, [_printed(place, each) for each in households])
        )
    return listed


async def _in_december(desk: Desk, year: int, areas: Sequence[str]) -> dict[UUID, Stood]:
    found = last_decisions.decided_in(desk, areas, Month(year, _DECEMBER))
    return {each.household_id: each async for each in found}


async def _households(desk: Desk, stood: Iterable[Stood]) -> list[dict[str, Any]]:
    """The records behind a number: each household with the decision it stands by."""
    rows = sorted(stood, key=_in_order)
    names = await people.names_of(desk.session, desk.caller, [each.household_id for each in rows])
    return [
        {
            "household_id": str(each.household_id),
            "number": each.number,
            "village": each.village,
            "head_name": names.get(str(each.household_id), ""),
            **each.decision,
        }
        for each in rows
    ]


def _in_order(stood: Stood) -> tuple[str, str]:
    return stood.village, stood.number


def _printed(place: Place, each: Mapping[str, Any]) -> list[str]:
    told = ("number", "head_name", "decision_number", "decided_on", "from_month")
    return [place.called(each["village"]), *(str(each[name]) for name in told)]
