"""Every act of what is applied for by means: dibao, and whatever is like it."""

from typing import Any, Final

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    hard_spending,
    later,
    sets,
)
from tests.identification.moves.cast import (
    DIFFERS,
    FAMILY,
    GAO_YU,
    PROPOSALS,
    SON,
    VISIT_COUNTS,
    excused,
    filed_form,
    hit_and_explained,
    late_visit,
    minutes,
    noted_death,
    number,
    on_a_phone,
    persons,
    secret_and_shown_again,
    seen_twice,
    signed_together,
    today,
    whole_file,
)
from tests.identification.register import Register

LISTS: Final = """
sample_percent: {township: 100, county: 0}
posting_stages:
  - {board: village, stands: before-opinion, days: 7}
  - {board: township, stands: before-opinion, days: 5}
  - {board: county, stands: before-county, days: 5}
"""
COUNTY_LAST: Final = """
appraisal: always
posting_stages:
  - {board: village, stands: before-county, days: 7}
  - {board: county, stands: before-decision, days: 5}
"""

pytestmark = pytest.mark.parametrize("category", FAMILY)


@pytest.fixture
def walk(county: Register, category: str) -> Walk:
    sets(county, "{}")
    return Walk(county, category, PROPOSALS[category])


async def opinion(walk: Walk, said: str = "grant") -> dict[str, Any]:
    """The township's opinion, with whatever is to be found before it."""
    if walk.category == "tekun" and not any(
        each["act"] == "assess-self-care" for each in walk.case["history"]
    ):
        assessed = {"person_key": "head", "assessed_on": today(walk), "failed": 4}
        await walk.do(WANG_FANG, "assess-self-care", **assessed)
        await walk.do(LIU_QIANG, "sign-self-care", person_key="head")
    words = {"opinion": said, "reasons": "符合条件", **walk.proposal}
    return await walk.do(ZHANG_LI, "propose", **words)


async def shown(walk: Walk) -> dict[str, Any]:
    """Put up, shown for its days, and taken down."""
    await walk.put_up()
    later(walk.register, 7)
    return await walk.do(ZHANG_LI, "end-posting")


async def compared(walk: Walk) -> dict[str, Any]:
    """Visited by two, authorised and compared."""
    if walk.category == "rigid-spending":
        said = hard_spending()
        people = [
            {**each, "means": with_means["means"]}
            for each, with_means in zip(persons(), said["members"], strict=True)
        ]
        await walk.surveyed(**{**said, "members": people})
    else:
        await walk.surveyed(members=persons(), whose="head")
    await walk.compare()
    return walk.case


async def test_what_is_handed_in_on_a_telephone_is_seen_and_withdrawn(walk: Walk) -> None:
    phone = await on_a_phone(walk)
    assert (await phone.act("submit")).is_success
    walk = await seen_twice(phone)
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    await walk.do(CHEN_HONG, "bring-papers")
    await secret_and_shown_again(walk)
    await walk.do(WANG_FANG, "accept")
    await walk.do(HE_JUN, "extend", reason="需赴外省核实")
    assert (await phone.act("withdraw", reason="不申请了")).is_success
    assert phone.case["state"] == "withdrawn"


async def test_what_is_looked_into_is_visited_authorised_and_compared(walk: Walk) -> None:
    people = persons(SON)
    await walk.accepted(members=people, whose="head")
    await walk.do(
        WANG_FANG, "correct", application=an_application(members=people, whose="head"),
        reason="补写门牌",
    )  # fmt: skip
    await excused(walk, "son")
    await walk.letter("head")
    await signed_together(walk, "head", "son")
    first, _ = await walk.visit(), await walk.visit()
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    await filed_form(walk, first)
    await walk.do(WANG_FANG, "finish-survey")
    await hit_and_explained(walk)
    case = await walk.do(WANG_FANG, "finish-comparison")
    assert case["state"] == "reviewing"
    assert (await noted_death(walk, "go-on", "son"))["state"] == "surveying"


