"""A file that is no roster is refused in words, quickly, and in little memory."""

import io
import time
import tracemalloc
import zipfile
from pathlib import Path
from random import Random

import pytest
import xlsxwriter

from services.identification.roster.columns import COLUMNS, ROSTER_SHEET
from services.identification.roster.faults import RosterTooLarge, RosterUnreadable
from tests.identification.makers import (
    FIELDS,
    a_csv,
    a_household,
    a_person,
    a_workbook,
    rows_of,
)
from tests.identification.surveys import named, survey

ROWS = rows_of(a_household("h-0", a_person(1), a_person(2, "配偶")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"PK\x03\x04 and nothing more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        b"\x00\x01\x02 something else",
        b"%PDF-1.7 a letter",
        "序号,户编号\n1,2\n".encode(),
        "甲,乙\n".encode("utf-16"),
        b"\xff\xfe\xff\xff broken",
        a_csv(ROWS).replace("李".encode(), b"\x80\xff"),
        a_csv(ROWS)[:60],
        a_workbook(ROWS, columns=[name for name in FIELDS if name != "id_number"]),
        a_workbook([]),
    ],
    ids=lambda content: repr(content[:16]),
)
def test_what_is_no_roster_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RosterUnreadable):
        survey(tmp_path, content)


def test_the_columns_that_are_missing_are_named(tmp_path: Path) -> None:
    content = a_workbook(ROWS, columns=[n for n in FIELDS if n not in ("name", "since")])
    with pytest.raises(RosterUnreadable) as refused:
        survey(tmp_path, content)
    assert refused.value.members["missing"] == ["姓名", "入户年月"]


def test_a_workbook_cut_off_or_with_flipped_bytes_never_goes_in_half(tmp_path: Path) -> None:
    whole = a_workbook(rows_of(*(a_household(f"h-{n}", a_person(n)) for n in range(1, 400))))
    rng = Random(2)  # noqa: S311 # The same breakage each time, no secret.
    for number in range(40):
        content = bytearray(whole)
        if number % 2:
            del content[rng.randrange(len(content)) :]
        else:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        try:
            found = survey(tmp_path / str(number), bytes(content))
        except (RosterUnreadable, RosterTooLarge):
            continue
        assert found.found.rows == 399, "a flip outside the sheets may go unnoticed, no row may"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_workbook(ROWS))) as good,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.infolist():
            content = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b" " * (200 << 20) + b"</sheetData>")
            bad.writestr(part.filename, content)
    tracemalloc.start()
    with pytest.raises(RosterTooLarge):
        survey(tmp_path, packed.getvalue())
    assert tracemalloc.get_traced_memory()[1] < 50 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("number", [b"99999999999", b"1048577", b"0", b"-3", b"1", b"x"])
def test_rows_numbered_as_no_sheet_numbers_them_are_refused(tmp_path: Path, number: bytes) -> None:
    rows = [*ROWS[:1], {**ROWS[1], "id_number": "wrong"}]
    content = _with_sheet(a_workbook(rows), b'<row r="3"', b'<row r="' + number + b'"')
    with pytest.raises(RosterUnreadable):
        survey(tmp_path, content)


def test_the_last_row_a_sheet_can_hold_is_a_row(tmp_path: Path) -> None:
    content = _with_sheet(a_workbook(ROWS), b'<row r="3"', b'<row r="1048576"')
    assert survey(tmp_path, content).found.rows == 2


def test_more_shared_text_than_a_county_writes_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    text = Random(3).randbytes(1 << 20).hex().encode()  # noqa: S311 # Text that packs as text does.
    with (
        zipfile.ZipFile(io.BytesIO(a_workbook(ROWS))) as good,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bad,
    ):
        for part in good.infolist():
            if part.filename != "xl/sharedStrings.xml":
                bad.writestr(part.filename, good.read(part))
        bad.writestr("xl/sharedStrings.xml", b"<sst>" + text * 65 + b"</sst>")
    with pytest.raises(RosterTooLarge):
        survey(tmp_path, packed.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_packed_as_no_spreadsheet_packs_is_refused(tmp_path: Path, method: int) -> None:
    content = bytearray(_with_sheet(a_workbook(ROWS), b'<row r="3"', b'<row r="3"', method))
    at = content.index(b"xl/workbook.xml")
    content[at + 20 : at + 60] = b"\xff" * 40
    with pytest.raises(RosterUnreadable):
        survey(tmp_path, bytes(content))


def test_a_list_of_a_million_parts_is_refused_before_it_is_read(tmp_path: Path) -> None:
    content = a_workbook(ROWS)
    first, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    many = content[first:end] * 40_000
    tail = content[end : end + 12] + len(many).to_bytes(4, "little") + content[end + 16 :]
    began = time.perf_counter()
    with pytest.raises(RosterUnreadable):
        survey(tmp_path, content[:first] + many + tail)
    assert time.perf_counter() - began < 2


def _with_sheet(
    workbook: bytes, old: bytes, new: bytes, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as good,
        zipfile.ZipFile(packed, "w", method) as changed,
    ):
        for part in good.infolist():
            content = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                assert content.count(old) == 1
                content = content.replace(old, new)
            changed.writestr(part.filename, content)
    return packed.getvalue()


@pytest.mark.parametrize("cell", [b"<v>%s</v>", b"<v>b</v>" + b"<t>%s</t>" % (b"a" * 30_000) * 9])
def test_a_cell_that_gathers_text_without_end_is_refused(tmp_path: Path, cell: bytes) -> None:
    endless = cell.replace(b"%s", b"a" * (48 << 20))
    row = b'<row r="3"><c r="A3" t="str">' + endless + b'</c></row><row r="4"'
    content = _with_sheet(a_workbook([*ROWS, *ROWS[:1]]), b'<row r="4"', row, zipfile.ZIP_STORED)
    tracemalloc.start()
    with pytest.raises(RosterUnreadable):
        survey(tmp_path, content)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_workbook(ROWS))) as good,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.infolist():
            content = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                head, _, rest = content.partition(b"?>")
                content = head + b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + rest
            bad.writestr(part.filename, content)
    with pytest.raises(RosterUnreadable):
        survey(tmp_path, packed.getvalue())


def test_more_rows_than_accepted_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterTooLarge):
        survey(tmp_path, a_workbook(ROWS), rows_max=1)


def test_a_file_in_which_everything_is_wrong_is_refused_as_the_wrong_file(tmp_path: Path) -> None:
    rows = [{"serial": "?", "household": f"h{n}", "village": "?"} for n in range(15_000)]
    with pytest.raises(RosterUnreadable):
        survey(tmp_path, a_csv(rows))


def test_shared_strings_rich_text_and_numbers_read_as_they_show(tmp_path: Path) -> None:
    content = io.BytesIO()
    columns = [name for name in FIELDS if name in ROWS[0]]
    with xlsxwriter.Workbook(content) as book:  # Shared strings, as spreadsheets write them.
        sheet = book.add_worksheet(ROSTER_SHEET)
        red = book.add_format({"font_color": "red"})
        by_name = {column.field.value: column.heading for column in COLUMNS}
        for place, name in enumerate(columns):
            sheet.write(0, place, f" {by_name[name]}\n")
        for line, row in enumerate(ROWS, start=1):
            for place, name in enumerate(columns):
                value = row[name]
                if name == "name":
                    sheet.write_rich_string(line, place, red, value[0], value[1:])
                else:
                    sheet.write(line, place, value)
    found = survey(tmp_path, content.getvalue())
    assert {code for _, _, code in named(found)} == {"statistics-missing"}
    assert (found.found.rows, found.rows_bad) == (2, 0)
