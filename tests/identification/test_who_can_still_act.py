"""Who can still act: whatever the least favourable hands did lawfully, somebody of a county's usual
staff brings a case to an end; or everybody reads in time that nobody does, and a stand-in does."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    LIU_QIANG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    hard_spending,
    in_month,
    later,
    sets,
    staff,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.moves.cast import DIFFERS, PROPOSALS, number, today
from tests.identification.register import Register
from tests.identification.test_exits import RISEN
from tests.identification.test_exits_set_aside import set_aside
from tests.identification.test_relatives import filed
from tests.identification.test_temporary_aid import approved, papers, proposed, reported

CHECKER: Final = staff("ma-lin", {"cases:read", "cases:check"})
STAND_IN: Final = staff("qin-yue", {"cases:read", "cases:decide"})
STAFF: Final = (
    CHEN_HONG, WANG_FANG, LIU_QIANG, ZHANG_LI, CHECKER, HE_JUN, FANG_TING,
)  # fmt: skip
"""A village's worker; a township's two officers and its head; the county's checker
and its two heads."""
COUNTY_LIST: Final = "posting_stages: [{board: village, stands: before-county, days: 7}]"
DIBAO_GIVEN: Final = "{since: 2021-07-01, category: dibao, authority: township-transferred}"
LAST: Final = {"shown_on": "2027-04-01", "unsigned_because": "拒不签字"}
AS_FOUND: Final = {"as_found": True, "findings": "与申报一致"}


async def asked(walk: Walk, *more: Caller, by: Caller = CHECKER) -> dict[str, Any]:
    """Who can still bring it on, of the usual staff and more."""
    accounts = [
        {
            "subject": each.subject, "person": each.person, "scopes": sorted(each.scopes),
            "areas": list(each.areas),
        }
        for each in (*STAFF, *more)
    ]  # fmt: skip
    answer = await walk.register.client.post(
        f"{walk.path}/hands", json={"staff": accounts}, headers=walk.register.headers(by)
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def checked(walk: Walk, by: Caller, **found: Any) -> None:
    await walk.do(by, "home-check", visited_on=today(walk), **{**AS_FOUND, **found})


async def before_the_county(walk: Walk) -> None:
    """Before the county, as each category comes there; a near relative of one of its heads."""
    household = await a_known_household(walk.register) if walk.category == "change" else ""
    await filed(walk, FANG_TING, id_number(1))
    if walk.category == "change":
        await walk.open(household_id=household)
        await walk.do(CHEN_HONG, "income", income_fen_monthly=30000, reason="务工")
        await walk.paper(CHEN_HONG, "change-letter")
        await walk.do(CHEN_HONG, "submit")
        await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    elif walk.category in PROPOSALS:
        await walk.surveyed(**(hard_spending() if walk.category == "rigid-spending" else {}))
        await walk.compare()
        if walk.category == "tekun":
            assessed = {"person_key": "head", "assessed_on": today(walk), "failed": 4}
            await walk.do(WANG_FANG, "assess-self-care", **assessed)
            await walk.do(LIU_QIANG, "sign-self-care", person_key="head")
        await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合", **walk.proposal)
        await walk.put_up()
        later(walk.register, 7)
        await walk.do(ZHANG_LI, "end-posting")
    else:
        await applied_for_by_one(walk)


async def applied_for_by_one(walk: Walk) -> None:
    """What is a person's, as far as the county."""
    await walk.open()
    whose = "child" if walk.category == "children" else "head"
    await walk.do(CHEN_HONG, "write", application=an_application(whose=whose))
    await walk.do(CHEN_HONG, "submit")
    await walk.filed("illness")
    named = {"person_key": "head"} if walk.category == "old-age" else {}
    await walk.do(WANG_FANG, "accept", **named)
    if walk.category == "children":
        await walk.child_checked()
    elif walk.category == "disability":
        read = {"person_key": "head", "grade": "1", "kind": "4", "living": True, "nursing": True}
        await walk.do(CHECKER, "read-certificate", **read)


async def the_county_visited(walk: Walk) -> None:
    await before_the_county(walk)
    await checked(walk, CHECKER)


async def the_visit_found_otherwise(walk: Walk) -> None:
    await before_the_county(walk)
    await checked(walk, CHECKER, **DIFFERS)


async def visited_again_after_a_check(walk: Walk) -> None:
    """Both of the township's officers signed before: somebody else is to see it now."""
    await the_visit_found_otherwise(walk)
    await walk.do(HE_JUN, "weigh-home-check", counts="check", reason="核查属实")
    if walk.case["state"] == "confirming" and walk.category in PROPOSALS:
        await walk.do(HE_JUN, "return-to-township", reason="重新入户")
    await walk.do(ZHANG_LI, "survey-again")