async def test_what_is_objected_to_is_visited_again_and_before_the_village(walk: Walk) -> None:
    sets(walk.register, LISTS)
    assert (await compared(walk))["state"] == "to-post"
    assert (await shown(walk))["state"] == "to-post", "two lists stand before the opinion"
    await walk.put_up()
    await walk.object(WANG_FANG, "有门面")
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.do(WANG_FANG, "compare", report_number="核8号", reported_on=today(walk))
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "appraising"
    await walk.do(WANG_FANG, "no-quorum", **await minutes(walk, 6))
    met = await walk.do(WANG_FANG, "appraise", **await minutes(walk, 15), in_favour=12)
    assert met["state"] == "to-post"
    await walk.answer()
    await shown(walk)
    assert (await shown(walk))["state"] == "reviewing"
    words = {"stage": "township", "category": walk.category}
    answer = await walk.register.client.post(
        "/samples", json=words, headers=walk.register.headers(ZHANG_LI)
    )
    assert answer.status_code == 201, answer.text
    await walk.do(ZHANG_LI, "spot-check", visited_on=today(walk), **DIFFERS)
    await walk.do(OTHER_TOWN_HEAD, "weigh-spot-check", **VISIT_COUNTS)
    assert (await opinion(walk))["state"] == "to-post"
    assert (await shown(walk))["state"] == "confirming"


async def test_what_the_county_finds_in_order_is_shown_and_granted(walk: Walk) -> None:
    sets(walk.register, COUNTY_LAST)
    assert (await compared(walk))["state"] == "appraising"
    met = await walk.do(WANG_FANG, "appraise", **await minutes(walk, 15), in_favour=12)
    assert met["state"] == "reviewing"
    assert (await opinion(walk))["state"] == "to-post"
    await shown(walk)
    counts = next(each for each in walk.case["history"] if each["act"] == "survey")
    await late_visit(walk, income_fen_yearly=0)
    chosen = {"survey_id": counts["words"]["survey_id"], "reason": "两次比对"}
    await walk.do(HE_JUN, "choose-late-survey", **chosen)
    await walk.do(HE_JUN, "home-check", visited_on=today(walk), **DIFFERS)
    await walk.do(GAO_YU, "weigh-home-check", **VISIT_COUNTS)
    assert (await walk.do(GAO_YU, "approve"))["state"] == "to-post"
    assert (await shown(walk))["state"] == "confirming"
    decision = {"decision_number": number()["decision_number"]}
    assert (await walk.do(GAO_YU, "confirm", **decision))["state"] == "granted"
    await whole_file(walk)
    await walk.do(WANG_FANG, "close-file")
    await walk.do(ZHANG_LI, "reopen-file", reason="补一份证明")


async def test_who_is_kept_secret_is_left_off_each_list_and_may_be_refused(walk: Walk) -> None:
    sets(walk.register, LISTS.replace("100", "0"))
    await compared(walk)
    await walk.do(WANG_FANG, "keep-secret", reason="传染病")
    assert (await walk.do(OTHER_TOWN_HEAD, "skip-posting"))["state"] == "reviewing"
    assert (await opinion(walk))["state"] == "to-post"
    assert (await walk.do(OTHER_TOWN_HEAD, "skip-posting"))["state"] == "confirming"
    await walk.do(HE_JUN, "return-to-township", reason="收入未核清")
    assert (await opinion(walk, "refuse"))["state"] == "confirming"
    assert (await walk.do(HE_JUN, "refuse", **number()))["state"] == "refused"
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today(walk))


async def test_what_nobody_is_left_for_or_no_papers_came_for_ends(walk: Walk) -> None:
    await walk.accepted(members=persons()[:1], whose="head")
    assert (await noted_death(walk, "note-death"))["state"] == "died"
    await walk.do(HE_JUN, "unnote-death", reason="同名")
    assert walk.case["state"] == "submitted"
    await noted_death(walk, "note-death")
    assert (await walk.do(HE_JUN, "end-at-death", **number()))["state"] == "applicant-died"
    await walk.accepted(members=persons(), whose="head")
    later(walk.register, 60)
    ended = await walk.do(HE_JUN, "end-undecided", **number())
    assert ended["state"] == "ended-undecided", "nobody has signed a letter"
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=persons(), whose="head"))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    await walk.do(CHEN_HONG, "bring-papers")
    await walk.do(WANG_FANG, "papers-still-missing")
    later(walk.register, 60)
    assert (await walk.do(HE_JUN, "lapse", **number()))["state"] == "lapsed"
