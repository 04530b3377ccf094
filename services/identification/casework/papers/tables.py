"""Lists that are handed on, as PDF and as a workbook: the same rows in both.

Whatever stands in a cell goes out as text: a name that begins with = + - or @ is never a formula.
The same list gives the same workbook.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import xlsxwriter

from services.identification.casework.papers import printing
from services.identification.places import Place
from shared.problems import NotFound

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOTAL: Final = "合计"
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ALWAYS: Final = datetime(2026, 1, 1)  # noqa: DTZ001 # The format of workbooks knows no zones.
_TOWN: Final = 9


class NoSuchLine(NotFound):
    """This list has no such number."""


Row = Sequence[str | int]


@dataclass(frozen=True)
class Sheet:
    """Rows under their headings; numbers among them are numbers."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Row]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Each sheet on one of its own."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        bold = book.add_format({"bold": True})
        for each in sheets:
            sheet = book.add_worksheet(each.name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(each.columns) - 1, 16)
            for column, heading in enumerate(each.columns):
                sheet.write_string(0, column, heading, bold)
            for line, row in enumerate(each.rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(line, column, cell)
                    else:
                        sheet.write_string(line, column, cell)
    return content.getvalue()


def pdf(title: str, of: str, on: str, sheets: Sequence[Sheet]) -> bytes:
    """The same on paper, one below the other."""
    return printing.sheet(
        "tables",
        {
            "title": title,
            "of": of,
            "on": on,
            "sheets": [
                {
                    "name": each.name,
                    "columns": list(each.columns),
                    "rows": [[str(cell) for cell in row] for row in each.rows],
                }
                for each in sheets
            ],
        },
    )


def by_area(place: Place, sums: Mapping[str, Sequence[int]], wide: int) -> list[Row]:
    """Sums of villages under the sum of each township, and of all of them; `wide` numbers each."""
    rows: list[Row] = []
    towns = sorted({village[:_TOWN] for village in sums})
    for town in towns:
        theirs = {village: sums[village] for village in sorted(sums) if village[:_TOWN] == town}
        name = place.towns.get(town, town)
        rows += [(name, place.villages.get(each, each), *of) for each, of in theirs.items()]
        rows.append((name, "小计", *_added(theirs, wide)))
    return [*rows, (TOTAL, "", *_added(sums, wide))]


def called(place: Place, area: str) -> str:
    """An area by its name: the county, a township, or a village."""
    return place.name if area == place.county else place.towns.get(area) or place.called(area)


def _added(sums: Mapping[str, Sequence[int]], wide: int) -> list[int]:
    return [sum(each[column] for each in sums.values()) for column in range(wide)]
