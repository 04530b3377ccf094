"""A county that brings its own roster: good rows are paid, bad ones come back with the reason."""

from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.identification.makers import a_household, a_person, a_workbook, on_dibao, rows_of
from tests.journeys.counties import play

PHONE = "13900000001"


def test_a_roster_of_our_own_is_paid_and_its_bad_rows_come_back(tmp_path: Path) -> None:
    good = a_household("h-1", a_person(1, phone=PHONE), a_person(2), **on_dibao(income="100"))
    bad = a_household("h-2", a_person(3, id_number="51142519650304003"), a_person(4))
    roster = tmp_path / "ours.xlsx"
    roster.write_bytes(a_workbook(rows_of(good, bad)))

    played = play(tmp_path / "county", roster=roster)

    summary = played.summary
    assert (summary["people"], summary["households"]) == (2, 1)
    assert summary["granted"] == summary["settled"] == {"count": 1, "total_fen": 2 * 19000 - 10000}
    assert summary["by_programme"]["tekun"] == {"count": 0, "total_fen": 0}
    assert [credit.net_fen for credit in played.credits] == [28000]
    assert summary["messages"] == {"sent": 1, "delivered": 1, "failed": 0}
    assert summary["checker"] == {"ok": True, "findings": []}
    returned = CalamineWorkbook.from_path(str(played.folder / "out/roster-2026-10-annotated.xlsx"))
    rows = returned.get_sheet_by_name("花名册").to_python()
    assert [str(row[1]) for row in rows[1:]] == [
        "身份证号：身份证号不是18位", "同一户有别的行不对，整户退回",
    ]  # fmt: skip
