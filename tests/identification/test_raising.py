"""What may raise what is paid is looked into as an application is, whoever asks otherwise."""

from typing import Any
from uuid import uuid4

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    COUNTY_HEAD,
    FANG_TING,
    HE_JUN,
    LIU_QIANG,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
    later,
    staff,
)
from tests.identification.makers import id_number
from tests.identification.owed import owed
from tests.identification.register import Register
from tests.identification.test_changes import NUMBER, a_newcomer, described, stays, told
from tests.identification.test_county_visits import complained
from tests.identification.test_means import nothing_of

SPOUSE: dict[str, Any] = {
    "name": "张梅",
    "relation": "配偶",
    "id_number": id_number(7, "19840216"),
    "since": "2026-10",
}
DECISION: dict[str, Any] = {"decision_number": NUMBER, "from_month": "2026-10"}
POORER = ("income", {"income_fen_monthly": 5000, "reason": "失业"})


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def proposed(walk: Walk) -> None:
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")


def today(walk: Walk) -> str:
    return str(walk.register.app.state.clock.today().isoformat())


@pytest.mark.breaks("Looked into before it rises")
@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("birth", a_newcomer()),
        ("marriage", SPOUSE),
        ("move-in", SPOUSE),
        ("merge", {"household_number": "h-2", "head_relation": "父亲", "since": "2026-10"}),
        POORER,
    ],
)
async def test_whatever_may_raise_money_is_before_nobody_until_it_was_visited(
    walk: Walk, act: str, words: dict[str, Any]
) -> None:
    if act == "merge":
        await a_known_household(walk.register, "h-2", 4, 5)
    asked = await described(walk, (act, words))
    assert (asked["state"], asked["effect"]["may_rise"]) == ("surveying", True)
    everybody = staff("all", {f"cases:{each}" for each in ("accept", "review", "check", "decide")})
    for wanted, said in (
        ("propose", {"opinion": "grant", "reasons": "属实"}),
        ("confirm", DECISION),
    ):
        answer = await walk.ask(everybody, wanted, **said)
        assert answer.json()["type"] == "/problems/not-here"
    assert len(walk.register.rows("SELECT 1 FROM determination")) == (2 if act == "merge" else 1)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("death", {"person_key": (1,), "died_on": "2026-08-30"}),
        ("move-out", {"person_key": (1,), "until": "2026-09", "reason": "外出"}),
        (
            "away",
            {"person_key": (1,), "why": "prison", "away_from": "2026-08-02", "proof": "判决书"},
        ),
        ("income", {"income_fen_monthly": 13000, "reason": "务工"}),
        ("refused-work", {"person_key": (0,), "refused": 3, "reason": "无故"}),
    ],
)
async def test_what_only_lowers_money_waits_for_no_visit(
    walk: Walk, act: str, words: dict[str, Any]
) -> None:
    asked = await described(walk, (act, words))
    assert (asked["state"], asked["effect"]["may_rise"]) == ("requested", False)
    await proposed(walk)
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "changed"


@pytest.mark.breaks("Looked into before it rises")
async def test_one_signature_is_no_visit_of_a_change_either(walk: Walk) -> None:
    await described(walk, POORER)
    await walk.authorise()
    words: dict[str, Any] = {
        "survey_id": "6f0c0f0e-6f53-4f0c-9b6c-3f1f5b0b8a01", "visited_on": today(walk),
        "family_member": "李乙", "findings": "失业在家", "income_fen_yearly": 0,
    }  # fmt: skip
    before = {**words, "visited_on": "2026-09-24"}
    assert (await walk.ask(WANG_FANG, "survey", **before)).json()["needs"] == ["dates-in-order"]
    await walk.do(WANG_FANG, "survey", **words)
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["signed-by-investigators"]
    answer = await walk.ask(WANG_FANG, "sign-survey", survey_id=words["survey_id"])
    assert answer.json()["needs"] == ["not-signed-by-me"]
    await walk.do(LIU_QIANG, "sign-survey", survey_id=words["survey_id"])
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


