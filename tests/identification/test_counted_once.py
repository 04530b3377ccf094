"""What counts in a month's report is what was decided of a household for it, and nothing beside."""

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    in_month,
    later,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.reporters import numbers_of, records, report
from tests.identification.test_statuses import EDGE
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    approved,
    papers,
    proposed,
    register_with,
    today,
)


async def _counted(register: Register, month: str, *of: str) -> list[int]:
    numbers = numbers_of(await report(register, f"/reports/month/{month}"))
    return [numbers[each] for each in of]


async def _aided(register: Register, household_id: str) -> None:
    """Temporary aid of a household of the register, from report to decision."""
    walk = Walk(register_with(register, **LIMITS))
    await walk.open(category="temporary", household_id=household_id)
    words = {"kind": "urgent", "cause": "fire", "happened_on": today(walk), "elsewhere": "no"}
    await walk.do(CHEN_HONG, "report", **words)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    await approved(walk, ZHAO_GANG)


@pytest.mark.shows("S07")
async def test_aid_once_leaves_what_a_month_says_of_dibao_as_it_is(register: Register) -> None:
    """It speaks for its own month, with the facts of a decision that may hold only later."""
    household_id = await a_known_household(register, from_month="2026-01", decided_on="2026-01-05")
    leaving = await Walk(register).open(category="exit", household_id=household_id)
    letter = await leaving.paper(CHEN_HONG, "exit-letter")
    wish = {"ends": "dibao", "letter_id": letter, "signed_on": "2026-09-25"}
    await leaving.do(CHEN_HONG, "own-wish", **wish)
    await leaving.do(
        HE_JUN, "leave", decision_number="退1", from_month="2026-10", shown_on="2026-09-25",
        reasons="已有收入",
    )  # fmt: skip
    of = ("dibao-households", "stopped-households")
    before = [await _counted(register, month, *of) for month in ("2026-09", "2026-10")]
    assert before == [[1, 0], [0, 1]]
    await _aided(register, household_id)
    after = [await _counted(register, month, *of) for month in ("2026-09", "2026-10")]
    assert after == before


async def _on_the_edge(register: Register, number: str, *people: tuple[str, int]) -> Walk:
    """A household with the status of low income, of so many people."""
    keys = ["head", *(f"m{order}" for order in range(1, len(people)))]
    members = [
        {"key": key, "name": name, "relation": "子女" if order else "户主",
         "id_number": id_number(known)}
        for order, (key, (name, known)) in enumerate(zip(keys, people, strict=True))
    ]  # fmt: skip
    walk = await Walk(register, "edge", EDGE).open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=members))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    for key in keys:
        await walk.letter(key)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **EDGE)
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number=number)
    return walk


@pytest.mark.shows("S07")
async def test_a_status_that_ran_out_runs_for_nobody_because_a_daughter_has_one_elsewhere(
    register: Register,
) -> None:
    home = await _on_the_edge(register, "低1", ("李伟", 1), ("李芳", 2))
    in_month(register, 11)
    other = await _on_the_edge(register, "低2", ("王五", 11), ("王六", 12))
    in_month(register, 3)
    now = register.app.state.clock.month()
    first, second = home.case["household_id"], other.case["household_id"]
    out = await Walk(register).open(category="change", household_id=first)
    people = (await out.look())["application"]["members"]
    daughter = next(each["key"] for each in people if each["name"] == "李芳")
    await out.do(CHEN_HONG, "move-out", person_key=daughter, until=str(now), reason="出嫁")
    await out.paper(CHEN_HONG, "change-letter")
    await out.do(CHEN_HONG, "submit")
    await out.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await out.do(HE_JUN, "confirm", decision_number="变1", from_month=str(now))
    comes = await Walk(register).open(category="change", household_id=second)
    await comes.do(
        CHEN_HONG, "marriage", name="李芳", relation="配偶", id_number=id_number(2),
        since=str(now.next()),
    )  # fmt: skip
    await comes.paper(CHEN_HONG, "change-letter")
    await comes.do(CHEN_HONG, "submit")
    await comes.looked_into(144000)
    await comes.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await comes.do(HE_JUN, "confirm", decision_number="变2", from_month=str(now.next()))
    in_month(register, 1)
    month = str(register.app.state.clock.month())
    assert await _counted(register, month, "edge-households", "edge-people") == [1, 3]
    path = f"/reports/month/{month}"
    (line,) = await records(register, "edge-households", path=path)
    assert line["name"] == "王五"
