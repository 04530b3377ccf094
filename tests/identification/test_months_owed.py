"""Whoever comes into the register by a grant is owed it from the month the decision says."""

from typing import Any

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    Walk,
    an_application,
    in_month,
    later,
)
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    rows_of,
)
from tests.identification.owed import owed
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_categories import FEDERATION
from tests.identification.test_changes import stays

NURSING = "disability_nursing"
NURSING_FEN = 8000
DIBAO_FEN = 2 * 19000
NUMBER = "青民决〔2026〕906号"
READ: dict[str, Any] = {
    "person_key": "head", "grade": "1", "kind": "4", "living": False, "nursing": True,
}  # fmt: skip


async def handed_in(register: Register, category: str, **said: Any) -> Walk:
    """An application of Li Wei and Li Na, accepted today."""
    walk = await Walk(register, category).open()
    await walk.do(CHEN_HONG, "write", application=an_application(**said))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", **({"person_key": "head"} if category == "old-age" else {}))
    return walk


async def read(walk: Walk, **said: Any) -> None:
    """The federation reads nursing out of the certificate, by a grade of one."""
    await walk.paper(CHEN_HONG, "illness")
    await walk.do(FEDERATION, "read-certificate", **{**READ, **said})


async def granted(walk: Walk, number: str = NUMBER) -> None:
    """Nursing is granted by what the federation reads."""
    await read(walk)
    await walk.do(HE_JUN, "confirm", decision_number=number)


async def test_who_comes_in_by_a_grant_is_owed_it_from_the_month_it_is_granted_for(
    register: Register,
) -> None:
    walk = await handed_in(register, "disability")
    in_month(register, 1)
    await granted(walk)
    assert await owed(register, "2026-09", NURSING) == {NURSING: NURSING_FEN}
    assert await owed(register, "2026-08", NURSING) == {}


async def test_an_appeal_that_is_won_is_owed_from_the_month_it_says(register: Register) -> None:
    walk = await Walk(register).refused()
    in_month(register, 2)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-09", income_fen_monthly=18000)
    for month in ("2026-09", "2026-10", "2026-11"):
        assert await owed(register, month, "dibao") == {"dibao": DIBAO_FEN - 18000}


async def test_who_came_in_by_another_grant_meanwhile_is_owed_no_less(register: Register) -> None:
    nursing = await handed_in(register, "disability")
    in_month(register, 1)
    old = await handed_in(register, "old-age")
    await old.complete()
    await old.do(HE_JUN, "confirm", decision_number="青民决〔2026〕907号")
    await granted(nursing)
    assert await owed(register, "2026-09", NURSING) == {NURSING: NURSING_FEN}


async def test_who_joins_a_household_of_the_register_by_a_grant_counts_from_then_on(
    register: Register,
) -> None:
    home = a_household("h-1", a_person(1, name="李伟"))
    await register.imported(a_csv(rows_of(home)))
    walk = await handed_in(register, "disability", whose="child")
    in_month(register, 1)
    await read(walk, person_key="child")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER)
    assert await owed(register, "2026-09", NURSING) == {NURSING: NURSING_FEN}
    assert ("h-1", "李伟", "2010-01", None) in stays(register)


async def test_nobody_lives_anywhere_before_they_were_born_or_left_another_household(
    register: Register,
) -> None:
    wed = a_household("h-1", a_person(4, name="李甲"), a_person(3, name="李娟", until="2026-09"))
    await register.imported(a_csv(rows_of(wed)))
    members = an_application()["members"]
    members[1] |= {"id_number": id_number(2, "20261005"), "name": "李小"}
    members.append({"key": "wife", "name": "李娟", "relation": "配偶", "id_number": id_number(3)})
    walk = await handed_in(register, "disability")
    in_month(register, 1)
    later(register, 5)
    await walk.do(
        WANG_FANG,
        "correct",
        application=an_application(members=members, whose="head"),
        reason="补正",
    )
    await granted(walk)
    since = {name: since for _, name, since, until in stays(register) if until is None}
    assert since["李伟"] == "2026-09"
    assert (since["李小"], since["李娟"]) == ("2026-10", "2026-10")
