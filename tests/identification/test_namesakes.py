"""An ID number brings in whoever the register knows by it, and nobody under another name."""

from typing import Any

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    ZHANG_LI,
    Walk,
    a_known_household,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_changes import stays
from tests.identification.test_own_changes import begun

COMES: dict[str, Any] = {"relation": "配偶", "id_number": id_number(5), "since": "2026-10"}


async def moved_out(register: Register) -> str:
    """The name of somebody the register knows by a number, who lives nowhere just now."""
    home = await a_known_household(register, "h-2", 4, 5)
    walk = await Walk(register).open(category="change", household_id=home)
    who = (await walk.look())["application"]["members"][1]
    await walk.do(CHEN_HONG, "move-out", person_key=who["key"], until="2026-09", reason="外出")
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **words)
    return str(who["name"])


async def test_nobody_comes_in_by_the_number_of_another(register: Register) -> None:
    name = await moved_out(register)
    home = await a_known_household(register)
    walk = await Walk(register).open(category="change", household_id=home)
    asked = await walk.do(CHEN_HONG, "marriage", name="周新", **COMES)
    assert asked["effect"]["impossible"]["type"] == "/problems/name-differs"
    answer = await walk.ask(CHEN_HONG, "submit")
    assert answer.json()["type"] == "/problems/name-differs"
    await walk.do(CHEN_HONG, "start-over")
    await walk.do(CHEN_HONG, "marriage", name=name, **COMES)
    handed_in = await walk.do(CHEN_HONG, "submit")
    (effect,) = handed_in["effect"]["households"]
    assert [(each["name"], each["known"]) for each in effect["comes"]] == [(name, True)]


async def test_a_telephone_is_not_told_and_whoever_decides_is(register: Register) -> None:
    await moved_out(register)
    phone = await begun(register)
    answer = await phone.act("marriage", name="周新", **COMES)
    assert [each["name"] for each in phone.case["effect"]["comes"]] == ["周新"]
    answer = await phone.act("submit")
    assert answer.status_code == 200, answer.text
    walk = await phone.officers()
    assert walk.case["effect"]["impossible"]["type"] == "/problems/name-differs"
    await walk.looked_into(60_000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words: dict[str, Any] = {"decision_number": "青民变〔2026〕2号", "from_month": "2026-10"}
    answer = await walk.ask(HE_JUN, "confirm", **words)
    assert answer.json()["type"] == "/problems/name-differs"
    assert "h-1" not in {number for number, *_, since, _ in stays(register) if since == "2026-10"}
