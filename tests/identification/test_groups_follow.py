"""Whoever goes from one assisted household to another by one decision stays in the database."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    in_month,
    later,
)
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import SUN_YU
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import NUMBER, decided, described
from tests.identification.test_statuses import EDGE

LONG_SINCE: dict[str, Any] = {"from_month": "2026-01", "decided_on": "2026-01-05"}
BRIDE: dict[str, Any] = {"relation": "配偶", "id_number": id_number(5), "since": "2026-10"}
MERGE: dict[str, Any] = {"household_number": "h-2", "head_relation": "父", "since": "2026-10"}
MOVES: dict[str, dict[str, Any]] = {"merge": MERGE, "marriage": {"name": "李己", **BRIDE}}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def groups(register: Register, order: int) -> list[tuple[str, str, str | None]]:
    """Every group somebody was in, the newest first: since when and until when."""
    (found,) = (await register.get("/low-income", SUN_YU, query=id_number(order))).json()["items"]
    whole = (await register.get(f"/low-income/{found['low_income_id']}", SUN_YU)).json()
    return [(each["group"], each["since"], each["until"]) for each in whole["history"]]


async def undone(walk: Walk) -> None:
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10")


async def changed(register: Register, household_id: str, act: str, **words: Any) -> Walk:
    """A change from the next month on, as it was handed in and found."""
    month = str(register.app.state.clock.month().next())
    walk = await Walk(register).open(category="change", household_id=household_id)
    await walk.look()
    await walk.do(CHEN_HONG, act, **words)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    if walk.case["state"] == "surveying":
        await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    number = f"青民变〔2026〕{act}号"
    await walk.do(HE_JUN, "confirm", decision_number=number, from_month=month)
    return walk


@pytest.mark.parametrize("act", sorted(MOVES))
async def test_who_comes_to_another_home_on_dibao_stays_on_it(walk: Walk, act: str) -> None:
    await a_known_household(walk.register, "h-2", 4, 5, **LONG_SINCE)
    household_id = await a_known_household(walk.register, **LONG_SINCE)
    walk = await changed(walk.register, household_id, act, **MOVES[act])
    for order in (1, 2, 4, 5):
        assert await groups(walk.register, order) == [("dibao", "2026-01-01", None)]
    await undone(walk)
    for order in (1, 2, 4, 5):
        assert await groups(walk.register, order) == [("dibao", "2026-01-01", None)]


async def test_who_parts_leaves_and_is_back_where_that_is_undone(walk: Walk) -> None:
    parts = {"person_key": (1,), "since": "2026-10", "circumstance": "moved"}
    await described(walk, ("split", {**parts, "income_fen_monthly": 90000}))
    await decided(walk)
    ((group, _, until), *_) = await groups(walk.register, 2)
    assert (group, until) == ("dibao", "2026-09-30"), "a household of their own applies"
    await undone(walk)
    ((group, since, until), *_) = await groups(walk.register, 2)
    assert (group, since, until) == ("dibao", "2026-10-01", None)


async def test_who_is_on_tekun_and_moves_in_elsewhere_stays_on_it(register: Register) -> None:
    kept = {"tekun": "是", "care_mode": "分散", "self_care": "全自理"}
    homes = (
        a_household("h-1", a_person(1), a_person(2), **on_dibao(**LONG_SINCE)),
        a_household("h-2", a_person(4), a_person(5, name="王老", **kept), **on_dibao(**LONG_SINCE)),
    )
    await register.imported(a_csv(rows_of(*homes)))
    (home,) = register.rows("SELECT id FROM household WHERE number = 'h-1'")
    comes = {**BRIDE, "name": "王老", "relation": "父母"}
    await changed(register, str(home["id"]), "move-in", **comes)
    assert await groups(register, 5) == [("tekun", "2026-01-01", None)]


async def edge(register: Register, number: str, *people: tuple[str, str, int]) -> str:
    """The id of a household that is found to be just above dibao."""
    members = [
        {"key": f"m{place}" if place else "head", "name": name, "relation": relation,
         "id_number": id_number(order)}
        for place, (name, relation, order) in enumerate(people)
    ]  # fmt: skip
    walk = Walk(register, "edge", EDGE)
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=members))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    for each in members:
        await walk.letter(str(each["key"]))
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **EDGE)
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    granted = await walk.do(HE_JUN, "confirm", decision_number=number)
    return str(granted["household_id"])


async def test_who_marries_from_one_home_above_dibao_into_another_is_held_as_they_are(
    register: Register,
) -> None:
    await edge(register, "青民边〔2026〕1号", ("李伟", "户主", 1), ("李芳", "子女", 2))
    in_month(register, 3)
    home = await edge(register, "青民边〔2026〕2号", ("王五", "户主", 11), ("王六", "父母", 12))
    month = register.app.state.clock.month().next()
    words = {"name": "李芳", "relation": "配偶", "id_number": id_number(2), "since": str(month)}
    await changed(register, home, "marriage", **words)
    new, old = await groups(register, 2)
    assert new == ("edge", str(month.first_day()), None)
    assert old == ("edge", "2026-10-01", str(month.previous().last_day()))
    days = register.rows(
        "SELECT e.valid_until FROM low_income_entry e JOIN low_income_person p"
        " ON p.id = e.holder_id WHERE p.name IN ('李芳', '王五') AND e.until IS NULL"
    )
    assert len({each["valid_until"] for each in days}) == 1, "as long as for the others there"


async def test_who_goes_with_a_month_to_come_is_in_the_group_to_its_end(walk: Walk) -> None:
    await described(walk, ("move-out", {"person_key": (1,), "until": "2026-10", "reason": "外出"}))
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    assert await groups(walk.register, 2) == [("dibao", "2026-10-01", "2026-10-31")]
