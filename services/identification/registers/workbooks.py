"""A list of a register as a workbook.

Whatever stands in a cell goes out as text: a word that begins with = + - or @ is never a formula.
"""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from services.identification.grammar.acts import Field
from services.identification.registers.tables import RegisterTable

ROWS_MAX: Final = 20_000
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ALWAYS: Final = datetime(2026, 1, 1)  # noqa: DTZ001 # The format of workbooks knows no zones.
_COLUMNS: Final = (
    ("编号", "number"), ("登记日期", "opened_on"), ("地区", "area"), ("对象", "about_words"),
    ("责任人", "owner"), ("期限", "due_on"), ("办结日期", "closed_on"),
)  # fmt: skip


def written(table: RegisterTable, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows of a list, a line each, with the fields the table shows."""
    content = io.BytesIO()
    fields = [table.fields[name] for name in table.shown]
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("台账")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(_COLUMNS) + len(fields) + 1, 16)
        headings = [heading for heading, _ in _COLUMNS] + ["状态", "超期"]
        for place, heading in enumerate([*headings, *(each.words.zh for each in fields)]):
            sheet.write_string(0, place, heading, bold)
        for line, row in enumerate(rows, 1):
            cells = [str(row[name] or "") for _, name in _COLUMNS]
            cells += [row["state_words"]["zh"], "是" if row["overdue"] else ""]
            cells += [in_words(each, row["shown"][each.name]) for each in fields]
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell)
    return content.getvalue()


def in_words(field: Field, word: Any) -> str:
    """A field's word as people read it."""
    if word is None:
        return ""
    return "\n".join(map(str, word)) if isinstance(word, list) else field.told(word)
