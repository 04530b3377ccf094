"""Another card or a guardian: asked for with its paper, shown by four digits, decided once."""

import json
from typing import Any

import pytest

from tests.identification import makers
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    staff,
)
from tests.identification.makers import id_number
from tests.identification.register import Register

NUMBER = "6219980012345678"


@pytest.fixture
async def walk(register: Register) -> Walk:
    """A change of the household h-1, a grown head and a child, not described yet."""
    child = makers.a_person(2, name="李丙", id_number=id_number(2, "20150910"))
    people = (makers.a_person(1, name="李乙"), child)
    rows = makers.rows_of(makers.a_household("h-1", *people, **makers.on_dibao()))
    await register.imported(makers.a_csv(rows))
    walk = await Walk(register).open(category="change", household_number="h-1", village=None)
    await walk.look()
    return walk


def member(walk: Walk, place: int = 0) -> str:
    return str(walk.case["application"]["members"][place]["key"])


async def a_card(walk: Walk, place: int = 0, **words: Any) -> dict[str, Any]:
    """What is said of a card, with its photo on the case."""
    return {
        "person_key": member(walk, place),
        "pays": "household",
        "bank": "青神县商业银行",
        "account_number": NUMBER,
        "account_kind": "card",
        "proof_id": await walk.paper(CHEN_HONG, "bank-card"),
        **words,
    }


async def a_guardian(walk: Walk, **words: Any) -> dict[str, Any]:
    """What is said of the guardian of the household's child."""
    authority = await walk.paper(CHEN_HONG, "guardianship")
    return {
        **await a_card(walk, 1, pays="own"),
        "guardian_name": "王秀英",
        "guardian_number": id_number(31, "19600101"),
        "authority_id": authority,
        **words,
    }


async def decided(walk: Walk, from_month: str = "2026-10") -> None:
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": "青民变〔2026〕12号", "from_month": from_month}
    await walk.do(HE_JUN, "confirm", **words)


def said(register: Register) -> list[dict[str, Any]]:
    """What was said of payees."""
    rows = register.told("payee-decided")
    return [row["body"] for row in rows]


@pytest.mark.breaks("No money led elsewhere alone")
async def test_a_number_passes_through_and_four_digits_stay(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "card", **await a_card(walk))
    (offer,) = walk.register.neighbours.offers
    assert (offer["account_number"], offer["beneficiary_id"]) == (NUMBER, walk.case["household_id"])
    assert (offer["holder_id"], offer["holder_name"]) == (member(walk), "李乙")
    case = await walk.look()
    assert case["effect"]["payees"] == [
        {"whose": None, "guardian": None, "home": None, "before": "青神县邮政银行 •••• 0007",
         "after": "青神县商业银行 •••• 5678"}
    ]  # fmt: skip
    assert NUMBER not in json.dumps(case)
    for table in ("case_act", "outbox", "audit", "idempotency"):
        assert NUMBER not in str(walk.register.rows(f"SELECT * FROM {table}"))  # noqa: S608 # Our own.


async def test_whoever_is_paid_now_is_told_before_anything_is_decided(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "card", **await a_card(walk))
    moved = walk.register.told("case-moved")
    assert [(row["body"]["happened"], row["body"]["person_id"]) for row in moved] == [
        ("payee-asked", member(walk))
    ]
    assert said(walk.register) == []


async def test_what_is_decided_is_said_once_from_its_month(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "card", **await a_card(walk, account_number="6219980000000001"))
    await walk.do(CHEN_HONG, "card", **await a_card(walk))
    await walk.do(CHEN_HONG, "card", **await a_card(walk, 1, pays="own"))
    await decided(walk, "2026-10")
    household, own = sorted(said(walk.register), key=lambda each: str(each["beneficiary_kind"]))
    assert (household["relation"], household["from_month"]) == ("household", "2026-10")
    assert household["beneficiary_id"] == walk.case["household_id"]
    assert (own["relation"], own["beneficiary_id"]) == ("self", member(walk, 1))
    assert household["receipt"] == walk.case["receipt"]
    history = (await walk.look())["history"]
    last = [each["words"]["account_id"] for each in history if each["act"] == "card"][1:]
    assert sorted(last) == sorted([household["account_id"], own["account_id"]])


