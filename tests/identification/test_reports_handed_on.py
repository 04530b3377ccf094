"""Reports that are handed on: of the county or a part of it, with the records that fit."""

import io
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from services.identification.reports import printouts
from shared.callers import Caller
from tests.identification.caseworkers import in_month
from tests.identification.makers import OTHER_VILLAGE
from tests.identification.register import COUNTY, Register
from tests.identification.reporters import MONTH, STATISTICIAN, TOWN, a_county, closed, freeze


async def printed(register: Register, by: Caller, **asked: str) -> tuple[str, list[Any]]:
    """A month on paper, and the report of its workbook."""
    paper = await register.get(f"{MONTH}/pdf", by, **asked)
    pages = PdfReader(io.BytesIO(paper.content)).pages
    book = await register.get(f"{MONTH}/workbook", by, **asked)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    rows = [row[0] for row in sheets.get_sheet_by_name("报表").to_python()]
    name = book.headers["content-disposition"]
    return "".join(each.extract_text() for each in pages).replace("\n", ""), [name, *rows]


async def test_a_part_of_the_county_is_printed_as_that_part_and_says_what_was_frozen(
    register: Register,
) -> None:
    await a_county(register)
    await closed(register)
    in_month(register, 2)
    assert (await freeze(register)).status_code == 201
    town = register.app.state.place.towns[OTHER_VILLAGE[:9]]
    for by, asked in ((TOWN, {}), (STATISTICIAN, {"area": OTHER_VILLAGE[:9]})):
        paper, (name, heading, state, *_) = await printed(register, by, **asked)
        assert f"{town} 社会救助月报" in heading
        assert f"只是其中{town}的部分" in state
        assert f"只是其中{town}的部分" in paper.replace(" ", "")
        assert OTHER_VILLAGE[:9] in name
        assert register.app.state.place.name not in paper
    paper, (name, heading, state, *_) = await printed(register, STATISTICIAN)
    assert register.app.state.place.name in paper
    assert register.app.state.place.name in heading
    assert "部分" not in state
    assert COUNTY not in name
    for paper_or_book in ("pdf", "workbook"):
        refused = await register.get(f"{MONTH}/{paper_or_book}", TOWN, area=COUNTY)
        assert refused.json()["type"] == "/problems/area-not-yours"


async def test_a_workbook_has_the_lists_that_fit_and_names_those_that_do_not(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_county(register)
    in_month(register, 1)
    monkeypatch.setattr(printouts, "RECORDS_MAX", 5)
    year = "/reports/year/2026/workbook"
    book = await register.get(year, STATISTICIAN)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    said = str(sheets.get_sheet_by_name("报表").to_python()[2][0])
    assert "享受救助人员 6条" in said
    assert "享受救助人员" not in sheets.sheet_names
    refused = await register.get(year, STATISTICIAN, line="aided-people")
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-many-records")
    part = await register.get(year, STATISTICIAN, line="aided-people", area=OTHER_VILLAGE[:9])
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(part.content))
    assert len(sheets.get_sheet_by_name("享受救助人员").to_python()) == 1 + 3