async def objected_to(walk: Walk) -> None:
    """Somebody objected while it was shown; it is visited again."""
    await filed(walk, FANG_TING, id_number(1))
    await walk.posted()
    await walk.object(ZHANG_LI, "有门面")
    await walk.do(ZHANG_LI, "survey-again")


async def spot_checked(walk: Walk) -> None:
    """The township's only head found it otherwise: nobody else may weigh it."""
    sets(walk.register, "sample_percent: {township: 100, county: 0}\n" + COUNTY_LIST)
    await walk.surveyed()
    await walk.compare()
    words = {"stage": "township", "category": walk.category}
    headers = walk.register.headers(ZHANG_LI)
    assert (await walk.register.client.post("/samples", json=words, headers=headers)).is_success
    await walk.do(ZHANG_LI, "spot-check", visited_on=today(walk), **DIFFERS)


async def spot_checked_and_seen_again(walk: Walk) -> None:
    await spot_checked(walk)
    await walk.do(ZHANG_LI, "survey-again")


async def decided_wrongly(walk: Walk) -> None:
    """A head refused it, which was set aside; the other is left."""
    await walk.refused()
    await set_aside(walk, number()["decision_number"])


async def risen(walk: Walk, by: Caller = WANG_FANG) -> None:
    """Found above the standard, and told."""
    household = await a_known_household(walk.register)
    await walk.open(household_id=household)
    await walk.look()
    await walk.found("over-standard", by=by, **RISEN)


async def fading(walk: Walk) -> None:
    await risen(walk)
    await filed(walk, FANG_TING, id_number(1))
    await walk.do(HE_JUN, "fade", decision_number=number()["decision_number"])
    await checked(walk, CHECKER)


async def faded_again(walk: Walk) -> None:
    """A fade-out was set aside and decided again by the other head."""
    await risen(walk)
    await walk.do(HE_JUN, "fade", decision_number=number()["decision_number"])
    await set_aside(walk, number()["decision_number"])
    await walk.do(FANG_TING, "fade", decision_number=number()["decision_number"])


async def found_by_the_head(walk: Walk) -> None:
    """The township's head found the income; what the household answers is another's to judge."""
    household = await a_known_household(walk.register)
    await walk.open(household_id=household)
    await walk.look()
    await walk.do(ZHANG_LI, "over-standard", **RISEN)
    await walk.tell_alone(ZHANG_LI)
    await walk.do(CHEN_HONG, "explain-hits", explanation="已经不在那里做工")


async def help_proposed(walk: Walk, stages: int = 1) -> None:
    """Temporary help that a township's only head proposed."""
    await filed(walk, FANG_TING, id_number(1))
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), stages=stages)
    await checked(walk, CHECKER)


async def paid_in_stages(walk: Walk) -> None:
    await help_proposed(walk, stages=2)
    await approved(walk, HE_JUN)


Way = Callable[[Walk], Awaitable[None]]
OF_ONE: Final = ("disability", "old-age", "children")
BOTH: Final = {"granted", "refused"}
WAYS: Final[list[tuple[str, Way, str, set[str]]]] = [
    *[(each, the_county_visited, "confirming", BOTH) for each in (*PROPOSALS, *OF_ONE)],
    ("change", the_county_visited, "confirming", {"changed", "refused"}),
    ("dibao", the_visit_found_otherwise, "confirming", BOTH),
    ("old-age", the_visit_found_otherwise, "confirming", BOTH),
    ("dibao", visited_again_after_a_check, "surveying", BOTH),
    ("children", visited_again_after_a_check, "checking", BOTH),
    ("dibao", spot_checked, "reviewing", BOTH),
    ("dibao", spot_checked_and_seen_again, "surveying", BOTH),
    ("dibao", objected_to, "surveying", BOTH),
    ("dibao", decided_wrongly, "confirming", BOTH),
    ("exit", fading, "fading", {"exited", "kept"}),
    ("exit", faded_again, "fading", {"exited", "kept"}),
    ("exit", found_by_the_head, "over-standard", {"exited"}),
    ("temporary", help_proposed, "confirming", {"aided", "refused"}),
    ("temporary", paid_in_stages, "paying", {"aided"}),
]


@pytest.mark.parametrize(
    ("category", "way", "state", "ends"),
    [pytest.param(*each, id=f"{each[0]}-{each[1].__name__}") for each in WAYS],
)
async def test_somebody_of_the_usual_staff_brings_it_to_every_end(
    register: Register, category: str, way: Way, state: str, ends: set[str]
) -> None:
    walk = Walk(register, category, PROPOSALS.get(category, {}))
    await way(walk)
    assert walk.case["state"] == state
    assert ends <= set((await asked(walk))["ends_in_reach"])


