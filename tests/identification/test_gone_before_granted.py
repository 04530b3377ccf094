"""Somebody died, or moved away, before the month in which a case brought them into the register:
they were never in, and whoever lives on is paid without them."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_changes import stays, told
from tests.identification.test_exits_set_aside import set_aside
from tests.identification.test_taken_back import SEEN

LI_WEI = {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(1)}
WANG = {
    "key": "wife", "name": "王芳", "relation": "配偶", "id_number": id_number(2),
    "disability_grade": 3, "disability_kind": 2,
}  # fmt: skip
DIED = "2026-09-28"


@pytest.fixture
async def home(register: Register) -> str:
    """The id of a household that was granted dibao in October; it was on the board in September."""
    return await granted(register, LI_WEI, WANG)


async def granted(register: Register, *people: dict[str, Any]) -> str:
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=list(people)))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    for each in people:
        await walk.letter(each["key"])
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕1号")
    assert {since for *_, since, _ in stays(register)} == {"2026-10"}
    return str(walk.case["household_id"])


async def described(
    register: Register, category: str, home: str, act: str, *names: str, **words: Any
) -> Walk:
    """A case in which this is found of some of a household, with its paper."""
    walk = await Walk(register).open(category=category, household_id=home)
    members = (await walk.look())["application"]["members"]
    for name in names:
        (key,) = (each["key"] for each in members if each["name"] == name)
        await walk.do(CHEN_HONG, act, person_key=key, **words)
    await walk.paper(CHEN_HONG, "finding-proof")
    return walk


async def said_of(register: Register) -> Any:
    """What was decided of the only household there is, and its number."""
    (row,) = register.rows("SELECT number FROM household")
    return await told(register, row["number"])


def groups(register: Register) -> set[str]:
    """Who is in a group of the low-income database."""
    return {
        row["name"]
        for row in register.rows("""
            SELECT name FROM low_income_person JOIN low_income_entry ON holder_id =
                low_income_person.id AND until IS NULL
        """)
    }


async def test_who_died_while_it_was_shown_was_never_in(register: Register, home: str) -> None:
    assert groups(register) == {"李伟", "王芳"}
    walk = await described(register, "exit", home, "death", "王芳", died_on=DIED)
    (effect,) = (await walk.look())["effect"]["households"]
    assert effect["goes"] == [{"name": "王芳", "until": "2026-09", "died_on": DIED}]
    ended = await walk.do(HE_JUN, "end", decision_number="青民退〔2026〕1号", from_month="2026-11")
    assert ended["state"] == "ended"
    decision = await said_of(register)
    assert (str(decision.from_month), decision.facts["on_dibao"]) == ("2026-11", 1)
    assert [each.facts["died_on"] for each in decision.members] == ["not-applicable"]
    (said,) = register.told("person-died")
    assert said["body"]["died_on"] == DIED
    assert groups(register) == {"李伟"}
    (stay,) = register.rows("SELECT since, until FROM low_income_entry WHERE until IS NOT NULL")
    assert stay["until"] < stay["since"]
    board = (await register.get(f"/areas/{VILLAGE}/board", ZHANG_LI)).text
    assert "王芳" not in board
    (head,) = decision.members
    shown = (await register.get(f"/people/{head.person_id}")).json()
    assert [each["name"] for each in shown["household"]["members"]] == ["李伟"]


async def test_a_change_says_so_too(register: Register, home: str) -> None:
    walk = await described(register, "change", home, "death", "王芳", died_on=DIED)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number="青民变〔2026〕1号", from_month="2026-11")
    decision = await said_of(register)
    assert len(decision.members) == 1
    assert decision.facts["on_dibao"] == 1


async def test_of_whom_nobody_lived_to_see_it_nothing_is_granted(
    register: Register, home: str
) -> None:
    for order, name in enumerate(("李伟", "王芳")):
        walk = await described(register, "exit", home, "death", name, died_on="2026-08-30")
        number = f"青民退〔2026〕{order}号"
        await walk.do(HE_JUN, "end", decision_number=number, from_month="2026-11")
    decision = await said_of(register)
    assert (decision.facts["on_dibao"], decision.members) == (0, [])
    assert groups(register) == set()


async def test_who_moved_away_before_it_was_granted_was_never_in(
    register: Register, home: str
) -> None:
    words = {"moved_on": "2026-09-25", "moved_to": "成都市武侯区"}
    walk = await described(register, "exit", home, "moved-away", "王芳", **words)
    await walk.tell()
    said = {"reasons": "迁出本县", "from_month": "2026-11"}
    await walk.do(HE_JUN, "leave", decision_number="青民退〔2026〕9号", **said)
    assert len((await said_of(register)).members) == 1
    assert groups(register) == {"李伟"}
    await set_aside(walk, "青政复〔2026〕3号")
    assert {until for *_, until in stays(register)} == {None}
    assert len((await said_of(register)).members) == 2
    assert groups(register) == {"李伟", "王芳"}
    await walk.do(FANG_TING, "leave", decision_number="青民退〔2026〕10号", **said)
    assert len((await said_of(register)).members) == 1


async def test_a_death_before_they_came_in_that_was_none_is_taken_back(
    register: Register, home: str
) -> None:
    before = await said_of(register)
    for order, name in enumerate(("王芳", "李伟")):
        walk = await described(register, "exit", home, "death", name, died_on=DIED)
        number = f"青民退〔2026〕{order}号"
        await walk.do(HE_JUN, "end", decision_number=number, from_month="2026-11")
    walk = await Walk(register).open(category="change", household_id=home)
    for order in (1, 2):
        await walk.do(CHEN_HONG, "alive", id_number=id_number(order), **SEEN)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="本人健在")
    await walk.do(HE_JUN, "confirm", decision_number="青民变〔2026〕2号", from_month="2026-11")
    after = await said_of(register)
    assert after.facts["on_dibao"] == 1
    assert _by_id(after) == _by_id(before)
    assert {until for *_, until in stays(register)} == {None}


async def test_a_death_before_they_came_in_is_set_aside(register: Register, home: str) -> None:
    before = await said_of(register)
    walk = await described(register, "exit", home, "death", "王芳", died_on=DIED)
    await walk.do(HE_JUN, "end", decision_number="青民退〔2026〕1号", from_month="2026-11")
    await set_aside(walk, "青政复〔2026〕3号")
    after = await said_of(register)
    assert _by_id(after) == _by_id(before)
    assert groups(register) == {"李伟", "王芳"}


def _by_id(decision: Any) -> dict[str, Any]:
    assert {each.facts["disability_grade"] for each in decision.members} == {3, "not-applicable"}
    return {str(each.person_id): each.facts for each in decision.members}