@pytest.mark.breaks("Looked into before it rises")
async def test_who_comes_signs_a_letter_before_anybody_is_compared(walk: Walk) -> None:
    asked = await described(walk, ("marriage", SPOUSE))
    own, _, comes = (each["key"] for each in asked["application"]["members"])
    assert SPOUSE["id_number"][6:14] not in comes, "a key tells nobody's number"
    await walk.authorise(own, asked["application"]["members"][1]["key"])
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    report: dict[str, Any] = {"report_number": "核〔2026〕7号", "reported_on": today(walk)}
    answer = await walk.ask(WANG_FANG, "compare", **report)
    assert answer.json()["needs"] == ["letters-here-or-on-file"]
    await walk.authorise(comes)
    later(walk.register, 3)
    answer = await walk.ask(WANG_FANG, "compare", **{**report, "reported_on": "2026-09-24"})
    assert answer.json()["needs"] == ["dates-in-order"], "an old report is of another time"
    await walk.do(WANG_FANG, "compare", hits=["张梅：有一辆小型客车"], **report)
    assert (await walk.ask(WANG_FANG, "finish-comparison")).json()["needs"] == ["hits-settled"]
    await walk.do(CHEN_HONG, "explain-hits", explanation="车已报废，附注销证明")
    await walk.do(ZHANG_LI, "accept-answer", reason="已核对注销证明")
    # A letter is of whoever signed it: of another spouse it is none.
    await walk.do(WANG_FANG, "describe-again", reason="姓名有误")
    await walk.do(CHEN_HONG, "start-over")
    await walk.do(CHEN_HONG, "marriage", **{**SPOUSE, "id_number": id_number(8, "19840216")})
    await walk.do(CHEN_HONG, "submit")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    report["reported_on"] = today(walk)
    answer = await walk.ask(WANG_FANG, "compare", **report)
    assert answer.json()["needs"] == ["letters-here-or-on-file"]


@pytest.mark.breaks("Looked into before it rises")
async def test_who_looked_into_a_change_neither_proposes_nor_decides_it(walk: Walk) -> None:
    await described(walk, POORER)
    await walk.looked_into()
    opinion: dict[str, Any] = {"opinion": "grant", "reasons": "属实"}
    for name in ("wang-fang", "liu-qiang"):
        answer = await walk.ask(staff(name, TOWN_HEAD), "propose", **opinion)
        assert answer.json()["needs"] == ["not-the-surveyor"]
    await proposed(walk)
    for name, need in (("liu-qiang", "not-the-surveyor"), ("zhang-li", "not-the-proposer"),
                       ("chen-hong", "not-the-requester")):  # fmt: skip
        answer = await walk.ask(staff(name, COUNTY_HEAD), "confirm", **DECISION)
        assert answer.json()["needs"] == [need]
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "changed"


@pytest.mark.breaks("Looked into before it rises")
async def test_a_visit_is_of_the_words_it_was_made_for(walk: Walk) -> None:
    await described(walk, ("birth", a_newcomer()))
    await walk.looked_into()
    await walk.do(ZHANG_LI, "reopen", reason="补充收入")
    await walk.do(CHEN_HONG, "income", income_fen_monthly=0, reason="失业")
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "surveying"
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["signed-by-investigators", "one-survey-counts"]
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    assert (await walk.ask(WANG_FANG, "finish-comparison")).json()["needs"] == ["compared"]


