"""Writes files by their template: ours that go out, theirs with the answers, and bad rows returned.

Whatever stands in a workbook goes out as text: a name that begins with = + - or @ is never a
formula. A CSV file knows no text, so an apostrophe stands before what a spreadsheet would reckon.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, repeat
from typing import Any, Final

import xlsxwriter

from services.identification.exchange.reading import Line, Sheet
from services.identification.exchange.templates import Column, Template
from services.identification.roster import written
from services.identification.roster.faults import Fault
from services.identification.roster.written import Reading
from shared.money import yuan_text

_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ALWAYS: Final = datetime(2026, 1, 1)  # noqa: DTZ001 # The format of workbooks knows no zones.
_ENCODINGS: Final = {"csv-utf-8": "utf-8-sig", "csv-gb18030": "gb18030"}
_CELL_MAX: Final = 32_767
# A number with its sign is no formula.
_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?![0-9]*\.?[0-9]+$)")
_READ: Final[Mapping[str, Reading]] = {"date": written.day, "month": written.month}
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv-utf-8": "text/csv; charset=utf-8",
    "csv-gb18030": "text/csv; charset=gb18030",
}


def going_out(template: Template, rows: Sequence[Mapping[str, Any]], form: str) -> bytes:
    """A file of ours: a row each, and the row of sums where the template has one."""
    columns = template.columns
    lines = [[_theirs(columns[name], row.get(name)) for name in columns] for row in rows]
    if template.total is not None:
        sums = {name: sum(int(row.get(name) or 0) for row in rows) for name in template.total.sums}
        said = {**sums, template.total.column: template.total.label}
        lines.append(
            [
                template.total.label
                if name == template.total.column
                else _theirs(columns[name], said.get(name))
                for name in columns
            ]
        )
    return _written(template.sheet, [each.heading for each in columns.values()], lines, form)


def answered(
    template: Template, sheet: Sheet, answers: Mapping[str, Mapping[str, Any]], form: str
) -> bytes:
    """Their own list, row by row as it came, with our answers in the columns for them.

    Args:
        answers: what is said of each row, by its key.
    """
    assert template.key is not None
    known = {written.heading(heading): at for at, heading in enumerate(sheet.headings)}
    width = len(sheet.headings)
    places: dict[str, int] = {}
    whole = list(sheet.headings)
    for name, column in template.answers.items():
        at = known.get(written.heading(column.heading))
        if at is None:
            at, width = width, width + 1
            whole.append(column.heading)
        places[name] = at
    rows = []
    readings = _readings(template, sheet)
    for line in sheet.lines:
        row = _as_it_came(line, readings, sheet)
        row += [""] * (width - len(row))
        for name, said in answers.get(str(line.words.get(template.key)), {}).items():
            if name in places:
                row[places[name]] = _theirs(template.answers[name], said)
        rows.append(row)
    return _written(template.sheet, whole, rows, form)


def returned(template: Template, came: Sheet, faults: Iterable[Fault]) -> bytes:
    """Every row of a refused file as it came, with what is wrong with it, as a workbook."""
    by_row: dict[int, list[Fault]] = {}
    for each in faults:
        by_row.setdefault(each.row, []).append(each)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        bold, wrong = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFD9D9"})
        sheet = book.add_worksheet(template.sheet[:31])
        sheet.freeze_panes(1, 2)
        for at, heading in enumerate(["原行号", "问题", *came.headings]):
            sheet.set_column(at, at, 40 if at == 1 else 16)
            sheet.write_string(0, at, heading[:_CELL_MAX], bold)
        at_line = 0
        headings, readings = came.headings, _readings(template, came)
        for at_line, line in enumerate(came.lines, start=1):
            found = by_row.pop(line.number, [])
            at_fault = {written.heading(each.column) for each in found}
            sheet.write_number(at_line, 0, line.number)
            sheet.write_string(at_line, 1, _reasons(found))
            for at, text in enumerate(_as_it_came(line, readings, came)):
                style = (
                    wrong
                    if at < len(headings) and written.heading(headings[at]) in at_fault
                    else None
                )
                sheet.write_string(at_line, at + 2, text[:_CELL_MAX], style)
        for row, found in sorted(by_row.items()):
            at_line += 1
            sheet.write_number(at_line, 0, row)
            sheet.write_string(at_line, 1, _reasons(found))
    return content.getvalue()


def blank(template: Template) -> bytes:
    """The template as a workbook without rows, its codes explained."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(template.sheet[:31])
        sheet.freeze_panes(1, 0)
        explained = book.add_worksheet("说明")
        explained.set_column(0, 1, 30)
        every = [*template.columns.values(), *template.answers.values()]
        for at, column in enumerate(every):
            sheet.set_column(at, at, 18, text)
            sheet.write_string(0, at, column.heading, bold)
            must = "必填" if column.needed else ""
            codes = "、".join(f"{code}={word}" for word, code in column.codes.items())
            explained.write_string(at, 0, column.heading, bold)
            explained.write_string(at, 1, " ".join(filter(None, (must, codes or column.type))))
    return content.getvalue()


def _readings(template: Template, sheet: Sheet) -> list[Reading | None]:
    """How the days and months of a file are read, by the place of their column."""
    by_heading = {
        written.heading(column.heading): _READ.get(column.type)
        for column in (*template.columns.values(), *template.answers.values())
    }
    return [by_heading.get(written.heading(heading)) for heading in sheet.headings]


def _as_it_came(line: Line, readings: Sequence[Reading | None], sheet: Sheet) -> list[str]:
    """The cells of a row as text, by which it is read again as it was."""
    every = chain(readings, repeat(None))
    return [
        written.again(cell, reading, sheet.from_1904)
        for cell, reading in zip(line.cells, every, strict=False)
    ]


def _theirs(column: Column, word: Any) -> str:
    """A word of ours as it stands in their file."""
    if word is None:
        return ""
    if column.type == "fen":
        return yuan_text(int(word))
    if column.type == "code" and isinstance(word, list | tuple):
        return "、".join(column.code_of(str(each)) for each in word)
    return column.code_of(str(word)) if column.type == "code" else str(word)


def _written(
    sheet_name: str, headings: Sequence[str], lines: Iterable[Sequence[str]], form: str
) -> bytes:
    if form in _ENCODINGS:
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\r\n")
        for line in (headings, *lines):
            table.writerow(f"'{cell}" if _FORMULA.match(cell) else cell for cell in line)
        return text.getvalue().encode(_ENCODINGS[form])
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(sheet_name[:31])
        sheet.freeze_panes(1, 0)
        for at, heading in enumerate(headings):
            sheet.set_column(at, at, 18, plain)
            sheet.write_string(0, at, heading, bold)
        for number, line in enumerate(lines, start=1):
            for at, cell in enumerate(line):
                if cell:
                    sheet.write_string(number, at, cell[:_CELL_MAX], plain)
    return content.getvalue()


def _reasons(faults: Iterable[Fault]) -> str:
    return "；".join(f"{each.column}：{each.reason}" for each in faults)
