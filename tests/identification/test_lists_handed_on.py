"""Lists that are handed on: the same numbers on the page, on paper and in the workbook, for the
county, a township and a village; and each opens the records behind it."""

import io
import threading
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.identification import determinations
from services.identification.casework import last_decisions
from services.identification.roster.xlsx import Workbook
from shared.callers import Caller
from shared.secrets import KeyRing
from tests.identification.caseworkers import (
    HE_JUN,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    in_month,
)
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register
from tests.identification.rounds import begun, found, signed
from tests.identification.test_form_numbers import people

TOWN = VILLAGE[:9]


@pytest.fixture
async def county(register: Register) -> Register:
    """One who was on dibao last year, one who came, and one of another township who came."""
    await register.imported(
        a_csv(
            rows_of(
                a_household("h-1", a_person(1, name="=李伟"), **on_dibao(from_month="2025-01")),
                a_household("h-2", a_person(2), **on_dibao()),
                a_household("h-3", a_person(3), village=OTHER_VILLAGE, **on_dibao()),
            )
        )
    )
    return register


async def book(register: Register, path: str, by: Caller = HE_JUN, **asked: str) -> dict[str, Any]:
    """The rows of each sheet of a workbook."""
    answer = await register.get(path, by, **asked)
    assert answer.status_code == 200, answer.text
    found = Workbook(io.BytesIO(answer.content))
    return {name: [cells for _, cells in found.rows(name)] for name in found.sheet_names}


async def paper(register: Register, path: str, by: Caller = HE_JUN, **asked: str) -> str:
    answer = await register.get(path, by, **asked)
    assert answer.headers["content-type"] == "application/pdf", answer.text
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join(each.extract_text() for each in pages).replace("\n", "")


@pytest.mark.shows("S64")
async def test_the_list_of_a_year_is_the_same_on_the_page_on_paper_and_in_the_workbook(
    county: Register,
) -> None:
    shown = (await county.get("/year-lists/2026", HE_JUN)).json()
    assert "h-1" not in str(shown), "only lists name anybody, and whoever reads one is written down"
    for name in ("last_year", "came_in", "moved_in", "left", "moved_out", "this_year"):
        behind = (await county.get(f"/year-lists/2026/lines/{name}", HE_JUN)).json()
        assert behind["number"] == shown[name] == len(behind["items"]), name
    sheets = await book(county, "/year-lists/2026/workbook")
    assert sheets["分乡镇、村汇总"][-1][2:] == [1, 2, 0, 0, 0, 3]
    towns = [row for row in sheets["分乡镇、村汇总"] if row[1] == "小计"]
    assert [row[2:] for row in towns] == [[1, 1, 0, 0, 0, 2], [0, 1, 0, 0, 0, 1]]
    assert [row[1] for row in sheets["本年"][1:]] == ["h-1", "h-2", "h-3"]
    assert sheets["上年"][1][2] == "=李伟", "a name is never a formula"
    one = await book(county, "/year-lists/2026/workbook", area=VILLAGE)
    assert one["分乡镇、村汇总"][-1][2:] == [1, 1, 0, 0, 0, 2]
    text = await paper(county, "/year-lists/2026/pdf", ZHANG_LI, area=TOWN)
    assert "h-2" in text
    assert "h-3" not in text
    for path in ("/year-lists/2026/workbook", "/year-lists/2026/lines/left"):
        assert (await county.get(path, ZHANG_LI, area=COUNTY)).status_code == 403, path
    assert (await county.get("/year-lists/2026/lines/all", HE_JUN)).status_code == 404
    audited = {row["act"] for row in county.rows("SELECT act FROM audit")}
    assert {"year-list-workbook", "year-list-pdf", "year-list-read"} <= audited


