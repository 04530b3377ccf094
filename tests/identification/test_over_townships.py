"""Who comes from another township of the county: it is handed in anywhere, and is the county's."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    TAN_YAN,
    ZHANG_LI,
    Walk,
    sets,
    staff,
)
from tests.identification.citizens import Phone
from tests.identification.ledgers import HEAD, Ledger
from tests.identification.lists import compared, delivered
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import a_list, brought
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import stays
from tests.identification.test_exchange import a_warning
from tests.identification.test_own_changes import on_record

BRIDE: dict[str, Any] = {
    "name": "李己", "relation": "配偶", "id_number": id_number(5), "since": "2026-10",
}  # fmt: skip
DECISION: dict[str, Any] = {"decision_number": "青民变〔2026〕41号", "from_month": "2026-10"}
_KEEPER = HEAD | {"cases:read", "cases:apply", "cases:accept"}
HERE = staff("zhou-jie", _KEEPER, VILLAGE[:9])
THERE = staff("ma-chao", _KEEPER, OTHER_VILLAGE[:9])
_GIVEN = "{{since: 2021-07-01, category: change, authority: {}}}"


async def two_homes(register: Register) -> None:
    """On dibao, h-1 here and h-2 in another township."""
    here = a_household("h-1", a_person(1, name="李乙"), a_person(2, name="李丙"), **on_dibao())
    there = a_household(
        "h-2",
        a_person(4, name="李戊"),
        a_person(5, name="李己"),
        village=OTHER_VILLAGE,
        **on_dibao(decision_number="青民决〔2026〕3号"),
    )
    await register.imported(a_csv(rows_of(here, there)))


async def is_decided_by_the_county_alone(walk: Walk) -> None:
    """Proposed by the township; refused to its head, and confirmed by the county's."""
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    answer = await walk.ask(TAN_YAN, "confirm", **DECISION)
    refused = answer.json()
    assert refused["type"] == "/problems/moves-beyond-you" or refused["needs"] == [
        "authority-of-its-day"
    ]
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert {("h-2", "李己", "2010-01", "2026-09"), ("h-1", "李己", "2026-10", None)} <= stays(
        walk.register
    )


async def test_a_window_hands_it_in_and_the_county_decides(register: Register) -> None:
    sets(register, f"delegation: [{_GIVEN.format('township-entrusted')}]")
    await two_homes(register)
    walk = await Walk(register).open(category="change", household_number="h-1")
    effect = (await walk.do(CHEN_HONG, "marriage", **BRIDE))["effect"]
    assert effect["over_townships"]
    assert [each["household"] for each in effect["households"]] == ["h-1"]
    assert [each["known"] for each in effect["households"][0]["comes"]] == [False]
    await walk.paper(CHEN_HONG, "change-letter")
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "surveying"
    await walk.looked_into(144000)
    of_county = (await register.get(walk.path, HE_JUN)).json()["effect"]
    assert [each["household"] for each in of_county["households"]] == ["h-1", "h-2"]
    await is_decided_by_the_county_alone(walk)


async def test_a_telephone_hands_it_in_and_where_townships_decide_the_county_does(
    register: Register,
) -> None:
    sets(register, f"delegation: [{_GIVEN.format('township-transferred')}]")
    await two_homes(register)
    phone = Phone(register, await on_record(register, "李乙"))
    phone.case = (await phone.post("/my/cases", {"category": "change"})).json()
    await phone.act("marriage", **BRIDE)
    assert "over_townships" not in phone.case["effect"], "it learns of nobody"
    assert (await phone.act("submit")).status_code == 200
    walk = await phone.officers()
    assert walk.case["effect"]["over_townships"]
    await walk.looked_into(144000)
    await is_decided_by_the_county_alone(walk)


@pytest.mark.breaks("Nothing is left behind")
async def test_what_is_open_about_who_comes_goes_along_and_back_if_it_is_set_aside(
    register: Register,
) -> None:
    await two_homes(register)
    await delivered(register, "prisoners", (id_number(5), "2026-09-01", ""))
    await delivered(register, "deaths", (id_number(99), "2026-09-01"))
    await compared(register)
    await brought(register, "warnings", a_list("warnings", [a_warning("W-5", 5, name="李己")]))
    (person,) = register.rows("SELECT id::text FROM person WHERE name = '李己'")
    need = {"source": "visit", "found_on": "2026-09-25", "visitor": "马超", "name": "李己"}
    lead = await Ledger(register, "lead").open(
        THERE, about=("person", person["id"]), programme="tekun", situation="重病", **need
    )
    walk = await Walk(register).open(category="change", household_number="h-1")
    await walk.do(CHEN_HONG, "marriage", **BRIDE)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.looked_into(144000)
    assert where(register) == {OTHER_VILLAGE}
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert where(register) == {VILLAGE}
    await lead.look(HERE)
    await lead.do(HERE, "hand-on", owner="zhou-jie", reason="人嫁过来了")
    await lead.do(HERE, "contact", contacted_on="2026-09-25", findings="属实")
    await lead.do(HERE, "open-application")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert where(register) == {OTHER_VILLAGE}


def where(register: Register) -> set[str]:
    """Where what is open about them is: the alert, the warning, and the lead."""
    found = register.rows(
        "SELECT village AS area FROM alert UNION ALL SELECT village FROM exchange_item"
        " UNION ALL SELECT area FROM register_entry WHERE closed_at IS NULL"
    )
    return {each["area"] for each in found}
