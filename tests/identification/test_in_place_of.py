"""What cannot stand beside a grant ends with it, and is not back on the day that one ends."""

from typing import Any

import pytest

from services.identification.decisions import content
from tests.identification.caseworkers import (
    CHECKED,
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    TEKUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    in_month,
    later,
    somebody_else,
)
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import SUN_YU
from tests.identification.register import Register
from tests.identification.test_changes import told
from tests.identification.test_statuses import ALONE, EDGE

SUPPORTED: dict[str, Any] = {
    "on_edge": 0, "on_rigid_spending": 0, "asks_for_low_income": 0,
    "low_income_found_on": "not-applicable",
}  # fmt: skip
LI_NA = an_application()["members"][1]


async def granted(register: Register, category: str, words: dict[str, Any], **said: Any) -> str:
    """Granted by the county; the number of the household."""
    walk = Walk(register, category, words) if words else Walk(register, category)
    await walk.confirming(**said)
    await walk.do(HE_JUN, "confirm", decision_number=f"青民决〔2026〕{category}号")
    (row,) = register.rows("SELECT number FROM household")
    return str(row["number"])


async def left(register: Register, **ends: Any) -> None:
    """They asked for it to end, and it did."""
    (row,) = register.rows("SELECT id FROM household")
    walk = await Walk(register).open(category="exit", household_id=str(row["id"]))
    today = register.app.state.clock.today().isoformat()
    letter = await walk.paper(CHEN_HONG, "exit-letter")
    await walk.do(CHEN_HONG, "own-wish", **ends, letter_id=letter, signed_on=today)
    number = {"decision_number": "青民退〔2026〕77号", "reasons": "自愿退出"}
    await walk.do(HE_JUN, "leave", **number, from_month="2026-12", shown_on=today)


async def groups(register: Register) -> list[tuple[str, bool]]:
    """In which groups of low income Li Wei was, the newest first, and whether that ended."""
    (found,) = (await register.get("/low-income", SUN_YU, query=id_number(1))).json()["items"]
    whole = (await register.get(f"/low-income/{found['low_income_id']}", SUN_YU)).json()
    return [(each["group"], each["until"] is not None) for each in whole["history"]]


async def test_whoever_came_from_just_above_to_dibao_is_not_back_there_once_they_leave_it(
    register: Register,
) -> None:
    number = await granted(register, "edge", EDGE)
    await granted(register, "dibao", {})
    facts = (await told(register, number)).facts
    assert facts["on_dibao"] == 1
    assert {name: facts[name] for name in SUPPORTED} == SUPPORTED | {
        "on_rigid_spending": facts["on_rigid_spending"]
    }
    assert await groups(register) == [("dibao", False), ("edge", True)]
    in_month(register, 1)
    await left(register, ends="dibao")
    facts = (await told(register, number)).facts
    assert (facts["on_dibao"], facts["on_edge"]) == (0, 0)
    assert await groups(register) == [("dibao", True), ("edge", True)]


async def test_a_roster_that_brings_dibao_ends_what_was_found_before(register: Register) -> None:
    number = await granted(register, "edge", EDGE)
    people = a_person(1, name="李伟"), a_person(2, id_number=LI_NA["id_number"], name="李娜")
    words = {"decided_on": "2026-10-02", "from_month": "2026-11"}
    rows = rows_of(a_household(number, *people, **on_dibao(**words)))
    await register.imported(a_csv(rows))
    facts = (await told(register, number)).facts
    assert (facts["on_dibao"], facts["on_edge"], facts["asks_for_low_income"]) == (1, 0, 0)
    in_month(register, 1)
    words["from_month"] = "2026-12"
    await register.imported(a_csv(rows_of(a_household(number, *people, **decided(**words)))))
    facts = (await told(register, number)).facts
    assert (facts["on_dibao"], facts["on_edge"]) == (0, 0), (
        "and the next one does not bring it back"
    )
    assert await groups(register) == [("dibao", True), ("edge", True)]


async def test_dibao_of_all_ends_dibao_of_one_which_is_granted_nobody_beside_it(
    register: Register,
) -> None:
    number = await granted(register, "single-person", ALONE)
    await granted(register, "dibao", {})
    decision = await told(register, number)
    alone = {each.facts.get("on_single_person") for each in decision.members}
    assert (decision.facts["on_dibao"], alone) == (1, {0, None})
    again = await Walk(register, "single-person", ALONE).confirming()
    answer = await again.ask(HE_JUN, "confirm", decision_number="青民单〔2026〕9号")
    assert answer.json()["type"] == "/problems/on-dibao-already"


async def assessed(walk: Walk) -> Walk:
    """Before the county, to be granted tekun."""
    await walk.surveyed(members=[somebody_else()])
    today = walk.register.app.state.clock.today().isoformat()
    said = {"person_key": "head", "assessed_on": today, "failed": 4}
    await walk.do(WANG_FANG, "assess-self-care", **said)
    await walk.do(LIU_QIANG, "sign-self-care", person_key="head")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="无人赡养", **TEKUN)
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    return walk


async def test_where_tekun_keeps_the_last_of_a_household_its_dibao_ends(register: Register) -> None:
    number = await granted(register, "dibao", {}, members=[somebody_else()])
    walk = await assessed(Walk(register, "tekun"))
    await walk.do(HE_JUN, "confirm", decision_number="青民特〔2026〕1号")
    decision = await told(register, number)
    (one,) = decision.members
    assert (decision.facts["on_dibao"], one.facts["on_tekun"]) == (0, 1)
    alone = Walk(register, "single-person", ALONE)
    await alone.surveyed(members=[somebody_else()])
    await alone.compare()
    answer = await alone.ask(ZHANG_LI, "propose", opinion="grant", reasons="重病", **ALONE)
    assert answer.json()["needs"] == ["not-on-tekun"]


async def test_basic_living_of_a_child_takes_the_place_of_tekun(register: Register) -> None:
    child = a_person(2, id_number=LI_NA["id_number"], name="李娜", tekun="是", care_mode="集中")
    rows = rows_of(a_household("h-1", a_person(1, name="李伟"), child, **decided()))
    await register.imported(a_csv(rows))
    walk = await Walk(register, "children").open()
    await walk.do(CHEN_HONG, "write", application=an_application(whose="child"))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    await walk.child_checked(**CHECKED)
    await walk.do(HE_JUN, "confirm", decision_number="青民童〔2026〕1号")
    (facts,) = [
        each.facts
        for each in (await told(register)).members
        if each.facts.get("on_children_living") == 1
    ]
    assert (facts["on_tekun"], facts["self_care"], facts["care_mode"]) == (0, "not-applicable", 1)


@pytest.mark.parametrize("said", [{"on_dibao": 0}, {"dibao_above_standard_on": 20260920}])
def test_a_decision_from_before_that_had_both_does_not_bring_one_back(said: dict[str, Any]) -> None:
    both = {"on_dibao": 1, "on_edge": 1, "asks_for_low_income": 1, "on_rigid_spending": 1}
    before = {"facts": both, "members": []}
    facts = content(before, 2, {}, said, {})["facts"]
    assert {name: facts[name] for name in SUPPORTED} == SUPPORTED


def test_what_is_granted_again_fades_out_no_more() -> None:
    fading = {"on_dibao": 0, "dibao_above_standard_on": 20260920}
    facts = content({"facts": fading, "members": []}, 2, {}, {"on_dibao": 1}, {})["facts"]
    assert facts["dibao_above_standard_on"] == "not-applicable"