async def test_nobody_waits_while_the_decisions_of_a_whole_county_are_opened(
    county: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, unseal = list[bool](), determinations.unseal

    def watched(determination_id: UUID, sealed: str, keys: KeyRing) -> dict[str, Any]:
        opened.append(threading.current_thread() is threading.main_thread())
        return unseal(determination_id, sealed, keys)

    monkeypatch.setattr(determinations, "unseal", watched)
    monkeypatch.setattr(last_decisions, "_AT_ONCE", 2)
    asked: dict[str, dict[str, str]] = {"/year-lists/2026": {}, "/reviews": {"month": "2027-12"}}
    for path, words in asked.items():
        opened.clear()
        assert (await county.get(path, HE_JUN, **words)).status_code == 200, path
        assert len(opened) >= 3, path
        assert not any(opened), f"{path}: everybody else's page would wait"
    in_month(county, 1)
    opened.clear()
    await begun(county, HE_JUN, area=COUNTY, look_back=True)
    assert len(opened) >= 3
    assert not any(opened)


async def test_no_list_is_of_a_year_no_list_can_be_of(county: Register) -> None:
    for path in (
        f"/areas/{VILLAGE}/forms/{{year}}", f"/areas/{VILLAGE}/forms/{{year}}/pdf",
        "/year-lists/{year}", "/year-lists/{year}/lines/left", "/year-lists/{year}/workbook",
    ):  # fmt: skip
        for year in (0, 99999999999):
            answer = await county.get(path.format(year=year), HE_JUN)
            assert answer.status_code == 422, path


async def test_the_summary_of_a_round_adds_up_and_each_number_opens_its_households(
    county: Register,
) -> None:
    in_month(county, 1)
    round_id = await begun(county, HE_JUN, area=COUNTY)
    await found(county, round_id)
    await signed(county, round_id)
    await found(county, round_id, LIU_QIANG, serial=2)
    sums = (await county.get(f"/rounds/{round_id}", HE_JUN)).json()["sums"]
    numbers = {**sums["found"], **{name: sums[name] for name in ("all", "unsigned", "open")}}
    for name, number in numbers.items():
        behind = (await county.get(f"/rounds/{round_id}/lines/{name}", HE_JUN)).json()
        assert behind["number"] == number == len(behind["items"]), name
    sheets = await book(county, f"/rounds/{round_id}/summary/workbook")
    assert sheets["分乡镇、村汇总"][-1][2:] == [3, 1, 0, 0, 0, 1, 1]
    assert [row[6] or "" for row in sheets["逐户结果"][1:]] == ["继续保障", "继续保障", ""]
    mine = await book(county, f"/rounds/{round_id}/summary/workbook", WANG_FANG)
    assert mine["分乡镇、村汇总"][-1][2:] == [2, 1, 0, 0, 0, 1, 0], "of one's own areas alone"
    text = await paper(county, f"/rounds/{round_id}/summary/pdf", HE_JUN, area=VILLAGE)
    assert "合计" in text


@pytest.mark.shows("S44")
async def test_the_roster_of_review_forms_is_of_a_village_a_township_or_the_county(
    register: Register,
) -> None:
    for order, opinion in enumerate(("refuse", "grant")):
        walk = Walk(register)
        await walk.surveyed(**people(order))
        await walk.compare()
        words: dict[str, Any] = {"opinion": opinion, "reasons": "查实", "income_fen_monthly": 0}
        await walk.do(ZHANG_LI, "propose", **words)
    for area in (VILLAGE, TOWN, COUNTY):
        whole = (await register.get(f"/areas/{area}/forms/2026", HE_JUN)).json()
        assert whole["villages"] == {VILLAGE: {"forms": 2, "people": 2, "proposed": 1}}, area
        assert [each["serial"] for each in whole["items"]] == [1, 2]
    part = {"category": "dibao", "opinion": "grant"}
    behind = (await register.get(f"/areas/{TOWN}/forms/2026", HE_JUN, **part)).json()
    assert behind["number"] == behind["sums"]["dibao"]["proposed"] == len(behind["items"]) == 1
    sheets = await book(register, f"/areas/{COUNTY}/forms/2026/workbook")
    assert [row[1] for row in sheets["花名册"][1:]] == [1, 2]
    assert sheets["分乡镇、村汇总"][-1][2:] == [2, 2, 1]
    assert walk.case["receipt"] in await paper(register, f"/areas/{TOWN}/forms/2026/pdf", ZHANG_LI)
    assert (await register.get(f"/areas/{COUNTY}/forms/2026", ZHANG_LI)).status_code == 404
    assert (await register.get(f"/areas/{VILLAGE}/forms/2026", ZHAO_MIN)).status_code == 404
