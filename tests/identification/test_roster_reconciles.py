"""A roster and its statistics: what is wrong is named by its row, and whatever adds up is shown."""

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.identification.roster.columns import ROSTER_SHEET, STATISTICS_SHEET
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    Row,
    a_household,
    a_person,
    a_workbook,
    count,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register


def a_roster() -> list[Row]:
    """Two villages: one household in order, one with a wrong ID number, one that follows a gap."""
    right = id_number(3)
    wrong = right[:17] + ("1" if right[17] == "0" else "0")
    rows = rows_of(
        a_household("h-1", a_person(1), a_person(2), **on_dibao()),
        a_household("h-2", a_person(3, id_number=wrong), **on_dibao()),
        a_household("h-3", a_person(4), village=OTHER_VILLAGE, **on_dibao()),
    )
    rows[3]["serial"] = 9
    return rows


def faults_of(found: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Where something is wrong, and what."""
    return [(each["sheet"], each["row"], each["code"]) for each in found["problems"]]


@pytest.mark.shows("S44")
async def test_bad_rows_are_refused_by_number_and_reason_and_the_rest_adds_up(
    register: Register,
) -> None:
    rows = a_roster()
    counted = count(rows)
    counted[VILLAGE] = {**counted[VILLAGE], "people": 4}
    found = await register.imported(a_workbook(rows, statistics=counted))
    assert faults_of(found) == [
        (STATISTICS_SHEET, 2, "statistics-differ"),
        (ROSTER_SHEET, 4, "id-check-digit"),
        (ROSTER_SHEET, 5, "serial-gap"),
    ]
    reasons = [each["reason"] for each in found["problems"]]
    assert "表中4，数出3" in reasons[0]
    assert "可能漏了一份审批表" in reasons[2]
    assert found["rows"] == found["rows_good"] + found["rows_bad"] == 4
    assert found["people"] == found["rows_good"] == len(register.rows("SELECT id FROM person"))
    assert found["households"] == len(register.rows("SELECT id FROM household"))
    answer = await register.get(f"/rosters/{found['import_id']}/annotated")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    back = sheet.get_sheet_by_name(ROSTER_SHEET).to_python()
    assert [row[0] for row in back[1:]] == [4, 5]


@pytest.mark.shows("S44")
async def test_statistics_without_their_sum_or_with_a_village_twice_do_not_pass(
    register: Register,
) -> None:
    rows = rows_of(a_household("h-1", a_person(1), **on_dibao()))
    counted = count(rows)[VILLAGE]
    twice = {name: 2 * number for name, number in counted.items()}
    book = a_workbook(rows, statistics=count(rows), villages=[VILLAGE, VILLAGE], total=twice)
    assert faults_of(await register.imported(book)) == [
        (STATISTICS_SHEET, 3, "statistics-village-twice"),
        *[(STATISTICS_SHEET, 4, "statistics-total")]
        * sum(number > 0 for number in counted.values()),
    ]
    without = a_workbook(rows, statistics=count(rows), without_total=True)
    found = await register.imported(without)
    assert faults_of(found) == [(STATISTICS_SHEET, 2, "statistics-total")]
    assert "没有合计行" in found["problems"][0]["reason"]
