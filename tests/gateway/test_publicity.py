"""The public lists at the door: whole, small, without a script, and without a word too many."""

import io
from pathlib import Path

import httpx
import pytest
from pypdf import PdfReader

from gateway.divisions import Divisions, DivisionsUnreadable
from gateway.pages import Pages
from gateway.palmtop.publicity import PER_PEER_AND_MINUTE
from gateway.shown import GRANTED, POSTED_ON_PAPER, POSTED_ON_THE_WEB, only
from tests.gateway import told, told_of_boards
from tests.gateway.conftest import DIVISIONS
from tests.gateway.soundness import is_sound
from tests.gateway.told_of_boards import CANARIES
from tests.gateway.told_of_cases import CASE, VILLAGE
from tests.gateway.visits import Door


def _read(paper: httpx.Response) -> str:
    """What stands on a sheet, without its breaks."""
    assert paper.status_code == 200, paper.text
    text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(paper.content)).pages)
    return text.replace("\n", "").replace(" ", "")


async def test_anybody_reads_the_lists_of_a_village_and_nothing_that_hurts(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = door.browser()
    for path in ("/public", f"/public/{VILLAGE}"):
        page = await browser.get(path)
        assert page.status_code == 200, page.text
        is_sound(page, 60_000)
        assert [each for each in CANARIES if each in page.text] == []
    for shown in (
        "柳溪村",
        "2026-10-08",
        "吉**铁",
        "高龄津贴",
        "412.50元（2026年10月）",
        "每人每月150.00元",
    ):
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
@pytest.mark.breaks("Only public fields")
async def test_a_worker_looks_at_the_board_and_prints_what_hangs_with_whole_names(
    door: Door,
) -> None:
    """And nothing else of what a service might say beside them."""
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("village-worker",), areas=(VILLAGE,))
    page = (await browser.get(f"/staff/boards/{VILLAGE}")).text
    assert "412.50元" in page
    assert [each for each in CANARIES if each in page] == []
    *hidden, whole = CANARIES
    posted = ("社会救助公示", "每人每月150.00元", "拟同意", "七天", "村（社区）公示")
    for name, shown in (("sheet", ("长期公示", "412.50")), ("posting", posted)):
        text = _read(await browser.get(f"/staff/boards/{VILLAGE}/{name}.pdf"))
        assert [
            each for each in (*shown, whole, door.settings.help_phone) if each not in text
        ] == []
        assert [each for each in hidden if each in text] == []
    town = _read(await browser.get(f"/staff/boards/{VILLAGE[:9]}/posting.pdf"))
    assert "目前没有需要公示的申请" in town
    assert "金额" not in town, "nobody has set one"
    anybody = door.browser()
    for name in ("sheet", "posting"):
        answer = await anybody.get(f"/staff/boards/{VILLAGE}/{name}.pdf")
        assert answer.status_code != 200
        assert whole not in answer.text


def test_no_place_shows_more_than_its_table_says() -> None:
    """The web never says which form or what was found; no place says where anybody lives."""
    line = {**told_of_boards.POSTING_LIST["items"][0], "first_day": 1, "last_day": 2}
    web, paper = only(POSTED_ON_THE_WEB, line), only(POSTED_ON_PAPER, line)
    both = {"name", "members", "category", "sum", "list"}
    assert set(web) == both | {"first_day", "last_day"}
    assert set(paper) == both | {"number", "found", "days", "village"}
    assert set(only(GRANTED, line)) == {"name", "members", "category"}


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
    text = _read(paper)
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