@pytest.mark.breaks("No money led elsewhere alone")
async def test_nobody_alone_leads_money_elsewhere(walk: Walk) -> None:
    await walk.do(WANG_FANG, "card", **await a_card(walk))
    await walk.do(WANG_FANG, "submit")
    both = {"cases:read", "cases:review", "cases:decide"}
    answer = await walk.ask(staff("wang-fang", both), "propose", opinion="grant", reasons="属实")
    assert answer.json()["needs"] == ["not-the-requester"]
    await walk.do(staff("zhang-li", both), "propose", opinion="grant", reasons="属实")
    words: dict[str, Any] = {"decision_number": "青民变〔2026〕14号", "from_month": "2026-10"}
    for name, need in (("wang-fang", "not-the-requester"), ("zhang-li", "not-the-proposer")):
        answer = await walk.ask(staff(name, both), "confirm", **words)
        assert answer.json()["needs"] == [need]
    assert said(walk.register) == []


async def test_a_guardian_who_is_of_no_household_here_has_an_id_for_good(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "guardian", **await a_guardian(walk))
    await walk.do(CHEN_HONG, "guardian", **await a_guardian(walk, account_number="621998001111"))
    first, second = walk.register.neighbours.offers
    assert first["holder_id"] == second["holder_id"]
    assert (first["holder_name"], first["beneficiary_kind"]) == ("王秀英", "person")
    (holder,) = walk.register.rows("SELECT id, kind FROM holder")
    assert (str(holder["id"]), holder["kind"]) == (first["holder_id"], "person")
    await decided(walk)
    (event,) = said(walk.register)
    assert (event["relation"], event["beneficiary_id"]) == ("guardian", member(walk, 1))


async def test_while_payments_is_away_nothing_is_written_and_it_can_be_said_again(
    walk: Walk,
) -> None:
    words = await a_card(walk)
    walk.register.neighbours.away = True
    assert (await walk.ask(CHEN_HONG, "card", **words)).status_code == 503
    assert [each["act"] for each in (await walk.look())["history"]] == []
    walk.register.neighbours.away = False
    await walk.do(CHEN_HONG, "card", **words)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"account_number": "12"}, "account_number"),
        ({"account_number": "银行卡"}, "account_number"),
        ({"proof_id": None}, "proof_id"),
        ({"person_key": "nobody"}, "person_key"),
    ],
)
async def test_what_is_no_account_is_refused_by_its_name(
    walk: Walk, words: dict[str, Any], field: str
) -> None:
    answer = await walk.ask(CHEN_HONG, "card", **{**await a_card(walk), **words})
    assert answer.status_code == 422
    assert answer.json()["field"].startswith(field)
    assert walk.register.neighbours.offers == []


async def test_begun_anew_or_refused_it_leads_no_money_anywhere(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "card", **await a_card(walk))
    await walk.do(CHEN_HONG, "start-over")
    assert (await walk.look())["effect"]["payees"] == []
    await walk.do(CHEN_HONG, "card", **await a_card(walk))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="refuse", reasons="不是本人的卡")
    await walk.do(HE_JUN, "refuse", decision_number="青民变〔2026〕13号", reasons="不属实")
    assert said(walk.register) == []


async def test_whose_own_money_it_is_hears_of_it_too(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "guardian", **await a_guardian(walk))
    moved = walk.register.told("case-moved")
    assert {row["body"]["person_id"] for row in moved} == {member(walk), member(walk, 1)}


@pytest.mark.breaks("No money led elsewhere alone")
async def test_money_is_led_to_nobody_who_left_meanwhile(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "card", **await a_card(walk, 1))
    await walk.do(CHEN_HONG, "submit")
    left = await Walk(walk.register).open(category="change", household_id=walk.case["household_id"])
    words = {"person_key": member(walk, 1), "until": "2026-09", "reason": "外出"}
    await left.do(CHEN_HONG, "move-out", **words)
    await left.paper(CHEN_HONG, "change-letter")
    await decided(left)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    decision: dict[str, Any] = {"decision_number": "青民变〔2026〕15号", "from_month": "2026-10"}
    answer = await walk.ask(HE_JUN, "confirm", **decision)
    assert answer.json()["type"] == "/problems/no-longer-there"
    assert said(walk.register) == []


