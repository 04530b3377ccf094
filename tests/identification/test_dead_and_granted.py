"""Nothing is granted to somebody the register knows to be dead, nor for them."""

from typing import Any

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    OFFICER,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
    staff,
)
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.test_changes import stays
from tests.identification.test_lapsing import died

LOOKING = staff("wang-fang", {*OFFICER, "people:read"}, VILLAGE[:9])


async def buried(register: Register) -> str:
    """The name of one of another household, recorded as dead since August."""
    home = await a_known_household(register, "h-2", 4, 5, from_month="2026-01")
    walk = await Walk(register).open(category="exit", household_id=home)
    who = (await walk.look())["application"]["members"][1]
    await walk.do(CHEN_HONG, "death", person_key=who["key"], died_on="2026-08-02")
    await walk.paper(CHEN_HONG, "finding-proof")
    await walk.do(HE_JUN, "end", decision_number="青民退〔2026〕1号", from_month="2026-10")
    return str(who["name"])


async def reviewing(register: Register, wife: str) -> Walk:
    """A case of a man and his wife, looked into, and before the township."""
    members: list[dict[str, Any]] = [
        {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(1)},
        {"key": "wife", "name": wife, "relation": "配偶", "id_number": id_number(5)},
    ]
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=members))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    await looked_into(walk, "head", "wife")
    return walk


async def looked_into(walk: Walk, *keys: str) -> None:
    for each in keys:
        await walk.letter(each)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()


async def test_nobody_proposes_for_the_dead_and_the_others_go_on(register: Register) -> None:
    walk = await reviewing(register, await buried(register))
    assert (await walk.look(LOOKING))["queries"] == ["wife: dead-in-register"]
    assert (await walk.look(CHEN_HONG))["queries"] == []
    said = {"opinion": "grant", "reasons": "符合条件", **walk.proposal}
    answer = await walk.ask(ZHANG_LI, "propose", **said)
    assert answer.json()["type"] == "/problems/dead-in-register"
    assert answer.json()["member"] == "wife"
    walk.case = (await died(walk, "go-on", person_key="wife", died_on="2026-08-02")).json()
    assert (await walk.look(LOOKING))["queries"] == []
    await looked_into(walk, "head")
    assert (await walk.do(ZHANG_LI, "propose", **said))["state"] == "to-post"


async def test_who_died_since_it_was_proposed_is_not_granted_it(register: Register) -> None:
    walk = await reviewing(register, "王芳")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    dead = a_person(5, name="王芳", until="2026-08", died_on="2026-08-02")
    await register.imported(a_csv(rows_of(a_household("h-2", a_person(4), dead, **on_dibao()))))
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕2号")
    assert answer.json()["type"] == "/problems/dead-in-register"
    assert {number for number, *_ in stays(register)} == {"h-2"}


async def test_nobody_who_is_dead_acts_for_a_ward(register: Register) -> None:
    name = await buried(register)
    ward = {
        "key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(1),
        "lacks_capacity": True, "guardian_key": "sister", "guardian_authority": "relative",
    }  # fmt: skip
    sister = {
        "key": "sister", "name": name, "relation": "姐姐", "id_number": id_number(5),
        "lives_together": False,
    }  # fmt: skip
    walk = await Walk(register).open()
    written = an_application(members=[ward], supporters=[sister])
    await walk.do(CHEN_HONG, "write", application=written)
    await walk.do(CHEN_HONG, "submit")
    await walk.paper(CHEN_HONG, "guardianship", of_person="head")
    await walk.do(WANG_FANG, "accept")
    assert (await walk.look(LOOKING))["queries"] == ["sister: dead-in-register"]
    await walk.letter("head", signed_by="sister")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    said = {"opinion": "grant", "reasons": "符合条件", **walk.proposal}
    answer = await walk.ask(ZHANG_LI, "propose", **said)
    assert answer.json()["type"] == "/problems/dead-in-register"
    assert answer.json()["member"] == "sister"
