"""Temporary assistance in stages: one a month, until they are stopped by a decision of its own."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    OFFICER,
    SUN_LEI,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    in_month,
    staff,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import stays
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    announced,
    approved,
    papers,
    proposed,
    register_with,
    reported,
    today,
)

VISITED = staff("liu-qiang", OFFICER | TOWN_HEAD, VILLAGE[:9])
"""Who signed the visit, with the right of a township's head besides."""


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register_with(register, **LIMITS))


async def test_stages_come_one_a_month_and_end_when_they_are_stopped(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), 100000, 3)
    await approved(walk, ZHAO_GANG)
    assert walk.case["state"] == "paying"
    answer = await walk.ask(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert answer.json()["needs"] == ["stage-of-another-month"]
    in_month(walk.register, 1)
    for hands in (ZHANG_LI, VISITED):
        answer = await walk.ask(hands, "release-stage", findings="仍无住处")
        assert answer.json()["needs"] in (["not-the-proposer"], ["not-the-surveyor"])
    await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处")
    in_month(walk.register, 1)
    stopped: dict[str, Any] = {"decision_number": "救〔2026〕9号", "reasons": "已有住处"}
    answer = await walk.ask(ZHANG_LI, "stop-stages", **stopped)
    assert answer.json()["needs"] == ["not-the-proposer"]
    answer = await walk.ask(VISITED, "stop-stages", **stopped)
    assert answer.json()["needs"] == ["not-the-surveyor"]
    await walk.do(ZHAO_GANG, "stop-stages", **stopped)
    assert walk.case["state"] == "aided"
    (said,) = walk.register.rows("SELECT body FROM outbox WHERE body ->> 'happened' = 'ended'")
    assert said["body"]["case_id"] == walk.case["case_id"], "they are told"
    assert "stages-stopped" in [each["letter"] for each in walk.case["letters"]]
    stages = [each.facts["temporary_stage"] for each in await announced(walk.register)]
    assert stages == [1, 2]


@pytest.mark.parametrize("released", [True, False])
async def test_what_still_pays_in_the_new_year_is_help_of_it_for_the_same_cause(
    walk: Walk, *, released: bool
) -> None:
    in_month(walk.register, 3)
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), 100000, 2)
    await approved(walk, ZHAO_GANG)
    in_month(walk.register, 1)
    assert today(walk) == "2027-01-01"
    if released:
        last = await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处")
        assert last["state"] == "aided"
    for cause, state in (("fire", "confirming"), ("illness", "approving")):
        await reported(walk, cause=cause)
        await walk.do(WANG_FANG, "accept")
        await proposed(await papers(walk))
        assert walk.case["state"] == state


