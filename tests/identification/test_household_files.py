"""One household, one file: nine items over all its cases, every version kept, one PDF."""

import io
from random import Random
from time import process_time
from typing import Any, Final

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import StreamObject

from services.identification.casework.papers import archive, whole_files
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_known_household,
    an_application,
    in_month,
)
from tests.identification.makers import OTHER_VILLAGE
from tests.identification.pictures import a_photo, a_picture
from tests.identification.register import Register
from tests.identification.rounds import begun, checked, found_on_paper, post, signed

LARGE: Final = 1600
"""Pixels wide and high of a picture nearly as large as a paper may be."""


async def file_of(register: Register, household_id: str) -> dict[str, Any]:
    answer = await register.get(f"/households/{household_id}/archive", WANG_FANG)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def versions(file: dict[str, Any], kind: str) -> list[tuple[str, int, bool, str]]:
    """The versions of an item, the newest first."""
    (item,) = [each for each in file["items"] if each["kind"] == kind]
    return [(e["receipt"], e["number"], e["current"], e["whose"]) for e in item["versions"]]


def picture_of(page: PageObject) -> StreamObject:
    """The picture that is laid into a page."""
    resources: Any = page["/Resources"]
    (found,) = (each.get_object() for each in resources["/XObject"].values())
    assert isinstance(found, StreamObject)
    return found


@pytest.mark.shows("S43")
async def test_a_later_cases_paper_takes_the_place_of_an_earlier_cases(register: Register) -> None:
    first = await Walk(register).confirming()
    for kind in ("application", "survey-form", "household-register"):
        await first.paper(WANG_FANG, kind)
    for person in ("head", "child"):
        await first.paper(WANG_FANG, "id-card", JPEG + person.encode(), of_person=person)
    await first.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    household_id = first.case["household_id"]
    again = await Walk(register, "exit").open(household_id=household_id)
    head = next(e for e in (await again.look())["application"]["members"] if e["name"] == "李伟")
    await again.paper(WANG_FANG, "survey-form", JPEG + b"again")
    await again.paper(WANG_FANG, "id-card", JPEG + b"a new card", of_person=head["key"])
    await again.paper(WANG_FANG, "application", JPEG + b"asks to leave")
    was, now = first.case["receipt"], again.case["receipt"]
    file = await file_of(register, household_id)
    assert [each["kind"] for each in file["items"]] == list(archive.ITEMS)
    assert versions(file, "survey-form") == [(now, 2, True, ""), (was, 1, False, "")]
    assert versions(file, "id-card") == [
        (now, 2, True, "李伟"), (was, 1, True, "李娜"), (was, 1, False, "李伟"),
    ]  # fmt: skip
    assert {current for _, _, current, _ in versions(file, "application")} == {True}
    assert {each["receipt"] for each in file["cases"]} >= {was, now}
    states = {each["kind"]: each["state"] for each in file["items"]}
    assert (states["id-card"], states["commitment"]) == ("there", "missing")


@pytest.mark.shows("S43")
async def test_the_file_is_one_pdf_and_the_earlier_versions_come_when_asked_for(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register, "exit").open(household_id=household_id)
    for place in range(2):
        await walk.paper(WANG_FANG, "survey-form", a_picture(place, 8, 8))
    path = f"/households/{household_id}/file"
    for query, pages in (({}, 2), ({"earlier": "yes"}, 3)):
        answer = await register.get(path, WANG_FANG, **query)
        pdf = PdfReader(io.BytesIO(answer.content))
        assert len(pdf.pages) == pages
    names = [str(each["/Title"]) for each in pdf.outline if not isinstance(each, list)]
    assert names == ["目录", "2 入户调查表", "2 入户调查表（历次）"]
    for place, page in ((1, pdf.pages[1]), (0, pdf.pages[2])):
        chance = Random(place)  # noqa: S311  # The same as of the picture.
        pixels = b"".join(chance.randbytes(24) for _ in range(8))
        assert picture_of(page).get_data() == pixels, "every pixel as it was filed"
    assert "第 1 版" in pdf.pages[2].extract_text()
    assert "h-1" in pdf.pages[0].extract_text()
    for of in (path, f"/households/{household_id}/archive"):
        assert (await register.get(of, ZHAO_MIN)).status_code == 404
    read = register.audited("household-file-read")
    assert [row["actor"] for row in read] == ["staff:wang-fang"] * 2


async def test_what_came_before_eight_in_the_morning_came_that_day(register: Register) -> None:
    household_id = await a_known_household(register)
    clock = register.keys.parent / "clock"
    clock.write_text("2026-09-26T06:30:00+08:00", encoding="utf-8")
    walk = await Walk(register, "exit").open(household_id=household_id)
    await walk.paper(WANG_FANG, "survey-form", a_picture(1, 8, 8))
    file = await file_of(register, household_id)
    (form,) = next(each["versions"] for each in file["items"] if each["kind"] == "survey-form")
    assert (file["cases"][0]["opened_on"], form["added_on"]) == ("2026-09-26", "2026-09-26")
    answer = await register.get(f"/households/{household_id}/file", WANG_FANG)
    for page in PdfReader(io.BytesIO(answer.content)).pages:
        assert "2026-09-26" in page.extract_text()
        assert "2026-09-25" not in page.extract_text()


