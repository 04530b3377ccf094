"""Bad rows come back in a workbook that says what is wrong; the template can be filled in."""

import io
from typing import Any

from python_calamine import CalamineWorkbook

from services.identification.roster.columns import COLUMNS, ROSTER_SHEET
from tests.identification.makers import (
    CARD,
    a_csv,
    a_household,
    a_person,
    a_workbook,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.surveys import codes, survey

GOOD = a_household("h-1", a_person(1), **on_dibao())


def _sheet(content: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


async def test_rows_that_did_not_go_in_come_back_with_their_household_and_the_reason(
    register: Register,
) -> None:
    bad = a_household("h-2", a_person(2), a_person(3, died_on="2026-02-30"))
    found = await register.imported(a_workbook(rows_of(GOOD, bad)))
    answer = await register.get(f"/rosters/{found['import_id']}/annotated")
    assert answer.status_code == 200
    (read,) = register.audited("roster-rows-read")
    assert read["subject"] == found["import_id"], "rows are whole, so who read them is audited"
    rows = _sheet(answer.content, ROSTER_SHEET)
    assert [row[0] for row in rows] == ["原行号", 3, 4]
    assert rows[1][1] == "同一户有别的行不对，整户退回"
    assert rows[2][1] == "死亡日期：没有这一天，应如 2026-09-15"
    assert "2026-02-30" in rows[2]
    (fault,) = _sheet(answer.content, "问题清单")[1:]
    assert fault[0::4] == [ROSTER_SHEET, "date-bad"]


async def test_what_begins_like_a_formula_stays_text(register: Register) -> None:
    names = ['=HYPERLINK("x")', "+1+cmd|' /C calc'!A0", "-2", "@SUM(A1)"]
    people = [a_person(n, name=name) for n, name in enumerate(names, start=2)]
    people.append(a_person(9, registration="?"))
    found = await register.imported(a_csv(rows_of(GOOD, a_household("h-2", *people))))
    content = (await register.get(f"/rosters/{found['import_id']}/annotated")).content
    place = 2 + [column.heading for column in COLUMNS].index("姓名")
    assert [row[place] for row in _sheet(content, ROSTER_SHEET)[1:5]] == names
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


async def test_names_are_kept_as_they_are_written(register: Register) -> None:
    names = ["𠮷䶮㛃", "<script>alert(1)</script>", "{{7*7}}", "买买提·吐尔逊·阿卜杜热合曼"]
    people = [a_person(n, name=name) for n, name in enumerate(names, start=2)]
    await register.imported(a_workbook(rows_of(a_household("h-2", *people))))
    assert {row["name"] for row in register.rows("SELECT name FROM person")} == set(names)


async def test_a_roster_without_faults_has_nothing_to_correct(register: Register) -> None:
    found = await register.imported(a_workbook(rows_of(GOOD)))
    answer = await register.get(f"/rosters/{found['import_id']}/annotated")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/nothing-to-correct")


async def test_the_template_has_every_column_and_goes_in_once_it_is_filled(
    register: Register, tmp_path: Any
) -> None:
    content = (await register.get("/rosters/template")).content
    assert _sheet(content, ROSTER_SHEET)[0] == [column.heading for column in COLUMNS]
    explained = {row[0]: row[1] for row in _sheet(content, "说明")}
    assert all(explained[column.heading] for column in COLUMNS)
    assert "青神县商业银行" in explained["可填的银行"]
    assert explained["511425001001"].startswith("青竹街道")
    assert codes(survey(tmp_path, a_workbook(rows_of(GOOD)))) == set()


async def test_a_refused_file_says_why_and_may_be_handed_in_in_another_form(
    register: Register,
) -> None:
    refused = await register.imported(b"PK\x03\x04 nothing")
    assert (refused["status"], refused["refused_because"]) == ("refused", "roster-unreadable")
    assert refused["problems"][0]["reason"] == "这不是完整的 .xlsx 工作簿"
    assert (await register.imported(a_workbook(rows_of(GOOD))))["status"] == "imported"


async def test_a_file_that_lost_something_on_its_way_is_not_kept(register: Register) -> None:
    answer = await register.upload(
        a_csv(rows_of(GOOD)), headers={"Content-Digest": "sha-256=:AAAAAAAA:"}
    )
    assert answer.status_code == 422
    assert register.rows("SELECT id FROM roster_import") == []
    assert list((register.settings.files_dir / "uploads").glob("*")) == []


async def test_accounts_that_were_left_out_are_not_handed_on(register: Register) -> None:
    bad = a_household("h-2", a_person(2, phone="1"), **on_dibao())
    await register.imported(a_workbook(rows_of(GOOD, bad)))
    assert [a["account_number"] for a in register.neighbours.accounts] == [CARD]