@pytest.mark.breaks("No money led elsewhere alone")
async def test_money_is_led_to_nobody_whose_death_the_case_records(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "card", **await a_card(walk, 1))
    await walk.do(CHEN_HONG, "death", person_key=member(walk, 1), died_on="2026-08-30")
    await walk.paper(CHEN_HONG, "finding-proof")
    answer = await walk.ask(CHEN_HONG, "submit")
    assert answer.json()["type"] == "/problems/no-longer-there"


@pytest.mark.breaks("No money led elsewhere alone")
async def test_a_guardian_of_a_grown_healthy_person_is_refused(walk: Walk) -> None:
    for pays in ("household", "own"):
        words = await a_guardian(walk, person_key=member(walk), pays=pays)
        answer = await walk.ask(CHEN_HONG, "guardian", **words)
        assert answer.json()["type"] == "/problems/nobodys-ward"
    answer = await walk.ask(CHEN_HONG, "guardian", **await a_guardian(walk, pays="household"))
    assert answer.json()["type"] == "/problems/head-is-no-ward"
    assert walk.register.neighbours.offers == []


async def known_elsewhere(walk: Walk, name: str, **words: Any) -> None:
    """Somebody of another household has the number of the guardian, by this name."""
    other = makers.a_person(5, name=name, id_number=id_number(31, "19600101"), **words)
    home = makers.a_household("h-2", makers.a_person(4), other, **makers.on_dibao())
    await walk.register.imported(makers.a_csv(makers.rows_of(home)))


DEAD = {"until": "2026-08", "died_on": "2026-08-02"}


@pytest.mark.breaks("No money led elsewhere alone")
@pytest.mark.parametrize("who", ["a child", "dead", "another's number"])
async def test_no_guardian_is_paid_who_is_a_child_dead_or_another(walk: Walk, who: str) -> None:
    words = {"guardian_number": id_number(32, "20180910")} if who == "a child" else {}
    if who == "dead":
        await known_elsewhere(walk, "王秀英", **DEAD)
    elif who == "another's number":
        await known_elsewhere(walk, "赵六")
    answer = await walk.ask(CHEN_HONG, "guardian", **await a_guardian(walk, **words))
    assert answer.json()["type"] == "/problems/guardian-unfit"
    assert walk.register.neighbours.offers == []


@pytest.mark.breaks("No money led elsewhere alone")
async def test_no_guardian_is_paid_who_died_since_they_were_named(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "guardian", **await a_guardian(walk))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await known_elsewhere(walk, "王秀英", **DEAD)
    words: dict[str, Any] = {"decision_number": "青民变〔2026〕12号", "from_month": "2026-10"}
    answer = await walk.ask(HE_JUN, "confirm", **words)
    assert answer.json()["type"] == "/problems/guardian-unfit"
    assert said(walk.register) == []


@pytest.mark.breaks("No money led elsewhere alone")
async def test_the_guardian_of_a_head_who_lacks_capacity_gets_the_households_money(
    walk: Walk,
) -> None:
    words = await a_guardian(walk, person_key=member(walk), pays="household")
    await walk.do(CHEN_HONG, "guardian", **words, ruling="（2026）川1425民特7号")
    await decided(walk)
    (event,) = said(walk.register)
    assert (event["relation"], event["beneficiary_kind"]) == ("guardian", "household")


async def test_whoever_is_severely_mentally_ill_by_the_register_has_a_guardian(
    register: Register,
) -> None:
    ill = makers.a_person(2, disability_kind="精神", disability_grade="二级")
    people = (makers.a_person(1), ill)
    rows = makers.rows_of(makers.a_household("h-1", *people, **makers.on_dibao()))
    await register.imported(makers.a_csv(rows))
    walk = await Walk(register).open(category="change", household_number="h-1", village=None)
    await walk.look()
    await walk.do(CHEN_HONG, "guardian", **await a_guardian(walk))