@pytest.mark.breaks("Everybody sees their own area")
async def test_what_another_town_took_in_of_somebody_who_lives_there_is_not_in_the_file(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    here = await Walk(register, "exit").open(household_id=household_id)
    await here.paper(WANG_FANG, "household-register", a_picture(1, 8, 8))
    elsewhere = await Walk(register, "edge").open(ZHAO_MIN, village=OTHER_VILLAGE)
    await elsewhere.do(ZHAO_MIN, "write", application=an_application())
    await elsewhere.do(ZHAO_MIN, "submit")
    await elsewhere.paper(ZHAO_MIN, "household-register", a_picture(2, 8, 8))
    await elsewhere.do(ZHAO_MIN, "accept")
    file = await file_of(register, household_id)
    was = here.case["receipt"]
    assert [each["receipt"] for each in file["cases"]] == [was]
    assert versions(file, "household-register") == [(was, 1, True, "")]
    answer = await register.get(f"/households/{household_id}/file", WANG_FANG, earlier="yes")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert was in text
    assert elsewhere.case["receipt"] not in text


@pytest.mark.shows("S43")
async def test_ten_papers_as_large_as_may_be_are_one_pdf_in_three_seconds(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register, "exit").open(household_id=household_id)
    content = a_picture(1, LARGE, LARGE)
    assert len(content) > 7_600_000
    for kind in archive.ITEMS:
        await walk.paper(WANG_FANG, kind, content)
    await walk.paper(WANG_FANG, "minutes", content)
    before = process_time()  # Of this process, so that a busy machine does not fail it.
    answer = await register.get(f"/households/{household_id}/file", WANG_FANG)
    assert process_time() - before <= 3
    pdf = PdfReader(io.BytesIO(answer.content))
    assert len(pdf.pages) == 11
    assert {str(picture_of(page)["/Width"]) for page in pdf.pages[1:]} == {str(LARGE)}


@pytest.mark.shows("S43")
async def test_three_times_the_photos_a_pdf_holds_are_one_pdf_in_three_seconds(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register, "exit").open(household_id=household_id)
    content = a_photo(1, quality=97)
    assert len(content) > 6_000_000
    for place in range(45):
        await walk.paper(WANG_FANG, "other", content + bytes([place]))
    before = process_time()  # Of this process, so that a busy machine does not fail it.
    answer = await register.get(f"/households/{household_id}/file", WANG_FANG)
    assert process_time() - before <= 3
    pdf = PdfReader(io.BytesIO(answer.content))
    wide = [int(str(picture_of(page)["/Width"])) for page in pdf.pages[-45:]]
    assert set(wide) == {1316, 3000}
    assert wide.count(3000) > 6, "no more of them are drawn small than must be"
    assert len(answer.content) <= whole_files.BYTES_MAX


@pytest.mark.shows("S43")
async def test_rounds_second_looks_and_spot_checks_stand_under_the_form_of_a_visit(
    register: Register,
) -> None:
    walk = await Walk(register).confirming()
    day = register.app.state.clock.today().isoformat()
    await walk.do(HE_JUN, "home-check", visited_on=day, as_found=False, findings="家中有车")
    household_id = await a_known_household(register)
    in_month(register, 1)
    round_id = await begun(register, look_back=True)
    form = a_picture(7, 8, 8)
    kept = await found_on_paper(register, round_id, WANG_FANG, LIU_QIANG, content=form)
    assert kept.status_code == 201, kept.text
    for by in (WANG_FANG, LIU_QIANG):
        await signed(register, round_id, by)
    await post(register, f"/rounds/{round_id}/sample", ZHANG_LI)
    assert (await checked(register, round_id, 1, "left", OTHER_TOWN_HEAD)).status_code == 201
    file = await file_of(register, household_id)
    looks = [(each["found"], bool(each["paper_id"])) for each in file["looks"]]
    assert looks == [
        ("继续保障（未计入）", True), ("应退出", False), ("与入户调查不一致", False),
    ]  # fmt: skip
    answer = await register.get(f"/households/{household_id}/file", WANG_FANG)
    pdf = PdfReader(io.BytesIO(answer.content))
    names = [str(each["/Title"]) for each in pdf.outline if not isinstance(each, list)]
    place = names.index("2 入户调查表（核查、抽查、回头看）")
    assert "家中有车" in pdf.pages[place].extract_text()
    assert names[place + 1] == names[place], "the form itself lies behind"
    assert names[place + 2].startswith("4 "), "and then the items go on in their order"


async def test_what_is_only_being_written_is_of_no_file_and_a_wrong_picture_is_said(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register, "exit").open(household_id=household_id)
    assert (await file_of(register, household_id))["cases"] == []
    content = a_picture(3, 8, 8)
    broken = content[:60] + b"\0\0" + content[62:]
    await walk.paper(LIU_QIANG, "survey-form", broken)
    await walk.paper(CHEN_HONG, "commitment", content)
    answer = await register.get(f"/households/{household_id}/file", ZHANG_LI)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert ["无法在这里显示" in page for page in pages] == [False, True, False]
