"""The public lists at the door: whole, small, without a script, and without a word too many."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from gateway.divisions import Divisions, DivisionsUnreadable
from gateway.pages import Pages
from gateway.palmtop.publicity import PER_PEER_AND_MINUTE
from tests.gateway import told
from tests.gateway.conftest import DIVISIONS
from tests.gateway.soundness import is_sound
from tests.gateway.told_of_cases import CANARIES, CASE, VILLAGE
from tests.gateway.visits import Door


async def test_anybody_reads_the_lists_of_a_village_and_nothing_that_hurts(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = door.browser()
    for path in ("/public", f"/public/{VILLAGE}"):
        page = await browser.get(path)
        assert page.status_code == 200, page.text
        is_sound(page, 60_000)
        assert [each for each in CANARIES if each in page.text] == []
    for shown in ("柳溪村", "2026-10-08", "吉**铁", "高龄津贴", "412.50元（2026年10月）"):
        assert shown in page.text
    (asked, *_) = [each for each in door.upstream.came() if "public-list" in each["path"]]
    assert asked["kind"] == "service"
    assert "publicity:read" in asked["scopes"]


async def test_the_board_shows_the_sum_of_its_programme_and_no_other(door: Door) -> None:
    door.upstream.answers(told.everything())
    page = (await door.browser().get(f"/public/{VILLAGE}")).text
    assert "111.11" not in page, "a disability subsidy would tell of an illness"
    assert CASE not in page
    (asked, *_) = [each for each in door.upstream.came() if "board-sums" in each["path"]]
    assert asked["kind"] == "service"


@pytest.mark.shows("S40")
async def test_with_benefits_away_the_board_says_so_and_shows_no_sum(door: Door) -> None:
    away = {f"benefits GET /areas/{VILLAGE}/board-sums": {"status": 503, "words": {}}}
    door.upstream.answers({**told.everything(), **away})
    page = await door.browser().get(f"/public/{VILLAGE}")
    assert page.status_code == 200
    assert "王*" in page.text
    assert "金额现在查不到" in page.text
    assert "412.50" not in page.text


@pytest.mark.shows("S40")
async def test_a_worker_looks_at_the_board_and_prints_it(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("village-worker",), areas=(VILLAGE,))
    page = await browser.get(f"/staff/boards/{VILLAGE}")
    assert "412.50元" in page.text
    paper = await browser.get(f"/staff/boards/{VILLAGE}/sheet.pdf")
    text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(paper.content)).pages)
    assert "412.50" in text
    assert "王*" in text


async def test_a_township_is_called_by_its_own_telephone_and_the_county_where_it_has_none(
    door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = DIVISIONS.read_text(encoding="utf-8")
    own = tmp_path / "divisions.yaml"
    name = "name: 青竹街道\n"
    own.write_text(said.replace(name, f"{name}    phone: '028-38811234'\n"), encoding="utf-8")
    pages: Pages = door.app.state.pages
    monkeypatch.setattr(pages, "divisions", Divisions.read(own))
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("village-worker",), areas=(VILLAGE,))
    assert "电话 028-38811234" in (await browser.get(f"/public/{VILLAGE}")).text
    paper = await browser.get(f"/staff/boards/{VILLAGE}/sheet.pdf")
    text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(paper.content)).pages)
    assert "028-38811234" in text
    assert pages.phone_of("511425102201") == door.settings.help_phone
    own.write_text(said.replace(name, f"{name}    phone: 38811234\n"), encoding="utf-8")
    with pytest.raises(DivisionsUnreadable, match="digits in quotes"):
        Divisions.read(own)


async def test_a_village_that_is_none_is_not_asked_for(door: Door) -> None:
    for wrong in ("1", "51142500120x", "..%2fcases", "%3Cscript%3E"):
        page = await door.browser().get(f"/public/{wrong}")
        assert page.status_code == 404
        assert "<script" not in page.text
    assert not [each for each in door.upstream.came() if "public-list" in each["path"]]


async def test_one_address_reads_so_many_lists_a_minute(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = door.browser()
    answers = [await browser.get(f"/public/{VILLAGE}") for _ in range(2 * PER_PEER_AND_MINUTE + 2)]
    assert {answer.status_code for answer in answers} == {200, 429}