async def test_the_income_that_is_decided_is_the_one_the_visit_found(walk: Walk) -> None:
    asked = await described(walk, ("income", {"income_fen_monthly": 0, "reason": "失业"}))
    head, child = (each["key"] for each in asked["application"]["members"])
    works = {"wage_basis": 4, "migrant_place": 3, "wage_months": 1}
    found = {
        "household": nothing_of("household"),
        "members": {head: {**nothing_of("person"), **works}, child: nothing_of("person")},
    }
    for_nothing: dict[str, Any] = {
        "survey_id": str(uuid4()), "visited_on": today(walk), "family_member": "李乙",
        "findings": "见逐项", "means": found,
    }  # fmt: skip
    answer = await walk.ask(WANG_FANG, "survey", **for_nothing, income_fen_yearly=0)
    assert answer.json()["needs"] == ["income-as-reckoned"], "a month at 2,600 yuan is not none"
    assert "一年是 2600.00 元" in answer.json()["missing"][0]["zh"]
    assert answer.json()["field"] == "income_fen_yearly"
    await walk.looked_into(260_000, means=found)
    (effect,) = (await walk.look())["effect"]["households"]
    assert effect["facts"]["income_fen_monthly"] == {"before": 12000, "after": 21_666}
    await proposed(walk)
    for month, need in (("2026-08", ["from-the-visit-on"]), ("2026-10", None)):
        answer = await walk.ask(HE_JUN, "confirm", **{**DECISION, "from_month": month})
        assert answer.json().get("needs") == need, answer.text
    decision = await told(walk.register)
    said = [decision.facts[f"income_fen_{each}"] for each in ("monthly", "yearly")]
    assert said == [21_666, 260_000]
    of = {str(member.person_id): member.facts for member in decision.members}
    assert (of[head]["wage_months"], of[child]["wage_months"]) == (1, 0)


@pytest.mark.breaks("Looked into before it rises")
async def test_what_lowered_money_when_it_was_handed_in_does_not_raise_it_later(walk: Walk) -> None:
    await described(walk, ("income", {"income_fen_monthly": 13000, "reason": "务工"}))
    await proposed(walk)
    richer = await Walk(walk.register).open(
        category="change", household_id=walk.case["household_id"]
    )
    await richer.do(CHEN_HONG, "income", income_fen_monthly=30000, reason="进厂")
    await richer.paper(CHEN_HONG, "change-letter")
    await richer.do(CHEN_HONG, "submit")
    await proposed(richer)
    await richer.do(HE_JUN, "confirm", **DECISION)
    second = {**DECISION, "decision_number": "青民变〔2026〕12号"}
    answer = await walk.ask(HE_JUN, "confirm", **second)
    assert answer.json()["type"] == "/problems/not-looked-into"
    assert (await told(walk.register)).facts["income_fen_monthly"] == 30000
    await walk.do(HE_JUN, "reopen", reason="收入已另行核定")
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "surveying"


@pytest.mark.breaks("A relative is visited")
async def test_a_change_of_a_relative_is_visited_by_the_county(walk: Walk) -> None:
    await described(walk, POORER)
    await walk.do(WANG_FANG, "declare-relative", officer="liang-hua", relation="sibling")
    await walk.looked_into()
    await proposed(walk)
    assert (await walk.ask(HE_JUN, "confirm", **DECISION)).json()["needs"] == ["visited-where-due"]
    checker = staff("fang-ting", {"cases:read", "cases:check"})
    await walk.do(checker, "home-check", as_found=True, visited_on=today(walk), findings="情况属实")
    answer = await walk.ask(staff("fang-ting", {"cases:decide"}), "confirm", **DECISION)
    assert answer.json()["needs"] == ["not-the-home-checker"]
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "changed"


@pytest.mark.breaks("Whoever was complained of is visited")
async def test_a_visit_of_the_county_is_of_the_words_it_was_made_for(walk: Walk) -> None:
    await described(walk, ("income", {"income_fen_monthly": 13000, "reason": "务工"}))
    await walk.do(WANG_FANG, "declare-relative", officer="liang-hua", relation="sibling")
    await proposed(walk)
    found: dict[str, Any] = {"visited_on": today(walk), "findings": "情况属实"}
    await walk.do(FANG_TING, "home-check", as_found=True, **found)
    await walk.do(HE_JUN, "reopen", reason="补充")
    await walk.do(CHEN_HONG, "income", income_fen_monthly=12500, reason="零工")
    await walk.do(CHEN_HONG, "submit")
    await proposed(walk)
    assert (await walk.ask(HE_JUN, "confirm", **DECISION)).json()["needs"] == ["visited-where-due"]
    (due,) = (await walk.register.get("/county-visits", FANG_TING)).json()["items"]
    assert not due["visited"]
    later(walk.register, 1)
    await complained(walk.register, "household", walk.case["household_id"])
    answer = await walk.ask(FANG_TING, "home-check", as_found=True, **found)
    assert answer.json()["needs"] == ["visited-since-complained"]
    await walk.do(
        FANG_TING, "home-check", as_found=True, visited_on=today(walk), findings="情况属实"
    )
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "changed"