async def decided_wrongly_by_the_last(walk: Walk) -> None:
    """One head of the county refused it, and the other is a near relative."""
    await filed(walk, FANG_TING, id_number(1))
    await walk.refused()
    await set_aside(walk, number()["decision_number"])


async def decided_wrongly_and_checked_by_the_other(walk: Walk) -> None:
    await walk.confirming()
    await checked(walk, FANG_TING)
    await walk.do(HE_JUN, "refuse", **number())
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today(walk))
    await set_aside(walk, number()["decision_number"])


async def left_wrongly_and_checked_by_the_other(walk: Walk) -> None:
    """It left, which was set aside; who had looked at it while it faded is the other head."""
    await risen(walk)
    await walk.do(HE_JUN, "fade", decision_number=number()["decision_number"])
    await checked(walk, FANG_TING)
    in_month(walk.register, 7)
    await walk.do(HE_JUN, "exit", decision_number=number()["decision_number"], **LAST)
    await set_aside(walk, number()["decision_number"])


CHECKED_IT: Final = {"another-decides", "not-the-home-checker"}


@pytest.mark.parametrize(
    ("category", "way", "needs"),
    [
        ("dibao", decided_wrongly_by_the_last, {"another-decides", "not-a-relative"}),
        ("dibao", decided_wrongly_and_checked_by_the_other, CHECKED_IT),
        ("exit", left_wrongly_and_checked_by_the_other, CHECKED_IT),
    ],
)
async def test_where_nobody_is_left_it_says_whom_what_bars_and_a_stand_in_decides(
    register: Register, category: str, way: Way, needs: set[str]
) -> None:
    walk = Walk(register, category, PROPOSALS.get(category, {}))
    await way(walk)
    found = await asked(walk)
    assert found["ends_in_reach"] == []
    assert {each["account"] for each in found["barred"]} == {HE_JUN.subject, FANG_TING.subject}
    assert {need for each in found["barred"] for need in each["needs"]} == needs
    assert (await asked(walk, STAND_IN))["ends_in_reach"]
    if "not-a-relative" in needs:
        await checked(walk, CHECKER)
    act, said = ("exit", LAST) if category == "exit" else ("confirm", {})
    decided = {"decision_number": number()["decision_number"], **said}
    assert (await walk.do(STAND_IN, act, **decided))["state"] in {"granted", "exited"}


async def test_the_last_who_could_decide_reads_what_would_leave_nobody(register: Register) -> None:
    walk = Walk(register, "dibao", PROPOSALS["dibao"])
    await before_the_county(walk)
    assert "home-check" in (await asked(walk, by=HE_JUN))["leaving_nobody"]
    assert (await asked(walk, by=CHECKER))["leaving_nobody"] == []
    assert (await asked(walk, STAND_IN, by=HE_JUN))["leaving_nobody"] == []


async def test_where_a_township_decides_dibao_its_only_head_reads_that_another_finds_what_ends(
    register: Register,
) -> None:
    sets(register, f"delegation: [{DIBAO_GIVEN}]")
    household = await a_known_household(register)
    walk = await Walk(register).open(category="exit", household_id=household)
    head = staff("zhang-li", {"cases:read", "cases:review", "cases:decide"}, VILLAGE[:9])
    assert "over-standard" in (await asked(walk, head, by=head))["leaving_nobody"]
    assert "over-standard" not in (await asked(walk, head, by=WANG_FANG))["leaving_nobody"]


async def test_where_a_townships_only_head_is_a_near_relative_another_is_given_it(
    register: Register,
) -> None:
    """It comes out after the opinion: from the list on it is another's."""
    walk = Walk(register, "dibao", PROPOSALS["dibao"])
    await walk.proposed()
    await walk.do(WANG_FANG, "declare-relative", officer="zhang-li", relation="表兄")
    found = await asked(walk)
    assert found["ends_in_reach"] == []
    barred = [(each["account"], each["needs"]) for each in found["barred"]]
    assert barred == [(ZHANG_LI.subject, ["not-a-relative"])]
    assert set((await asked(walk, OTHER_TOWN_HEAD))["ends_in_reach"]) >= BOTH
    photo = await walk.paper(OTHER_TOWN_HEAD, "posting-photo")
    await walk.do(OTHER_TOWN_HEAD, "post", first_day=today(walk), photo_id=photo)
    later(register, 7)
    await walk.do(OTHER_TOWN_HEAD, "end-posting")
    await checked(walk, CHECKER)
    decided = {"decision_number": number()["decision_number"]}
    assert (await walk.do(HE_JUN, "confirm", **decided))["state"] == "granted"
