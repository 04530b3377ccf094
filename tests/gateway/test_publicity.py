"""The public lists at the door: whole, small, without a script, and without a word too many."""

from gateway.palmtop.publicity import PER_PEER_AND_MINUTE
from tests.gateway import told
from tests.gateway.test_pages import is_sound
from tests.gateway.told_of_cases import CANARIES, VILLAGE
from tests.gateway.visits import Door


async def test_anybody_reads_the_lists_of_a_village_and_nothing_that_hurts(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = door.browser()
    for path in ("/public", f"/public/{VILLAGE}"):
        page = await browser.get(path)
        assert page.status_code == 200, page.text
        is_sound(page, 60_000)
        assert [each for each in CANARIES if each in page.text] == []
    for shown in ("柳溪村", "2026-10-08", "吉**铁", "高龄津贴"):
        assert shown in page.text
    (asked, *_) = [each for each in door.upstream.came() if "public-list" in each["path"]]
    assert asked["kind"] == "service"
    assert "publicity:read" in asked["scopes"]


async def test_a_village_that_is_none_is_not_asked_for(door: Door) -> None:
    for wrong in ("1", "51142500120x", "..%2fcases", "%3Cscript%3E"):
        page = await door.browser().get(f"/public/{wrong}")
        assert page.status_code == 404
        assert "<script" not in page.text
    assert not [each for each in door.upstream.came() if "public-list" in each["path"]]


async def test_one_address_reads_so_many_lists_a_minute(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = door.browser()
    answers = [await browser.get(f"/public/{VILLAGE}") for _ in range(PER_PEER_AND_MINUTE + 2)]
    assert {answer.status_code for answer in answers} == {200, 429}