@pytest.mark.breaks("Six months of fading")
async def test_whoever_earns_more_than_the_standard_leaves_fading_out_and_not_by_a_change(
    walk: Walk,
) -> None:
    await described(walk, ("income", {"income_fen_monthly": 38_000, "reason": "务工"}))
    await proposed(walk)
    answer = await walk.ask(HE_JUN, "confirm", **DECISION)
    assert answer.json()["type"] == "/problems/above-the-standard", "two heads at 190 yuan"
    await walk.do(HE_JUN, "reopen", reason="收入有误")
    await walk.do(CHEN_HONG, "income", income_fen_monthly=37_999, reason="务工")
    await walk.do(CHEN_HONG, "submit")
    await proposed(walk)
    assert (await walk.do(HE_JUN, "confirm", **DECISION))["state"] == "changed"


@pytest.mark.breaks("Looked into before it rises")
async def test_who_parts_applies_like_anybody_and_loses_no_month(walk: Walk) -> None:
    household_id = await a_known_household(walk.register, "h-1", 1, 3)
    in_month(walk.register, 1)
    change = await Walk(walk.register).open(category="change", household_id=household_id)
    _, parts = (await change.look())["application"]["members"]
    words: dict[str, Any] = {
        "person_key": parts["key"],
        "since": "2026-11",
        "circumstance": "moved",
    }
    answer = await change.ask(CHEN_HONG, "split", **words, income_fen_monthly=0, on_dibao=True)
    assert (answer.status_code, answer.json()["field"]) == (422, "on_dibao")
    await change.do(CHEN_HONG, "split", **words, income_fen_monthly=0)
    await change.paper(CHEN_HONG, "change-letter")
    assert (await change.do(CHEN_HONG, "submit"))["state"] == "requested"
    await proposed(change)
    await change.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-11")
    number = change.case["receipt"]
    assert (await told(walk.register, number)).facts["on_dibao"] == 0
    # They live there from November, and the application is theirs to hand in at once.
    whole = {**parts, "key": "head", "relation": "户主", "id_number": id_number(3)}
    await walk.confirming(members=[whole])
    assert (await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕803号"))[
        "state"
    ] == "granted"
    decision = await told(walk.register, number)
    assert (str(decision.from_month), decision.facts["on_dibao"]) == ("2026-11", 1)
    name = parts["name"]
    assert {("h-1", name, "2010-01", "2026-10"), (number, name, "2026-11", None)} <= stays(
        walk.register
    )


@pytest.mark.breaks("Looked into before it rises")
async def test_a_decision_that_lowers_raises_no_month_before_the_last_one_either(
    walk: Walk,
) -> None:
    await described(walk, ("income", {"income_fen_monthly": 12001, "reason": "务工"}))
    await proposed(walk)
    await walk.do(HE_JUN, "confirm", **{**DECISION, "from_month": "2026-09"})
    assert await owed(walk.register, "2026-09", "dibao") == {}, "on dibao since October only"
    for income, month, raises in (
        (33000, "2026-10", False),
        (20000, "2026-11", True),
        (25000, "2026-10", False),
    ):
        if raises:
            in_month(walk.register, 1)
        other = await Walk(walk.register).open(
            category="change", household_id=walk.case["household_id"]
        )
        await other.do(CHEN_HONG, "income", income_fen_monthly=income, reason="进厂")
        await other.paper(CHEN_HONG, "change-letter")
        await other.do(CHEN_HONG, "submit")
        if raises:
            await other.looked_into(income * 12)
        await proposed(other)
        number = f"青民变〔2026〕{income}号"
        answer = await other.ask(HE_JUN, "confirm", decision_number=number, from_month=month)
        if income == 25000:
            assert answer.json()["type"] == "/problems/decided-since", "more than in October"
            await other.do(HE_JUN, "confirm", decision_number=number, from_month="2026-11")
    for month, income in (("2026-10", 33000), ("2026-11", 25000)):
        assert await owed(walk.register, month, "dibao") == {"dibao": 38000 - income}
