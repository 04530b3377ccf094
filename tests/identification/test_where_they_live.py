"""What is granted is paid where the household of the register lives, and as it is registered: an
application says the same before anybody gives an opinion."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    OTHER_TOWN_HEAD,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
    sets,
    staff,
)
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    rows_of,
)
from tests.identification.moves.cast import FAMILY
from tests.identification.register import Register
from tests.identification.test_changes import told
from tests.identification.test_moving_home import DECISION, THERE
from tests.identification.test_three_lists import OPINION, THREE, shown

NEED = ["of-where-they-live"]
LI_NA = an_application()["members"][1]
GAO_YU = staff("gao-yu", {"cases:read", "cases:check"})
NEXT_VILLAGE = "511425001201"


async def known(register: Register, village: str, **said: Any) -> str:
    """The household of the register that Li Wei and Li Na are; its id."""
    people = (
        a_person(1, name="李伟", **said),
        a_person(2, id_number=LI_NA["id_number"], name="李娜", **said),
    )
    await register.imported(a_csv(rows_of(a_household("h-1", *people, village=village))))
    (row,) = register.rows("SELECT id FROM household")
    return str(row["id"])


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def refused(walk: Walk) -> dict[str, Any]:
    """What bars the township's opinion here, in words."""
    answer = await walk.ask(ZHANG_LI, "propose", **OPINION)
    assert (answer.status_code, answer.json()["needs"]) == (409, NEED)
    (said,) = answer.json()["missing"]
    return dict(said)


async def moved(walk: Walk, household_id: str) -> None:
    """The household of the register lives where the case is, by a decision."""
    change = await Walk(walk.register).open(THERE, category="change", household_id=household_id)
    await change.look(THERE)
    proof = await change.paper(THERE, "household-register")
    today = walk.register.app.state.clock.today().isoformat()
    said = {"village": VILLAGE, "address": "柳溪村3组", "moved_on": today, "proof_id": proof}
    await change.do(THERE, "move-home", **said)
    await change.do(THERE, "submit")
    head = staff("head-there", TOWN_HEAD, OTHER_VILLAGE[:9])
    await change.do(head, "propose", opinion="grant", reasons="属实")
    await change.do(HE_JUN, "confirm", **DECISION)


async def test_who_has_moved_moves_in_the_register_before_anybody_gives_an_opinion(
    walk: Walk,
) -> None:
    household_id = await known(walk.register, OTHER_VILLAGE)
    await walk.surveyed()
    await walk.compare()
    told_of = await refused(walk)
    assert "柳溪村" in told_of["zh"]
    assert "h-1" in told_of["zh"]
    assert walk.register.app.state.place.called(OTHER_VILLAGE) in told_of["zh"]
    assert [each["zh"] for each in told_of["first"]] == ["按名册更正所属村、户籍类别", "退回乡镇"]
    await moved(walk, household_id)
    await walk.do(ZHANG_LI, "propose", **{**OPINION, "income_fen_monthly": 18000})
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕61号")
    assert (await told(walk.register)).village == VILLAGE


async def test_a_case_written_of_another_village_is_put_where_they_live(walk: Walk) -> None:
    await known(walk.register, OTHER_VILLAGE, registration="城镇")
    await walk.surveyed()
    await walk.compare()
    answer = await walk.ask(OTHER_TOWN_HEAD, "put-in-place", reason="入户核实")
    assert answer.json()["type"] == "/problems/moves-beyond-you"
    await walk.do(GAO_YU, "put-in-place", reason="入户核实")
    assert (walk.case["village"], walk.case["application"]["registration"]) == (
        OTHER_VILLAGE, "urban",
    )  # fmt: skip
    assert (await walk.register.get(walk.path, ZHANG_LI)).status_code == 404
    assert (await walk.register.get(walk.path, THERE)).status_code == 200
    again = await walk.ask(GAO_YU, "put-in-place", reason="入户核实")
    assert again.json()["needs"] == ["lives-elsewhere"]


async def test_what_hung_in_the_village_that_was_written_hangs_where_they_live_again(
    walk: Walk,
) -> None:
    sets(walk.register, THREE)
    await known(walk.register, NEXT_VILLAGE)
    await walk.surveyed()
    await walk.compare()
    await shown(walk, "village", 7)
    await refused(walk)
    await walk.do(OTHER_TOWN_HEAD, "put-in-place", reason="入户核实")
    await walk.do(ZHANG_LI, "propose", **OPINION)
    assert walk.case["state"] == "to-post"


async def test_who_moves_in_the_register_meanwhile_is_not_granted_in_the_old_place(
    walk: Walk,
) -> None:
    await walk.confirming()
    await known(walk.register, VILLAGE, registration="城镇")
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕62号")
    assert answer.json()["needs"] == NEED
    await walk.do(HE_JUN, "return-to-township", reason="户籍类别不符")
    await walk.do(OTHER_TOWN_HEAD, "put-in-place", reason="查户口簿")
    assert walk.case["application"]["registration"] == "urban"


async def test_old_age_is_granted_where_they_live(walk: Walk) -> None:
    await known(walk.register, OTHER_VILLAGE)
    await walk.open(category="old-age", village=VILLAGE)
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", person_key="head")
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民龄〔2026〕1号")
    assert answer.json()["needs"] == NEED
    await walk.do(GAO_YU, "put-in-place", reason="查户口簿")
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民龄〔2026〕1号")
    assert granted["state"] == "granted"


@pytest.mark.parametrize("category", [*FAMILY, "disability", "old-age", "children"])
async def test_whatever_is_applied_for_is_put_where_they_live(
    register: Register, category: str
) -> None:
    await known(register, NEXT_VILLAGE)
    walk = await Walk(register, category).open()
    whose = "child" if category == "children" else "head"
    await walk.do(CHEN_HONG, "write", application=an_application(whose=whose))
    await walk.do(CHEN_HONG, "submit")
    person = {"person_key": "head"} if category == "old-age" else {}
    accepted = await walk.do(WANG_FANG, "accept", **person)
    put = await walk.do(WANG_FANG, "put-in-place", reason="入户核实")
    assert (put["village"], put["state"]) == (NEXT_VILLAGE, accepted["state"])
