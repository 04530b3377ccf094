"""Lists where a place has them: in the village, in the township, and before the county signs."""

from typing import Any, Final

import pytest

from tests.identification.caseworkers import (
    FANG_TING,
    HE_JUN,
    JPEG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
    sets,
    somebody_else,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register

THREE: Final = """
posting_stages:
  - {board: village, stands: before-opinion, days: 7}
  - {board: township, stands: before-county, days: 5}
  - {board: county, stands: before-decision, days: 5}
"""
DECISION: Final = {"decision_number": "青民决〔2026〕801号"}
OPINION: Final[dict[str, Any]] = {
    "opinion": "grant", "income_fen_monthly": 20000, "reasons": "符合条件",
}  # fmt: skip


@pytest.fixture
def walk(register: Register) -> Walk:
    sets(register, THREE)
    return Walk(register)


async def compared(walk: Walk, **said: Any) -> Walk:
    """Visited and compared: the first list is to be put up."""
    await walk.surveyed(**said)
    await walk.compare()
    return walk


async def shown(walk: Walk, board: str, days: int) -> dict[str, Any]:
    """Up on a board for its days, and not taken down before they are over."""
    assert walk.case["state"] == "to-post"
    await walk.put_up()
    assert walk.case["postings"][-1]["stage"] == board
    later(walk.register, days - 1)
    answer = await walk.ask(ZHANG_LI, "end-posting")
    assert answer.json()["needs"] == ["posted-long-enough"], board
    later(walk.register, 1)
    return await walk.do(ZHANG_LI, "end-posting")


async def refused(walk: Walk, act: str, **words: Any) -> list[str]:
    """What bars an act of the county or the township here."""
    by = ZHANG_LI if act == "propose" else HE_JUN
    answer = (await walk.ask(by, act, **words)).json()
    return list(answer.get("needs", [answer["type"]]))


@pytest.mark.shows("S39")
@pytest.mark.breaks("Lists in their order")
async def test_each_list_stands_before_the_step_the_place_says(walk: Walk) -> None:
    await compared(walk)
    assert await refused(walk, "propose", **OPINION) == ["/problems/not-here"]
    assert (await shown(walk, "village", 7))["state"] == "reviewing"
    await walk.do(ZHANG_LI, "propose", **OPINION)
    assert (await shown(walk, "township", 5))["state"] == "confirming"
    assert await refused(walk, "confirm", **DECISION) == ["posted-to-the-end"]
    await walk.do(HE_JUN, "approve")
    assert await refused(walk, "confirm", **DECISION) == ["/problems/not-here"]
    assert (await shown(walk, "county", 5))["state"] == "confirming"
    assert await refused(walk, "approve") == ["list-before-decision"], "it was shown"
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "granted"


async def test_what_stands_on_a_list_is_what_was_found_so_far(walk: Walk) -> None:
    await compared(walk)
    assert "调查属实" in await _board(walk)
    await shown(walk, "village", 7)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    assert "拟同意" not in await _board(walk), "the township's list hangs in the township"
    town = await _board(walk, VILLAGE[:9])
    assert "拟同意" in town
    assert VILLAGE in town, "which of its villages"
    await shown(walk, "township", 5)
    await walk.do(HE_JUN, "approve")
    assert "拟确认" in await _board(walk)


async def _board(walk: Walk, area: str = VILLAGE) -> str:
    answer = await walk.register.get(f"/areas/{area}/posting-list", ZHANG_LI)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.mark.breaks("An objection blocks")
async def test_an_objection_to_the_last_list_begins_all_of_them_anew(walk: Walk) -> None:
    await compared(walk)
    await shown(walk, "village", 7)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await shown(walk, "township", 5)
    await walk.do(HE_JUN, "approve")
    await walk.put_up()
    await walk.object(WANG_FANG, "有车")
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    minutes = await walk.paper(WANG_FANG, "minutes")
    today = walk.register.app.state.clock.today().isoformat()
    met = {"met_on": today, "due": 20, "present": 11, "in_favour": 6, "minutes_id": minutes}
    await walk.do(WANG_FANG, "appraise", **met)
    assert (await shown(walk, "village", 7))["state"] == "reviewing"
    await walk.answer()
    await walk.do(ZHANG_LI, "propose", **OPINION)
    assert (await shown(walk, "township", 7))["state"] == "confirming"
    wanting = await refused(walk, "confirm", **DECISION)
    assert wanting == ["posted-to-the-end", "visited-where-due"]


async def test_what_the_county_sends_back_is_not_posted_in_the_village_again(walk: Walk) -> None:
    await compared(walk)
    await shown(walk, "village", 7)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await shown(walk, "township", 5)
    await walk.do(HE_JUN, "return-to-township", reason="收入未核清")
    await walk.do(ZHANG_LI, "propose", **OPINION)
    assert (await shown(walk, "township", 5))["state"] == "confirming"


async def test_whom_the_meeting_was_against_is_on_no_list(walk: Walk) -> None:
    sets(walk.register, THREE + "appraisal: always")
    await compared(walk)
    minutes = await walk.paper(WANG_FANG, "minutes")
    met = {"met_on": "2026-09-25", "due": 20, "present": 12, "minutes_id": minutes}
    assert (await walk.do(WANG_FANG, "appraise", in_favour=6, **met))["state"] == "reviewing"
    assert await refused(walk, "propose", **OPINION) == ["appraised-in-favour"]
    await walk.do(ZHANG_LI, "propose", **{**OPINION, "opinion": "refuse"})
    assert walk.case["state"] == "confirming"


async def test_whoever_was_on_the_way_when_the_place_began_it_is_on_every_list(
    walk: Walk,
) -> None:
    sets(walk.register, "{}")
    await walk.confirming()
    sets(walk.register, THREE)
    assert await refused(walk, "approve") == ["list-before-decision"]
    assert await refused(walk, "confirm", **DECISION) == ["posted-to-the-end"]
    await walk.do(HE_JUN, "return-to-township", reason="补张榜")
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await shown(walk, "township", 5)
    assert walk.case["state"] == "confirming"


async def test_whoever_may_not_be_shown_goes_on_where_each_list_stands(walk: Walk) -> None:
    await compared(walk)
    await walk.do(WANG_FANG, "keep-secret", reason="传染病防治法规定的保密情形")
    assert (await walk.do(OTHER_TOWN_HEAD, "skip-posting"))["state"] == "reviewing"
    await walk.do(ZHANG_LI, "propose", **OPINION)
    assert (await walk.do(OTHER_TOWN_HEAD, "skip-posting"))["state"] == "confirming"
    await walk.filed()
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "granted"


@pytest.mark.breaks("Lists in their order")
async def test_who_decides_keeps_nobody_off_the_countys_list_alone(walk: Walk) -> None:
    await compared(walk)
    await shown(walk, "village", 7)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await shown(walk, "township", 5)
    await walk.filed()
    await walk.do(HE_JUN, "keep-secret", reason="随便写的")
    wanted = ["posted-to-the-end", "secret-agreed"]
    assert await refused(walk, "confirm", **DECISION) == wanted
    await walk.do(OTHER_TOWN_HEAD, "agree-secret")
    assert (await walk.do(FANG_TING, "confirm", **DECISION))["state"] == "granted"


PHOTO: Final = JPEG + b"the board of Liuxi"


@pytest.mark.shows("S39")
@pytest.mark.breaks("A photo of each list")
async def test_one_photo_shows_one_list_with_everybody_on_it(walk: Walk) -> None:
    sets(walk.register, "{}")
    await walk.proposed()
    other = await Walk(walk.register).proposed(members=[somebody_else()])
    await walk.put_up(PHOTO)
    await other.put_up(PHOTO)
    late = {"key": "head", "name": "王五", "relation": "户主", "id_number": id_number(12)}
    third = await Walk(walk.register).proposed(members=[late])
    later(walk.register, 1)
    photo = await third.paper(ZHANG_LI, "posting-photo", PHOTO)
    answer = await third.ask(ZHANG_LI, "post", first_day="2026-09-26", photo_id=photo)
    assert answer.json()["type"] == "/problems/photo-of-another"


@pytest.mark.breaks("A photo of each list")
async def test_a_photo_of_one_list_does_not_show_the_next(walk: Walk) -> None:
    await compared(walk)
    await walk.put_up(PHOTO)
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(ZHANG_LI, "propose", **OPINION)
    photo = await walk.paper(ZHANG_LI, "posting-photo", PHOTO)
    answer = await walk.ask(ZHANG_LI, "post", first_day="2026-10-02", photo_id=photo)
    assert answer.json()["needs"] == ["photographed-when-up"], "filed a week before"
    other = await compared(Walk(walk.register), members=[somebody_else()])
    fresh = await other.paper(ZHANG_LI, "posting-photo", PHOTO)
    answer = await other.ask(ZHANG_LI, "post", first_day="2026-10-02", photo_id=fresh)
    assert answer.json()["type"] == "/problems/photo-of-another"
