"""Workbooks we give out: the blank template, and bad rows returned with what is wrong with them.

Whatever stands in a cell goes out as text: a name that begins with = + - or @ is never a formula.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from services.identification.places import Place
from services.identification.roster import written
from services.identification.roster.columns import (
    COLUMNS,
    EXPLANATION_SHEET,
    ROSTER_SHEET,
    STATISTICS,
    STATISTICS_SHEET,
    TOTAL_ROW,
    Field,
)
from services.identification.roster.faults import Fault
from services.identification.roster.written import Reading
from services.identification.roster.xlsx import Cell

FAULTS_SHEET: Final = "问题清单"
RETURNED_ROWS_MAX: Final = 20_000
_READ: Final[dict[Field, Reading]] = {
    **dict.fromkeys((Field.DIED_ON, Field.DECIDED_ON, Field.BORN_ON), written.day),
    **dict.fromkeys(
        (Field.SINCE, Field.UNTIL, Field.ACCOUNT_SINCE, Field.FROM_MONTH), written.month
    ),
}
"""How days and months are read."""
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ALWAYS: Final = datetime(2026, 1, 1)  # noqa: DTZ001 # The format of workbooks knows no zones.


def blank(place: Place) -> bytes:
    """The template a county fills in, with its own banks and villages explained."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(ROSTER_SHEET)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(COLUMNS):
            # Text, so that a spreadsheet keeps all eighteen digits of an ID number.
            sheet.set_column(index, index, column.width, text if index else None)
            sheet.write_string(0, index, column.heading, bold)
        table = book.add_worksheet(STATISTICS_SHEET)
        for index, (heading, _) in enumerate(STATISTICS):
            table.set_column(index, index, 16)
            table.write_string(0, index, heading, bold)
        table.write_string(1, 0, TOTAL_ROW, bold)
        explanation = book.add_worksheet(EXPLANATION_SHEET)
        explanation.set_column(0, 0, 16)
        explanation.set_column(1, 1, 90)
        explained = [(column.heading, column.explanation) for column in COLUMNS]
        explained.append(("可填的银行", place.bank_names()))
        explained += [
            (code, f"{place.towns[code[:9]]}{place.villages[code]}")
            for code in sorted(place.villages)
        ]
        for line, (what, words) in enumerate(explained):
            explanation.write_string(line, 0, what, bold)
            explanation.write_string(line, 1, words)
    return content.getvalue()


def annotated(
    rows: Iterable[tuple[int, list[Cell]]],
    from_1904: bool,
    faults: dict[int, list[Fault]],
    others: list[Fault],
) -> bytes:
    """The rows that did not go in, each with what is wrong, and a list of everything wrong.

    Args:
        rows: the rows of the households left out, as they stood in the file.
        from_1904: whether the file counts its days from 1904.
        faults: what is wrong, by row of the roster sheet.
        others: what is wrong elsewhere.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        bold = book.add_format({"bold": True})
        wrong = book.add_format({"bg_color": "#FFD9D9"})
        sheet = book.add_worksheet(ROSTER_SHEET)
        sheet.freeze_panes(1, 2)
        headings = ["原行号", "问题", *(column.heading for column in COLUMNS)]
        for index, heading in enumerate(headings):
            sheet.set_column(index, index, 40 if index == 1 else 14)
            sheet.write_string(0, index, heading, bold)
        shown = 0
        for shown, (number, cells) in enumerate(rows, start=1):
            if shown > RETURNED_ROWS_MAX:
                sheet.write_string(shown, 1, "还有更多，先改好以上各行再交", bold)
                break
            texts = [_as_it_came(at, cell, from_1904) for at, cell in enumerate(cells)]
            _returned(sheet, shown, number, texts, faults.get(number, []), wrong)
        _all_faults(book.add_worksheet(FAULTS_SHEET), bold, faults, others)
    return content.getvalue()


def _returned(
    sheet: Any, line: int, number: int, texts: list[str], faults: list[Fault], wrong: Any
) -> None:
    at_fault = {fault.column for fault in faults}
    sheet.write_number(line, 0, number)
    reasons = "；".join(f"{fault.column}：{fault.reason}" for fault in faults)
    sheet.write_string(line, 1, reasons or "同一户有别的行不对，整户退回")
    for index, text in enumerate(texts):
        style = wrong if COLUMNS[index].heading in at_fault else None
        if text:
            sheet.write_string(line, index + 2, text[:32_767], style)
        elif style is not None:
            sheet.write_blank(line, index + 2, None, style)


def _as_it_came(at: int, cell: Cell, from_1904: bool) -> str:
    """A cell as text, by which it is read again as it was."""
    return written.again(cell, _READ.get(COLUMNS[at].field), from_1904)


def _all_faults(sheet: Any, bold: Any, faults: dict[int, list[Fault]], others: list[Fault]) -> None:
    for index, heading in enumerate(("工作表", "行", "列", "问题", "代码")):
        sheet.write_string(0, index, heading, bold)
    every = [*others, *(fault for row in sorted(faults) for fault in faults[row])]
    for line, fault in enumerate(every[:RETURNED_ROWS_MAX], start=1):
        sheet.write_string(line, 0, fault.sheet)
        sheet.write_number(line, 1, fault.row)
        sheet.write_string(line, 2, fault.column)
        sheet.write_string(line, 3, fault.reason)
        sheet.write_string(line, 4, fault.code)
