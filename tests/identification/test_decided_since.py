"""An appeal grants the months that were owed; what was decided since stands in its own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.identification.casework.decisions.decided_since import Since
from services.identification.casework.paths import endable
from services.identification.histories import Recorded, Stretch
from shared.contracts.identification import Determination
from shared.months import Month
from tests.identification.caseworkers import (
    CHECKED,
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    JPEG,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    in_month,
    later,
)
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    rows_of,
)
from tests.identification.owed import owed
from tests.identification.register import Register, benefits
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_in_place_of import granted, left
from tests.identification.test_statuses import ALONE, EDGE

LI_NA = {each: an_application()["members"][1][each] for each in ("name", "id_number")}


async def stood(register: Register, month: str) -> Determination:
    """How the one household stands in a month: of what is decided for it, what came last."""
    rows = register.rows("SELECT id, from_month FROM determination ORDER BY id")
    *_, row = [each for each in rows if each["from_month"] <= month]
    words = {"determination_id": str(row["id"])}
    headers = register.headers(benefits(), "benefits")
    answer = await register.client.get("/determinations", params=words, headers=headers)
    return Determination.model_validate(answer.json()["items"][0])


async def dibao(register: Register, *months: str) -> list[tuple[Any, Any]]:
    """Whether it is on dibao in these months, and with what income."""
    found = [(await stood(register, each)).facts for each in months]
    return [(each["on_dibao"], each["income_fen_monthly"]) for each in found]


async def changed(register: Register, act: str, from_month: str, **words: Any) -> None:
    """Something of the household is otherwise from a month on, decided as a change."""
    (home,) = register.rows("SELECT id FROM household")
    walk = await Walk(register).open(category="change", household_id=str(home["id"]))
    await walk.do(CHEN_HONG, act, **words)
    await walk.paper(CHEN_HONG, "change-letter", JPEG + act.encode())
    await walk.do(CHEN_HONG, "submit")
    if walk.case["state"] == "surveying":
        await walk.looked_into(18000 * 12)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number=f"变〔2026〕{act}号", from_month=from_month)


async def heard(walk: Walk) -> Walk:
    """An appeal against the decision of a case, heard."""
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    return appeal


async def decided_again(walk: Walk, number: str, **owed: str) -> None:
    """Set aside on appeal, and granted by another."""
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME, **owed)
    await walk.look()
    await walk.do(FANG_TING, "confirm", decision_number=number)


@pytest.mark.breaks("Nothing is put back blindly")
@pytest.mark.parametrize("again", ["win", "set-aside"])
async def test_what_was_refused_is_owed_until_it_was_granted_and_left(
    register: Register, again: str
) -> None:
    walk = Walk(register, proposal={"income_fen_monthly": 12000})
    await walk.refused()
    await granted(register, "dibao", {})
    in_month(register, 1)
    await left(register, ends="dibao")
    if again == "win":
        appeal = await heard(walk)
        won = {**OUTCOME, "from_month": "2026-10", "income_fen_monthly": 12000}
        await appeal.do(SUN_LEI, "win", **won)
    else:
        await decided_again(walk, "青民决〔2026〕902号", owed_from="2026-10")
    months = await dibao(register, "2026-10", "2026-11", "2026-12")
    assert months == [(1, 12000), (1, 18000), (0, 18000)]


@pytest.mark.breaks("Nothing is put back blindly")
async def test_an_income_found_since_stands_when_a_grant_is_decided_again(
    register: Register,
) -> None:
    walk = Walk(register, proposal={"income_fen_monthly": 5000})
    await walk.confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕901号")
    in_month(register, 1)
    await changed(register, "income", "2026-12", income_fen_monthly=18000, reason="务工")
    await decided_again(walk, "青民决〔2026〕902号", owed_from="2026-10")
    months = "2026-10", "2026-11", "2026-12"
    assert await dibao(register, *months) == [(1, 5000), (1, 5000), (1, 18000)]
    appeal = await heard(walk)
    won = {**OUTCOME, "from_month": "2026-10", "income_fen_monthly": 4000}
    await appeal.do(SUN_LEI, "win", **won)
    assert await dibao(register, *months) == [(1, 4000), (1, 4000), (1, 18000)]


@pytest.mark.breaks("Nothing is put back blindly")
async def test_who_was_born_since_stays_where_what_was_refused_is_granted(
    register: Register,
) -> None:
    walk = await Walk(register).refused()
    await granted(register, "dibao", {})
    in_month(register, 1)
    baby = {"name": "李新", "relation": "子女", "id_number": id_number(9, "20261020")}
    await changed(register, "birth", "2026-12", **baby, since="2026-11")
    appeal = await heard(walk)
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10", income_fen_monthly=18000)
    assert await dibao(register, "2026-10", "2026-12") == [(1, 18000), (1, 18000)]
    lives = [str(each.since) for each in (await stood(register, "2026-12")).members]
    assert sorted(lives) == ["2026-10", "2026-10", "2026-11"]


async def test_dibao_of_one_is_owed_until_dibao_of_all_begins(register: Register) -> None:
    walk = Walk(register, "single-person", ALONE)
    await walk.refused()
    await granted(register, "dibao", {})
    appeal = await heard(walk)
    won = {**OUTCOME, **ALONE}
    answer = await appeal.ask(SUN_LEI, "win", **won, from_month="2026-11")
    assert answer.json()["type"] == "/problems/on-dibao-already", "there is no month of it"
    await appeal.do(SUN_LEI, "win", **won, from_month="2026-10")
    october, november = [await stood(register, each) for each in ("2026-10", "2026-11")]
    alone = [{e.facts.get("on_single_person") for e in d.members} for d in (october, november)]
    assert alone == [{1, None}, {None}]
    assert (november.facts["on_dibao"], november.facts["income_fen_monthly"]) == (1, 18000)


async def test_what_was_found_because_dibao_was_refused_ends_where_dibao_was_owed(
    register: Register,
) -> None:
    walk = await Walk(register).refused()
    await granted(register, "edge", EDGE)
    appeal = await heard(walk)
    won = {**OUTCOME, "from_month": "2026-10", "income_fen_monthly": 18000}
    await appeal.do(SUN_LEI, "win", **won)
    assert await dibao(register, "2026-10", "2026-11") == [(1, 18000), (1, 18000)]
    assert (await stood(register, "2026-11")).facts["on_edge"] == 0


@pytest.mark.breaks("Granted on what was visited")
async def test_dibao_is_owed_in_no_month_in_which_they_earn_too_much_since(
    register: Register,
) -> None:
    home = a_household("h-1", a_person(1, name="李伟"), a_person(2, **LI_NA))
    await register.imported(a_csv(rows_of(home)))
    walk = await Walk(register, proposal={"income_fen_monthly": 12000}).refused()
    await granted(register, "edge", {"income_fen_yearly": 600001, "property_within_rules": True})
    later(register, 3)
    await changed(register, "income", "2026-11", income_fen_monthly=60000, reason="务工")
    appeal = await heard(walk)
    won = {**OUTCOME, "from_month": "2026-10", "income_fen_monthly": 12000}
    await appeal.do(SUN_LEI, "win", **won)
    assert await dibao(register, "2026-10", "2026-11") == [(1, 12000), (0, 60000)]
    assert (await stood(register, "2026-11")).facts["on_edge"] == 1, "and are what they are since"


async def test_what_gave_way_to_a_change_is_owed_once_that_is_undone(register: Register) -> None:
    walk = Walk(register, proposal={"income_fen_monthly": 12000})
    await walk.confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕901号")
    in_month(register, 1)
    await changed(register, "income", "2026-12", income_fen_monthly=18000, reason="务工")
    (change,) = register.rows("SELECT id::text FROM case_file WHERE category = 'change'")
    won = {**OUTCOME, "from_month": "2026-11", "income_fen_monthly": 4000}
    await (await heard(walk)).do(SUN_LEI, "win", **won)
    months = "2026-11", "2026-12"
    assert await dibao(register, *months) == [(1, 4000), (1, 18000)]
    of_change = Walk(register)
    of_change.case = (await register.get(f"/cases/{change['id']}", CHEN_HONG)).json()
    undone = {
        "decision_number": "青政复〔2026〕9号",
        "reasons": "没有务工",
        "from_month": "2026-12",
    }
    await (await heard(of_change)).do(SUN_LEI, "win", **undone)
    assert await dibao(register, *months) == [(1, 4000), (1, 4000)]


async def test_basic_living_takes_the_place_of_tekun_that_was_granted_since(
    register: Register,
) -> None:
    def home(**of_child: Any) -> bytes:
        child = a_person(2, **LI_NA, **of_child)
        words = decided(decision_number=f"青民决〔2026〕{len(of_child)}号")
        return a_csv(rows_of(a_household("h-1", a_person(1, name="李伟"), child, **words)))

    await register.imported(home())
    walk = await Walk(register, "children").open()
    await walk.do(CHEN_HONG, "write", application=an_application(whose="child"))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    await walk.child_checked(**CHECKED)
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕805号", reasons="父母能抚养")
    today = register.app.state.clock.today().isoformat()
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today)
    later(register, 2)
    await register.imported(home(tekun="是", care_mode="分散"))
    appeal = await heard(walk)
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10", **CHECKED)
    facts = [each.facts for each in (await stood(register, "2026-10")).members]
    drawn = [(each["on_tekun"], each.get("on_children_living")) for each in facts]
    assert sorted(drawn, key=str) == [(0, 1), (0, None)]


async def test_what_somebody_was_owed_before_they_moved_out_is_owed_up_to_then(
    register: Register,
) -> None:
    born_early = id_number(7, "19360304")
    mother = a_person(7, "父母", name="李母", id_number=born_early)
    home = a_household("h-1", a_person(1, name="李伟"), mother, **decided())
    await register.imported(a_csv(rows_of(home)))
    head = {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(1)}
    old = {"key": "mother", "name": "李母", "relation": "父母", "id_number": born_early}
    walk = await Walk(register, "old-age").open()
    said = an_application(members=[head, old], whose="mother")
    await walk.do(CHEN_HONG, "write", application=said)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", person_key="mother")
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕805号", reasons="年龄不足")
    today = register.app.state.clock.today().isoformat()
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today)
    in_month(register, 1)
    leaves = await Walk(register).open(category="change", household_number="h-1", village=None)
    people = (await leaves.look())["application"]["members"]
    (key,) = (each["key"] for each in people if each["name"] == "李母")
    await leaves.do(CHEN_HONG, "move-out", person_key=key, until="2026-10", reason="外出")
    await leaves.paper(CHEN_HONG, "change-letter")
    await leaves.do(CHEN_HONG, "submit")
    await leaves.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await leaves.do(HE_JUN, "confirm", decision_number="青民变〔2026〕1号", from_month="2026-11")
    appeal = await heard(walk)
    won = {**OUTCOME, "from_month": "2026-10", "person_key": "mother"}
    await appeal.do(SUN_LEI, "win", **won)
    paid = [await owed(register, month, "old_age") for month in ("2026-10", "2026-11")]
    assert paid == [{"old_age": 50000}, {}]


def said(turns: list[tuple[str, dict[str, Any]]], named: dict[str, Any]) -> dict[str, Any]:
    """What a disability case that was decided under `own` says of somebody of whom was decided
    since, under a number each, what follows upon nothing."""
    person, grant = uuid4(), endable()["disability"]
    began, by, facts = datetime(2026, 10, 2, tzinfo=UTC), None, dict[str, Any]()
    for day, (number, changed) in enumerate(turns):
        facts = {**facts, **changed}
        member = {"person_id": str(person), "facts": facts}
        content = {"decision_number": number, "facts": {}, "members": [member]}
        content |= {"undoes": ["1"]} if number == "undone" else {}
        at = began + timedelta(days=day)
        by = Recorded(uuid4(), at, Month(2026, 10), content, by, is_earlier=False)
    since = Since(grant, {"own"}, began, began)
    return dict(
        since.beside(Stretch(Month(2026, 10), by), ({}, {person: named}))[1].get(person, {})
    )


LIVING, NURSING = {"on_disability_living": 1}, {"on_disability_nursing": 1}


@pytest.mark.parametrize(
    ("since", "left"),
    [
        ([("1", NURSING)], LIVING),
        ([("1", LIVING)], {}),
        ([("1", LIVING), ("2", {"on_disability_living": 0})], {}),
        ([("1", LIVING), ("own", {"on_disability_living": 0})], LIVING),
    ],
)
def test_others_have_decided_what_they_granted_or_ended_last(
    since: list[tuple[str, dict[str, Any]]], left: dict[str, Any]
) -> None:
    assert said([("own", {"on_disability_living": 0}), *since], LIVING) == left


def test_what_was_ended_since_and_put_back_nobody_has_decided_otherwise() -> None:
    turns = [("own", LIVING), ("1", {"on_disability_living": 0}), ("undone", LIVING)]
    assert said(turns, LIVING) == LIVING
    turns = [("own", {**LIVING, "disability_grade": 2}), ("1", {"disability_grade": 3})]
    again = {**LIVING, "disability_grade": 1}
    assert said(turns, again) == LIVING
    assert said([*turns, ("undone", {"disability_grade": 2})], again) == again
    assert said([*turns, ("2", {"disability_grade": 2})], again) == LIVING, "found so anew"
