"""A report to be handed on: as PDF, and as a workbook with the records its numbers count.

Whatever stands in a cell goes out as text: a name that begins with = + - or @ is never a formula.
The same report gives the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from services.identification.casework.papers import printing
from services.identification.places import Place
from services.identification.reports import counting
from services.identification.reports.definitions import Definitions
from shared.money import yuan_text
from shared.months import COUNTY_ZONE

RECORDS_MAX: Final = 200_000
"""In a workbook; what is longer is asked for line by line, or town by town."""
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
_WHO: Final = (
    ("name", "姓名"),
    ("id_number_masked", "身份证号"),
    ("household_number", "户号"),
    ("receipt", "编号"),
)


def pdf(told: Mapping[str, Any]) -> bytes:
    """The report on paper."""
    return printing.sheet(
        "report",
        {
            "title": told["name"]["zh"],
            "of": told["of"],
            "period": told["period"],
            "state": _state(told),
            "sections": [
                {
                    "name": section["name"]["zh"],
                    "lines": [
                        {
                            "name": line["name"]["zh"],
                            "number": number_of(line),
                            "by": [_by(each) for each in line.get("by", ())],
                        }
                        for line in section["lines"]
                    ],
                }
                for section in told["sections"]
            ],
        },
    )


def workbook(
    told: Mapping[str, Any],
    definitions: Definitions,
    place: Place,
    lists: Mapping[str, Sequence[Mapping[str, Any]]],
    left_out: Mapping[str, int],
) -> bytes:
    """The report, and beside it the records of each book, with every column it is told by; which
    books were too long to be there, and how many records they have, stands under the report."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        moment = datetime.fromisoformat(told["told_at"]).astimezone(COUNTY_ZONE)
        book.set_properties({"created": moment.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        missing = [f"{definitions.names[name].zh} {each}条" for name, each in left_out.items()]
        _report_sheet(book, told, bold, missing)
        for name, rows in lists.items():
            _records_sheet(book, definitions, place, name, rows, bold)
    return content.getvalue()


def fitting(lengths: Mapping[str, int]) -> set[str]:
    """Of these books those that go into one workbook together, the shortest first."""
    found, records = set[str](), 0
    for name, number in sorted(lengths.items(), key=lambda each: each[1]):
        records += number
        if records > RECORDS_MAX:
            break
        found.add(name)
    return found


def number_of(line: Mapping[str, Any]) -> str:
    """A line's number, its sum or mean in yuan, or its share in percent."""
    if "number" in line:
        return str(line["number"])
    if "basis_points" not in line:
        fen = line.get("fen", line.get("mean_fen"))
        return "—" if fen is None else yuan_text(fen)
    share = line["basis_points"]
    return "—" if share is None else f"{share // 100}.{share % 100:02d}%"


def _by(each: Mapping[str, Any]) -> str:
    values = "，".join(f"{value['name']['zh']} {number_of(value)}" for value in each["values"])
    return f"{each['name']['zh']}：{values or '—'}"


def _state(told: Mapping[str, Any]) -> str:
    """That it is frozen, under which hash, and where the audit log ended; or may still change."""
    frozen = told["frozen"]
    moment = datetime.fromisoformat(told["told_at"]).astimezone(COUNTY_ZONE)
    if frozen is None:
        return f"暂定，截至{moment:%Y-%m-%d %H:%M}，尚未冻结"
    said = f"已冻结，{moment:%Y-%m-%d %H:%M}，指纹 {frozen['numbers_sha256'][:16]}"
    if frozen["audit_rows"]:
        said += f"，审计日志 {frozen['audit_rows']} 行，末行指纹 {frozen['audit_head']}"
    if told["is_part"]:
        return f"全县报表{said}；这里只是其中{told['of']}的部分，不能单独核对指纹"
    return said


def _report_sheet(book: Any, told: Mapping[str, Any], bold: Any, missing: Sequence[str]) -> None:
    sheet = book.add_worksheet("报表")
    for column, width in enumerate((34, 14, 16, 26, 12)):
        sheet.set_column(column, column, width)
    lines = iter(range(2**20))
    heading = [f"{told['of']} {told['name']['zh']} {told['period']}", _state(told)]
    if missing:
        heading.append(f"名单太长，没有附在后面的：{'、'.join(missing)}；请分乡镇或分行导出")
    for text in heading:
        sheet.write_string(next(lines), 0, text, bold)
    for section in told["sections"]:
        sheet.write_string(next(lines), 0, section["name"]["zh"], bold)
        for line in section["lines"]:
            at = next(lines)
            sheet.write_string(at, 0, line["name"]["zh"])
            if "number" in line:
                sheet.write_number(at, 1, line["number"])
            else:
                sheet.write_string(at, 1, number_of(line))
            for by in line.get("by", ()):
                for value in by["values"]:
                    at = next(lines)
                    sheet.write_string(at, 2, by["name"]["zh"])
                    sheet.write_string(at, 3, value["name"]["zh"])
                    if "number" in value:
                        sheet.write_number(at, 4, value["number"])
                    else:
                        sheet.write_string(at, 4, number_of(value))


def _records_sheet(
    book: Any,
    definitions: Definitions,
    place: Place,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    bold: Any,
) -> None:
    """One sheet of records: who, where, and a column for everything a number is told by."""
    columns = counting.columns_of(definitions, name)
    words = {each: counting.words_of(definitions, place, name, each) for each in columns}
    sheet = book.add_worksheet(definitions.names[name].zh)
    headings = [heading for _, heading in _WHO]
    headings += [counting.name_of(definitions, name, each).zh for each in columns]
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, bold)
    for line, row in enumerate(rows, start=1):
        cells = [row[each] for each, _ in _WHO]
        cells += [
            counting.word_of(definitions, name, each, words[each], row[each]).zh for each in columns
        ]
        for at, cell in enumerate(cells):
            sheet.write_string(line, at, cell)