async def test_a_stage_counts_nobody_who_died_since_the_last(walk: Walk) -> None:
    await helped_in_four(walk, *an_application()["members"])
    await buried(walk, "李娜")
    before = stays(walk.register)
    await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert stays(walk.register) == before, "nobody who died lives there anew"
    in_month(walk.register, 1)
    await buried(walk, "李伟")
    answer = await walk.ask(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert answer.json()["type"] == "/problems/nobody-left"
    await walk.do(ZHAO_GANG, "stop-stages", decision_number="救〔2026〕9号", reasons="去世")


async def test_what_was_decided_is_released_to_the_household_as_it_is_by_then(walk: Walk) -> None:
    sister = {"key": "sister", "name": "李丙", "relation": "姐妹", "id_number": id_number(3)}
    await helped_in_four(walk, *an_application()["members"], sister)
    born = {"name": "李新", "relation": "子女", "id_number": id_number(9, "20260901")}
    await changed(walk, "birth", **born, since="2026-09")
    await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert len(await living(walk)) == 4, "a child that was born is of it, and bars nothing"
    in_month(walk.register, 1)
    await changed(walk, "move-out", person_key="李娜", until="2026-10", reason="到外省就学")
    await buried(walk, "李伟", heads="李丙")
    answer = await walk.ask(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert answer.json()["type"] == "/problems/dead-in-register"
    proof = await walk.paper(WANG_FANG, "death-proof")
    died = {"person_key": "head", "died_on": today(walk), "proof_id": proof}
    due_on = walk.case["state_due_on"]
    await walk.do(WANG_FANG, "go-on", goes_on="sister", **died)
    assert (walk.case["state"], walk.case["state_due_on"]) == ("paying", due_on)
    await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert await living(walk) == ["李丙", "李新"], "who left or died does not come back by it"
    decided = await announced(walk.register)
    assert {each.household_id for each in decided} == {decided[0].household_id}
    in_month(walk.register, 1)
    for name in ("李新", "李丙"):
        await changed(walk, "move-out", person_key=name, until="2026-11", reason="迁出本县")
    in_month(walk.register, 1)
    answer = await walk.ask(ZHAO_GANG, "release-stage", findings="仍无住处")
    assert answer.json()["type"] == "/problems/nobody-left"
    await walk.do(ZHAO_GANG, "stop-stages", decision_number="救〔2027〕1号", reasons="全家迁出")


async def living(walk: Walk) -> list[str]:
    """Who lives in the household of a case, by the register."""
    return [
        each["name"]
        for each in walk.register.rows(
            "SELECT name FROM person JOIN membership m ON m.person_id = person.id"
            " WHERE m.until IS NULL ORDER BY name"
        )
    ]


async def helped_in_four(walk: Walk, *members: dict[str, Any]) -> None:
    """A household is helped after a fire in four stages; the first was released last month."""
    await walk.open(category="temporary")
    await walk.do(CHEN_HONG, "write", application=an_application(members=[*members]))
    await walk.do(
        CHEN_HONG, "report", kind="urgent", cause="fire", happened_on=today(walk), elsewhere="no"
    )
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), 100000, 4)
    await approved(walk, ZHAO_GANG)
    in_month(walk.register, 1)


async def changed(walk: Walk, act: str, **words: Any) -> None:
    """A change of the household of a case, from this month on."""
    change = await Walk(walk.register).open(
        category="change", household_id=walk.case["household_id"]
    )
    people = {each["name"]: each["key"] for each in (await change.look())["application"]["members"]}
    words = {
        key: people.get(said, said) if key == "person_key" else said for key, said in words.items()
    }
    await change.do(CHEN_HONG, act, **words)
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    if change.case["state"] == "surveying":
        await change.looked_into(144000)
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    number = f"青民变〔2026〕{people.get(act, act)}{len(people)}号"
    await change.do(HE_JUN, "confirm", decision_number=number, from_month=today(walk)[:7])


async def buried(walk: Walk, name: str, heads: str | None = None) -> None:
    """Somebody of the household of a case died today, and that is recorded, with who heads it."""
    home, day = walk.case["household_id"], today(walk)
    found = await Walk(walk.register).open(category="exit", household_id=home)
    keys = {each["name"]: each["key"] for each in (await found.look())["application"]["members"]}
    await found.do(CHEN_HONG, "death", person_key=keys[name], died_on=day)
    if heads is not None:
        await found.do(CHEN_HONG, "head", person_key=keys[heads], rests_on="户口簿")
    await found.paper(CHEN_HONG, "finding-proof")
    await found.do(HE_JUN, "end", decision_number=f"青民退〔2026〕{name}号", from_month=day[:7])


async def test_stages_that_were_stopped_wrongly_go_on_after_an_appeal(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await approved(await proposed(await papers(walk), 100000, 3), ZHAO_GANG)
    await walk.do(ZHAO_GANG, "stop-stages", decision_number="救〔2026〕9号", reasons="已有住处")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    again: dict[str, Any] = {"from_month": "2026-09", "amount_fen": 100000}
    answer = await appeal.ask(SUN_LEI, "win", **OUTCOME, **again)
    assert answer.json()["needs"] == ["not-given-once"], "what was given is not given twice"
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert (await walk.look())["state"] == "paying"
    in_month(walk.register, 1)
    await walk.do(ZHAO_GANG, "release-stage", findings="仍无住处")
    stages = [each.facts["temporary_stage"] for each in await announced(walk.register)]
    assert stages == [1, 2]
