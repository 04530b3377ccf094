"""Tables of money: each number opens what is behind it; the same on paper and in a workbook."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import xlsxwriter
from fastapi import Response

from gateway import words
from gateway.pages import yuan_words

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_SUM: Final = "—"
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


@dataclass(frozen=True, slots=True)
class Cell:
    """A word or a number of a table, and the page that opens what is behind it."""

    said: str
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """A table; its last row may be the sum of the others."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    whole: Sequence[Cell] = ()

    @property
    def all_rows(self) -> list[Sequence[Cell]]:
        """Its rows, and its sum where it has one."""
        return [*self.rows, *([self.whole] if self.whole else [])]


def count(number: int, opens: str = "") -> Cell:
    """How many."""
    return Cell(str(number), opens)


def money(fen: int | None, opens: str = "") -> Cell:
    """How much; a stroke where nobody knows, which opens nothing."""
    return Cell(NO_SUM) if fen is None else Cell(yuan_words(fen), opens)


def share(part: int, whole: int, opens: str = "") -> Cell:
    """A share in percent."""
    return Cell(words.percent(part, whole), opens)


def granted(first: str, last: str = "", **narrowed: str) -> str:
    """The page of what was granted in these months, of a programme or a budget item."""
    return f"/staff/lines?{urlencode({'first': first, 'last': last or first, **narrowed})}"


def paid(month: str, state: str) -> str:
    """The page of a month's payments that are in a state."""
    return f"/staff/payments?{urlencode({'pay_month': month, 'state': state})}"


def on_paper(tables: Iterable[Sums]) -> list[dict[str, Any]]:
    """The tables as the sheet prints them."""
    return [
        {
            "title": each.title,
            "columns": list(each.columns),
            "rows": [[cell.said for cell in row] for row in each.all_rows],
        }
        for each in tables
    ]


def workbook(name: str, heading: Sequence[str], tables: Iterable[Sums]) -> Response:
    """The tables one below another, as text: what stands in a cell is never a formula."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("表")
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 8, 16)
        lines = iter(range(2**20))
        for text in heading:
            sheet.write_string(next(lines), 0, text, bold)
        for table in tables:
            sheet.write_string(next(lines), 0, table.title, bold)
            _write(sheet, next(lines), [Cell(each) for each in table.columns])
            for row in table.all_rows:
                _write(sheet, next(lines), row)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(content.getvalue(), media_type=XLSX, headers=headers)


def _write(sheet: Any, line: int, row: Sequence[Cell]) -> None:
    for column, cell in enumerate(row):
        if cell.said.isdecimal():
            sheet.write_number(line, column, int(cell.said))
        else:
            sheet.write_string(line, column, cell.said)
