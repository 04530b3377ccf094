"""Days as a spreadsheet keeps them, counted from 1900 or 1904: what we write back says the same."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from services.identification.roster.columns import COLUMNS, ROSTER_SHEET
from tests.identification.makers import FIELDS, a_household, a_person, id_number, on_dibao, rows_of
from tests.identification.province import SUN_YU, TEMPLATES, a_list, bring, brought, read
from tests.identification.register import Register

COUNTED_FROM = pytest.mark.parametrize("from_1904", [False, True])


def a_sheet(name: str, lines: Sequence[Sequence[Any]], *, from_1904: bool) -> bytes:
    """A workbook whose days are cells with days in them."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "date_1904": from_1904}) as book:
        sheet, day = book.add_worksheet(name), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines):
            for at, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, at, cell, day)
                elif cell is not None:
                    sheet.write_string(number, at, str(cell))
    return content.getvalue()


def warnings(*rows: dict[str, Any], from_1904: bool) -> bytes:
    """The province's list of warnings."""
    columns = TEMPLATES["warnings"].columns
    lines = [[row.get(name) for name in columns] for row in rows]
    headings = [each.heading for each in columns.values()]
    return a_sheet(TEMPLATES["warnings"].sheet, [headings, *lines], from_1904=from_1904)


def a_warning(number: str, **words: Any) -> dict[str, Any]:
    """One of its rows, in the province's codes."""
    return {
        "warning_number": number,
        "name": "李戊",
        "id_number": id_number(11),
        "kind": "04",
        "warned_on": date(2026, 9, 25),
        "due_on": date(2026, 12, 31),
        **words,
    }


@COUNTED_FROM
async def test_a_list_goes_back_with_its_days_and_is_read_again(
    register: Register, from_1904: bool
) -> None:
    came = await brought(register, "warnings", warnings(a_warning("W1"), from_1904=from_1904))
    back = await register.get(f"/exchange/files/{came['file_id']}/answers", SUN_YU)
    (row,) = read("warnings", back.content)
    assert (row["warned_on"], row["due_on"]) == ("2026-09-25", "2026-12-31")
    again = await brought(register, "warnings", back.content)
    assert again["counts"] == {"new": 0, "known": 1, "renewed": 0}


@COUNTED_FROM
async def test_rows_that_come_back_keep_their_days_and_go_in_once_put_right(
    register: Register, from_1904: bool
) -> None:
    wrong = a_warning("W2", id_number="51142519650304001X", detail=date(2026, 9, 1))
    content = warnings(a_warning("W1"), wrong, from_1904=from_1904)
    refused = (await bring(register, "warnings", content)).json()
    back = await register.get(f"/exchange/files/{refused['file_id']}/annotated", SUN_YU)
    rows = read("warnings", back.content)
    assert {each["warned_on"] for each in rows} == {"2026-09-25"}
    assert rows[1]["detail"].isdigit(), "where no day is asked for, what stands there stands"
    rows[1] |= {"id_number": id_number(12), "detail": ""}
    kinds = [{**each, "kind": "vehicle"} for each in rows]
    good = await brought(register, "warnings", a_list("warnings", kinds))
    assert good["counts"]["new"] == 2


@COUNTED_FROM
async def test_rows_of_a_roster_come_back_with_their_days_and_months(
    register: Register, from_1904: bool
) -> None:
    days = on_dibao(decided_on=date(2026, 9, 10), from_month=date(2026, 10, 1))
    bad = a_household(
        "h-2", a_person(2, since=date(2010, 1, 1)), a_person(3, registration="?"), **days
    )
    lines = [[row.get(name) for name in FIELDS] for row in rows_of(bad)]
    headings = [column.heading for column in COLUMNS]
    content = a_sheet(ROSTER_SHEET, [headings, *lines], from_1904=from_1904)
    found = await register.imported(content)
    back = await register.get(f"/rosters/{found['import_id']}/annotated")
    book = CalamineWorkbook.from_filelike(io.BytesIO(back.content))
    whole = book.get_sheet_by_name(ROSTER_SHEET).to_python()
    row = dict(zip(whole[0], whole[1], strict=True))
    said = [row[heading] for heading in ("入户年月", "决定日期", "享受起始年月")]
    assert said == ["2010-01", "2026-09-10", "2026-10"]
