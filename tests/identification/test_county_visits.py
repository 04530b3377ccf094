"""What was objected to or complained of is visited by the county before anybody decides it."""

from typing import Any, Final

import pytest

from services.identification.casework.paths import all_paths
from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
)
from tests.identification.ledgers import GAO_FEI, ZHOU_JIE, Ledger
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_complaints import A_CLUE

FOUND: Final = {"checked_on": "2026-09-25", "findings": "无", "founded": "unfounded"}
TOLD: Final = {"answer": "不属实", "answered_on": "2026-09-25"}
NUMBER: Final[dict[str, Any]] = {"decision_number": "青民决〔2026〕811号"}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def complained(register: Register, kind: str, about: str) -> Ledger:
    """Somebody says that they should not be on assistance."""
    clue = {**A_CLUE, "topic": "eligibility", "accused_kind": "household"}
    return await Ledger(register, "complaint").open(ZHOU_JIE, about=(kind, about), **clue)


async def visited(walk: Walk) -> None:
    """The county comes by."""
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(FANG_TING, "home-check", as_found=True, visited_on=today, findings="与申报一致")


async def wanting(walk: Walk, **words: Any) -> list[str]:
    """What still bars the county's decision."""
    answer = await walk.ask(HE_JUN, "confirm", **NUMBER, **words)
    found: list[str] = answer.json().get("needs", [])
    return found


async def due(walk: Walk) -> list[bool]:
    """Of each case the county is to visit, whether it did."""
    found = (await walk.register.get("/county-visits", FANG_TING)).json()["items"]
    return [each["visited"] for each in found]


async def shown_again(walk: Walk) -> None:
    """Visited by the township, compared, proposed and shown once more."""
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    minutes = await walk.paper(WANG_FANG, "minutes")
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(
        WANG_FANG, "appraise", met_on=today, due=9, present=8, in_favour=7, minutes_id=minutes
    )
    await walk.answer()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)


@pytest.mark.breaks("Whoever was complained of is visited")
async def test_after_an_objection_the_county_visits_before_it_grants(walk: Walk) -> None:
    await walk.confirming()
    assert await due(walk) == []
    await visited(walk)
    await walk.do(HE_JUN, "return-to-township", reason="再公示")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    await walk.put_up()
    await walk.object(ZHANG_LI, "他家有车")
    await shown_again(walk)
    await walk.put_up()
    later(walk.register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    assert await wanting(walk) == ["visited-where-due"], "the visit was before the objection"
    assert await due(walk) == [False]
    await visited(walk)
    assert await due(walk) == [True]
    assert (await walk.do(HE_JUN, "confirm", **NUMBER))["state"] == "granted"


@pytest.mark.breaks("Whoever was complained of is visited")
@pytest.mark.parametrize("about", ["case", "person"])
async def test_whoever_was_complained_of_is_visited_in_every_category(
    walk: Walk, about: str
) -> None:
    await a_known_household(walk.register, "h-1", 1)
    head = {"key": "head", "name": "李乙", "relation": "户主", "id_number": id_number(1)}
    await walk.open(category="old-age", village=VILLAGE)
    await walk.do(CHEN_HONG, "write", application=an_application(members=[head]))
    await walk.do(CHEN_HONG, "submit")
    await walk.filed()
    await walk.do(WANG_FANG, "accept", person_key="head")
    which = walk.case["receipt"] if about == "case" else id_number(1)
    ledger = await complained(walk.register, about, which)
    assert await wanting(walk) == ["visited-where-due"]
    for by, act, words in (
        (ZHOU_JIE, "register", {}),
        (GAO_FEI, "assign", {"owner": "zhou-jie"}),
        (ZHOU_JIE, "check", FOUND),
    ):
        await ledger.do(by, act, **words)
    assert await wanting(walk) == ["visited-where-due"], "the county sees for itself"
    await visited(walk)
    own = await walk.ask(FANG_TING, "confirm", **NUMBER)
    assert own.json()["needs"] == ["not-the-home-checker"]
    later(walk.register, 1)
    await complained(walk.register, about, which)
    assert await wanting(walk) == ["visited-where-due"], "somebody complained again"
    await visited(walk)
    assert (await walk.do(HE_JUN, "confirm", **NUMBER))["state"] == "granted"


async def test_a_complaint_of_a_household_holds_for_its_changes(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    await complained(walk.register, "household", household)
    await walk.open(category="change", household_id=household)
    await walk.do(CHEN_HONG, "income", income_fen_monthly=30000, reason="务工")
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert await wanting(walk, from_month="2026-10") == ["visited-where-due"]
    await visited(walk)
    done = await walk.do(HE_JUN, "confirm", **NUMBER, from_month="2026-10")
    assert done["state"] == "changed"


async def test_what_was_answered_before_a_case_began_asks_for_no_visit(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    ledger = await complained(walk.register, "household", household)
    for by, act, words in (
        (ZHOU_JIE, "register", {}),
        (GAO_FEI, "assign", {"owner": "zhou-jie"}),
        (ZHOU_JIE, "check", FOUND),
        (ZHOU_JIE, "answer", {**TOLD, "answered_by": "phone"}),
        (GAO_FEI, "close", {}),
    ):  # fmt: skip
        await ledger.do(by, act, **words)
    later(walk.register, 1)
    await walk.open(category="change", household_id=household)
    await walk.do(CHEN_HONG, "income", income_fen_monthly=30000, reason="务工")
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert await wanting(walk, from_month="2026-10") == []


def test_every_category_that_grants_asks_for_the_visit() -> None:
    asks = {
        name for name, path in all_paths().items()
        if "confirm" in path.acts and "visited-where-due" in path.acts["confirm"].needs
    }  # fmt: skip
    assert asks == {
        "dibao", "tekun", "edge", "rigid-spending", "single-person", "disability", "old-age",
        "children", "temporary", "change",
    }  # fmt: skip
    for name in asks:
        acts = all_paths()[name].acts
        assert "home-check" in acts, name
        assert all("not-the-home-checker" in acts[act].needs for act in ("confirm", "refuse")), name
