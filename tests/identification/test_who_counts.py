"""Who counts where dibao is reckoned, and what a household owns: as the decision says, so it is
tested, handed on to benefits, and kept in the database of low income."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
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
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.reporters import numbers_of, report
from tests.identification.test_changes import told
from tests.identification.test_means import means_of, nothing_of, values, visited
from tests.identification.test_reviews import known, the_review
from tests.identification.test_statuses import EDGE

__all__ = ["known"]

OWNED = {"vehicles_count": 3, "other_homes_count": 4, "savings_fen": 100_000_000}
STANDING_IN = (
    "SELECT p.name FROM low_income_entry e JOIN low_income_person p ON p.id = e.holder_id"
    " WHERE e.until IS NULL AND e.group_name = 'dibao'"
)


def a_member(key: str, name: str, relation: str, number: int, earns: int = 0) -> dict[str, Any]:
    """Somebody of an application, all of their means said."""
    means = {**nothing_of("person"), "other_transfer_fen": earns}
    said = {"key": key, "name": name, "relation": relation, "id_number": id_number(number)}
    return {**said, "means": means}


async def accepted(walk: Walk, *members: dict[str, Any], **owns: int) -> Walk:
    """An application of these, accepted, with the letter of each."""
    await walk.open()
    means = {**nothing_of("household"), **owns}
    said = an_application(members=list(members), means=means)
    await walk.do(CHEN_HONG, "write", application=said)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    for each in members:
        await walk.letter(each["key"])
    return walk


async def put_to_the_county(walk: Walk, income_fen_yearly: int) -> None:
    """Visited, found to live on so much, proposed and shown."""
    await visited(walk, income_fen_yearly)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    words = {"opinion": "grant", "reasons": "符合条件"}
    await walk.do(ZHANG_LI, "propose", **words, income_fen_monthly=income_fen_yearly // 12)
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.filed()


async def test_whoever_is_in_prison_is_of_the_household_and_not_paid_for(
    register: Register,
) -> None:
    wife = {**a_member("wife", "王芳", "配偶", 5), "away": "prison", "away_since": "2026-01-05"}
    walk = await accepted(Walk(register), a_member("head", "李伟", "户主", 1), wife)
    await put_to_the_county(walk, 0)
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕77号")

    granted = await told(register, walk.case["receipt"])
    stays = {each.facts.get("away"): each.until for each in granted.members}
    assert stays == {None: None, 1: granted.from_month.previous()}
    assert [each["name"] for each in register.rows(STANDING_IN)] == ["李伟"]


async def a_wife_in_prison(register: Register, **stands: Any) -> None:
    """A household of the register, of whose two it says that one is away."""
    couple = a_person(1, name="李伟"), a_person(2, name="王芳")
    await register.imported(a_csv(rows_of(a_household("h-1", *couple, **stands))))
    (home,) = register.rows("SELECT id FROM household")
    change = Walk(register)
    await change.open(category="change", household_id=str(home["id"]))
    (wife,) = [e for e in (await change.look())["application"]["members"] if e["name"] == "王芳"]
    words = {"why": "prison", "away_from": "2026-08-02", "proof": "判决书"}
    await change.do(CHEN_HONG, "away", person_key=wife["key"], **words)
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    number = {"decision_number": "青民变〔2026〕2号", "from_month": "2026-10"}
    await change.do(HE_JUN, "confirm", **number)


async def test_whoever_is_away_by_the_register_is_said_to_be_so_or_came_back(
    register: Register,
) -> None:
    await a_wife_in_prison(register, **decided())
    head, silent = a_member("head", "李伟", "户主", 1), a_member("wife", "王芳", "配偶", 2)
    walk = await accepted(Walk(register), head, silent)
    await visited(walk, 0)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    words: dict[str, Any] = {"opinion": "grant", "reasons": "符合条件", "income_fen_monthly": 0}
    answer = await walk.ask(ZHANG_LI, "propose", **words)
    assert answer.json()["needs"] == ["nobody-away-unsaid"]
    assert "王芳" in answer.json()["missing"][0]["zh"]


async def test_whoever_types_numbers_is_told_nothing_of_who_is_away(register: Register) -> None:
    await a_wife_in_prison(register, **decided())
    kept = a_person(3, name="李老", tekun="是", care_mode="分散", self_care="全自理")
    await register.imported(a_csv(rows_of(a_household("h-2", kept, **decided()))))
    walk = await Walk(register).open()
    for number in (2, 3):
        said = an_application(members=[a_member("head", "某人", "户主", number)])
        await walk.do(CHEN_HONG, "write", application=said)
        assert values(await means_of(walk), "declared")["means_members"] == 1


async def test_a_report_counts_nobody_who_is_away(register: Register) -> None:
    await a_wife_in_prison(register, **on_dibao())
    in_month(register, 1)
    numbers = numbers_of(await report(register))
    assert (numbers["dibao-households"], numbers["dibao-people"]) == (1, 1)


@pytest.mark.parametrize(
    ("head_earns", "tekun_has", "granted"), [(300_000, 0, False), (0, 600_000, True)]
)
async def test_a_member_on_tekun_is_no_head_and_brings_no_income(
    register: Register, head_earns: int, tekun_has: int, granted: bool
) -> None:
    kept = a_person(1, name="李老", tekun="是", care_mode="分散", self_care="全自理")
    rows = rows_of(a_household("h-1", kept, a_person(2, name="李甲"), **decided()))
    await register.imported(a_csv(rows))
    head, father = (
        a_member("head", "李甲", "户主", 2, head_earns),
        a_member("old", "李老", "父亲", 1, tekun_has),
    )
    walk = await accepted(Walk(register), head, father)
    assert values(await means_of(walk), "declared")["means_members"] == 1
    await put_to_the_county(walk, head_earns)
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕77号")
    assert answer.status_code == (200 if granted else 409), answer.text


async def test_whoever_is_on_tekun_alone_is_told_so_before_any_posting(register: Register) -> None:
    kept = a_person(1, name="李老", tekun="是", care_mode="分散", self_care="全自理")
    await register.imported(a_csv(rows_of(a_household("h-1", kept, **decided()))))
    walk = await accepted(Walk(register), a_member("head", "李老", "户主", 1))
    await visited(walk, 0)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    words: dict[str, Any] = {"reasons": "无收入", "income_fen_monthly": 0}
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)
    assert answer.json()["needs"] == ["not-on-tekun"]
    assert "特困" in answer.json()["missing"][0]["zh"]
    assert (await walk.do(ZHANG_LI, "propose", opinion="refuse", **words))["state"] == "confirming"


async def test_whoever_owns_too_much_is_granted_no_dibao(register: Register) -> None:
    walk = await accepted(Walk(register), a_member("head", "李伟", "户主", 1), **OWNED)
    await put_to_the_county(walk, 0)
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕77号")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/above-the-standard")


async def test_whoever_owns_too_much_is_not_found_just_above_dibao(register: Register) -> None:
    walk = Walk(register, "edge", EDGE)
    earns = int(str(EDGE["income_fen_yearly"]))
    await accepted(walk, a_member("head", "李伟", "户主", 1, earns), **OWNED)
    await visited(walk, earns)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **EDGE)
    assert "property-within-rules" in answer.json()["needs"]


async def test_too_much_of_one_thing_is_too_much_whatever_else_is_known(known: Register) -> None:
    walk = await the_review(known)
    await walk.visit(144_000, means={"household": {"vehicles_count": 3}})
    await walk.paper(WANG_FANG, "survey-photo")
    answer = await walk.ask(WANG_FANG, "find-unchanged", stability="stable")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/above-the-standard")
