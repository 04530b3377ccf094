"""A report opened for a caller: frozen for good, or provisional as it stands by now.

Books are put together for the whole county and kept for a while, so that a number and the list
behind it are of the same moment; a caller sees the records of their own areas, and no others.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from services.identification.casework.papers import tables
from services.identification.desk import Desk
from services.identification.places import Place
from services.identification.reports import counting, freezing, shelves
from services.identification.reports.definitions import REPORTS, Definitions, Report
from services.identification.reports.periods import Period
from services.identification.reports.shelves import Books
from shared.database import run
from shared.problems import Forbidden, NotFound

KEPT_FOR: Final = timedelta(minutes=5)
_KEPT_MAX: Final = 6
_NEWEST: Final = text("""
    SELECT (SELECT id FROM determination ORDER BY id DESC LIMIT 1),
        (SELECT id FROM case_act ORDER BY id DESC LIMIT 1),
        (SELECT id FROM register_act ORDER BY id DESC LIMIT 1),
        (SELECT id FROM alert ORDER BY id DESC LIMIT 1),
        (SELECT id FROM alert_act ORDER BY id DESC LIMIT 1)
""")


class AreaNotYours(Forbidden):
    """A report is told of the caller's own areas."""


class NoSuchReport(NotFound):
    """There is no such report."""


@dataclass(frozen=True)
class Opened:
    """A report with the records it counts, those of some areas the caller may see."""

    report: Report
    period: Period
    areas: Sequence[str]
    books: Books
    told_at: datetime
    frozen: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Kept:
    books: Books
    told_at: datetime
    newest: object


class Shelf:
    """The books that were put together last; one at a time is put together."""

    def __init__(self, definitions: Definitions, place: Place) -> None:
        self.definitions = definitions
        self.place = place
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def open(
        self, desk: Desk, name: str, period_name: str, area: str | None = None
    ) -> Opened:
        """A report as the caller may see it, or of one of their areas alone.

        Raises:
            AreaNotYours: the area is none of the caller's.
            NoSuchReport, NoSuchPeriod: there is none of that name, or it is written otherwise.
            FrozenDiffers: a frozen one is not as it was frozen.
        """
        if name not in REPORTS:
            raise NoSuchReport(f"there are {', '.join(REPORTS)}")
        period = Period.read(name, period_name, desk.today)
        if area is not None and not desk.caller.may_see(area):
            raise AreaNotYours()
        areas = (area,) if area is not None else desk.caller.divisions
        frozen = await freezing.found(desk.session, name, period.name)
        if frozen is not None:
            report = freezing.report_of(self.definitions, frozen)
            key = (name, str(frozen.id))
            if key not in self._kept:
                books = await freezing.books_of(desk, self.definitions, frozen)
                freezing.check(frozen, counting.told(self.definitions, report, books, self.place))
                self._keep(key, _Kept(books, frozen.frozen_at, None))
            kept = self._kept[key]
        else:
            report = self.definitions.reports[name]
            kept = await self._provisional(desk, report, period)
        books = {book: rows.within(areas) for book, rows in kept.books.items()}
        words = freezing.words(frozen) if frozen is not None else None
        return Opened(report, period, areas, books, kept.told_at, words)

    async def _provisional(self, desk: Desk, report: Report, period: Period) -> _Kept:
        key = (report.name, period.name)
        async with self._one_at_a_time:
            newest = tuple((await run(desk.session, _NEWEST)).one())
            kept = self._kept.get(key)
            if kept is None or kept.newest != newest or desk.now - kept.told_at > KEPT_FOR:
                books = await self._fresh(desk, report, period)
                kept = self._keep(key, _Kept(books, desk.now, newest))
            return kept

    async def freeze(self, desk: Desk, name: str, period_name: str) -> dict[str, Any]:
        """Freeze a report as it stands now; when, with which runs, and under which hash.

        Raises:
            NoSuchReport, NoSuchPeriod: there is none of that name, or it is written otherwise.
            CountyWideOnly, FrozenBefore, NothingClosed, NotOver: as freezing has it.
            FamiliesNotRun: a month waits for a run of a family of which somebody is counted.
        """
        if name not in REPORTS:
            raise NoSuchReport(f"there are {', '.join(REPORTS)}")
        period = Period.read(name, period_name, desk.today)
        report = self.definitions.reports[name]
        runs = await freezing.may_freeze(desk, report, period)
        async with self._one_at_a_time:
            books = await self._fresh(desk, report, period)
        if name == "month":
            freezing.refuse_unrun(desk.settings.law().families, books, runs)
        numbers = counting.told(self.definitions, report, books, self.place)
        frozen = await freezing.freeze(desk, report, period, books, numbers, runs)
        return freezing.words(frozen)

    async def _fresh(self, desk: Desk, report: Report, period: Period) -> Books:
        """The books of the whole county, put together now."""
        county = replace(desk, caller=replace(desk.caller, areas=(desk.caller.county,)))
        return await shelves.books(county, self.definitions, report, period)

    def forget(self) -> None:
        """Put the books together anew when they are asked for next."""
        self._kept.clear()

    def _keep(self, key: tuple[str, str], kept: _Kept) -> _Kept:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)
        return kept


def words(shelf: Shelf, opened: Opened) -> dict[str, Any]:
    """A report as it is told: of where, its state, and every line with its number."""
    return {
        "report": opened.report.name,
        "name": opened.report.words.both(),
        "period": opened.period.name,
        "of": "、".join(tables.called(shelf.place, each) for each in opened.areas),
        "is_part": shelf.place.county not in opened.areas,
        "told_at": opened.told_at.isoformat(),
        "frozen": opened.frozen,
        "sections": counting.told(shelf.definitions, opened.report, opened.books, shelf.place),
    }
