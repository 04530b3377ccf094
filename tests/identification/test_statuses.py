"""Statuses beside dibao, dibao alone, children, and subsidies across provinces."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
    staff,
)
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import SUN_YU
from tests.identification.register import Register
from tests.identification.test_categories import FEDERATION
from tests.identification.test_changes import decided, told
from tests.identification.test_letters import text_of

EDGE: dict[str, Any] = {"income_fen_yearly": 600001, "property_within_rules": True}
RIGID: dict[str, Any] = {**EDGE, "valid_months": 12}
ALONE: dict[str, Any] = {
    "person_key": "head",
    "ground": "illness",
    "own_income_fen_monthly": 1000,
    "income_fen_monthly": 70000,
}


async def test_a_household_just_above_dibao_is_found_so_from_this_month(register: Register) -> None:
    walk = await Walk(register, "edge", EDGE).confirming(means={"pigs_count": 3})
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民低〔2026〕1号")
    decision = await told(register, granted["receipt"])
    facts = decision.facts
    assert str(decision.from_month) == "2026-10"
    assert (facts["on_edge"], facts["on_dibao"], facts["low_income_found_on"]) == (1, 0, 20261002)
    assert (facts["income_fen_yearly"], facts["income_fen_monthly"]) == (600001, 50000)
    assert facts["pigs_count"] == 3
    text = text_of(await register.get(f"{walk.path}/letters/decision", WANG_FANG))
    assert "认定为低保边缘家庭（" in text
    assert "自2026年10月起有效，到2027年9月30日为止" in text
    assert "金额" not in text, "a status pays nothing"

    later(register, 40)
    born = Walk(register)
    await born.open(category="change", household_id=granted["household_id"])
    number = id_number(9, "20261001")
    baby = {"name": "李新", "relation": "子女", "id_number": number, "since": "2026-10"}
    await born.do(CHEN_HONG, "birth", **baby)
    await born.paper(CHEN_HONG, "change-letter")
    await born.do(CHEN_HONG, "submit")
    await decided(born, "2026-11", income_fen_yearly=900001)
    listed = (
        a_person(1, name="李伟"),
        a_person(2, name="李娜", id_number=id_number(2, "20180910")),
        a_person(9, name="李新", id_number=number),
        a_person(7, name="李己"),
    )
    await register.imported(a_csv(rows_of(a_household(granted["receipt"], *listed))))
    stays = [
        (await register.get("/low-income", SUN_YU, query=each)).json()["items"][0]["current"]
        for each in (id_number(1), number, id_number(7))
    ]
    assert [each["group"] for each in stays] == ["edge", "edge", "edge"]
    assert stays[-1]["source"] == "roster"
    assert {each["valid_until"] for each in stays} == {"2027-09-30"}, "no longer for who comes"


async def test_what_a_household_owns_bars_the_status(register: Register) -> None:
    walk = Walk(register, "edge", EDGE)
    await walk.surveyed()
    await walk.compare()
    words = {**EDGE, "property_within_rules": False, "reasons": "有两套住房"}
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)
    assert answer.json()["needs"] == ["property-within-rules"]
    refused = await walk.do(ZHANG_LI, "propose", opinion="refuse", **words)
    assert refused["state"] == "confirming"


async def test_just_above_dibao_is_who_the_law_finds_there(register: Register) -> None:
    walk = Walk(register, "edge", EDGE)
    await walk.surveyed()
    await walk.compare()
    for income, why in ((900000, "收入超出低保边缘收入线"), (450000, "应当申请低保")):
        words = {**EDGE, "income_fen_yearly": income, "reasons": "符合条件"}
        answer = (await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)).json()
        assert (answer["needs"], answer["field"]) == (["status-by-law"], "income_fen_yearly")
        assert why in answer["missing"][0]["zh"]
    await walk.do(ZHANG_LI, "propose", opinion="refuse", **words)


async def test_hard_spending_is_found_of_nobody_just_above_dibao(register: Register) -> None:
    edge = await Walk(register, "edge", EDGE).confirming()
    await edge.do(HE_JUN, "confirm", decision_number="青民低〔2026〕3号")
    walk = await Walk(register, "rigid-spending", RIGID).confirming()
    answer = (await walk.ask(HE_JUN, "confirm", decision_number="青民低〔2026〕4号")).json()
    assert answer["type"] == "/problems/not-found-so"
    assert answer["zh"] == "该家庭已属于低保或低保边缘家庭，不另认定为刚性支出困难家庭"
    assert len(register.rows("SELECT 1 FROM determination")) == 1


@pytest.mark.parametrize(("months", "holds"), [(0, False), (12, True), (13, False)])
async def test_hardship_through_spending_holds_a_year_at_most(
    register: Register, months: int, holds: bool
) -> None:
    walk = Walk(register, "rigid-spending", {**RIGID, "valid_months": months})
    await walk.surveyed()
    await walk.compare()
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="大病", **walk.proposal)
    assert (answer.status_code == 200) == holds, answer.text
    if not holds:
        assert answer.json()["needs"] == ["valid-a-year-at-most"]


async def test_hardship_through_spending_rests_on_what_was_found_and_reaches_the_decision(
    register: Register,
) -> None:
    unknown = Walk(register, "rigid-spending", RIGID)
    await unknown.surveyed(means={})
    await unknown.compare()
    no = await unknown.ask(ZHANG_LI, "propose", opinion="grant", reasons="大病", **RIGID)
    assert no.json()["needs"] == ["spending-reckoned"], "not every kind was asked"
    typed = {**RIGID, "rigid_spending_fen_yearly": 700000}
    refused = await unknown.ask(ZHANG_LI, "propose", opinion="grant", reasons="大病", **typed)
    assert refused.json()["type"] == "/problems/act-not-understood", "nobody types a sum"
    await unknown.do(ZHANG_LI, "propose", opinion="refuse", reasons="未核实", **RIGID)
    await unknown.do(HE_JUN, "refuse", decision_number="青民低〔2026〕9号", reasons="未核实")
    known = await Walk(register, "rigid-spending", {**RIGID, "valid_months": 6}).confirming()
    granted = await known.do(HE_JUN, "confirm", decision_number="青民低〔2026〕10号")
    text = text_of(await register.get(f"{known.path}/letters/decision", WANG_FANG))
    assert "自2026年10月起有效，到2027年3月31日为止" in text
    assert "金额" not in text
    form = text_of(await register.get(f"{known.path}/review-form", WANG_FANG))
    assert "有效期（月）：6" in form
    (said,) = register.rows("SELECT body FROM outbox WHERE body ->> 'happened' = 'recognised'")
    assert (said["body"]["from_month"], said["body"]["by_day"]) == ("2026-10", "2027-03-31")
    listed = (await register.get("/low-income", SUN_YU, query=id_number(1))).json()["items"]
    assert listed[0]["current"]["valid_until"] == "2027-03-31"
    decision = await told(register, granted["receipt"])
    bills = [each.facts["illness_bills_fen_yearly"] for each in decision.members]
    assert sorted(bills) == [0, 700000]


async def test_a_status_is_not_beside_dibao(register: Register) -> None:
    dibao = await Walk(register).confirming()
    await dibao.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    walk = await Walk(register, "rigid-spending", RIGID).confirming()
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民低〔2026〕2号")
    assert answer.json()["type"] == "/problems/on-dibao-already"
    assert len(register.rows("SELECT 1 FROM determination")) == 1


async def test_one_person_of_a_household_is_on_dibao_alone(register: Register) -> None:
    walk = await Walk(register, "single-person", ALONE).confirming()
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民单〔2026〕1号")
    decision = await told(register, granted["receipt"])
    alone = [m.facts for m in decision.members if m.facts.get("on_single_person") == 1]
    assert (decision.facts["on_dibao"], len(decision.members), len(alone)) == (0, 2, 1)
    assert (alone[0]["own_income_fen_monthly"], alone[0]["on_illness_list"]) == (1000, 1)
    income = decision.facts["income_fen_monthly"], decision.facts["income_fen_yearly"]
    assert income == (70_000, 840_000), "of the year as of the month: a place may reckon by either"


async def test_the_ground_of_dibao_alone_is_on_file(register: Register) -> None:
    walk = Walk(register, "single-person", {})
    await walk.accepted()
    await walk.letter("head")
    await walk.visit(240_000)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()

    async def lacks(ground: str) -> list[str]:
        words = {**ALONE, "ground": ground, "income_fen_monthly": 0, "reasons": "重病"}
        answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)
        return [need for need in answer.json()["needs"] if need != "income-as-visited"]

    for kind, of in (("outpatient", "head"), ("illness", "child"), ("other", "child")):
        await walk.paper(CHEN_HONG, kind, JPEG + kind.encode(), of_person=of)
    for ground in ("illness", "disability", "register"):
        assert await lacks(ground) == ["ground-shown"], ground
    await walk.paper(CHEN_HONG, "illness", JPEG + b"diagnosis", of_person="head")
    assert (await lacks("illness"), await lacks("disability")) == ([], [])
    assert await lacks("register") == ["ground-shown"]
    await walk.paper(CHEN_HONG, "other", JPEG + b"decision of 2019", of_person="head")
    assert await lacks("register") == []


async def test_a_child_whom_nobody_supports_is_looked_into_and_confirmed_by_another(
    register: Register,
) -> None:
    walk = await Walk(register, "children").open()
    await walk.do(CHEN_HONG, "write", application=an_application(whose="child"))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    looked: dict[str, Any] = {
        "ground": "unsupported",
        "care_mode": "scattered",
        "father": "prison",
        "mother": "unreachable",
    }
    answer = await walk.ask(ZHANG_LI, "check-child", person_key="head", **looked)
    assert answer.json()["needs"] == [
        "whose-named", "is-a-minor", "parents-shown", "signed-by-investigators",
        "one-survey-counts", "papers-ready",
    ]  # fmt: skip
    await walk.seen_at_home()
    await walk.paper(CHEN_HONG, "household-register")
    await walk.paper(CHEN_HONG, "father-proof")
    answer = await walk.ask(ZHANG_LI, "check-child", person_key="child", **looked)
    assert answer.json()["needs"] == ["parents-shown"], "of the mother nothing is shown"
    await walk.paper(CHEN_HONG, "mother-proof")
    for untrue in ({"ground": "orphan"}, {"mother": "able"}, {"father": "died", "mother": "died"}):
        said = {"person_key": "child", **looked, **untrue}
        answer = await walk.ask(ZHANG_LI, "check-child", **said)
        assert answer.json()["needs"] == ["child-ground-holds"], untrue
    await walk.do(ZHANG_LI, "check-child", person_key="child", **looked)
    both = staff("zhang-li", {"cases:decide"})
    answer = await walk.ask(both, "confirm", decision_number="青民童〔2026〕1号")
    assert answer.json()["needs"] == ["not-the-checker"]
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民童〔2026〕1号")
    decision = await told(register, granted["receipt"])
    (child,) = [m.facts for m in decision.members if m.facts.get("on_children_living") == 1]
    assert (child["child_ground"], child["children_living_confirmed_on"]) == (2, 20260925)
    assert (await walk.ask(ZHANG_LI, "post")).json()["type"] == "/problems/not-here"


async def test_a_roster_takes_nothing_back_that_it_has_no_column_for(register: Register) -> None:
    household_id = await a_known_household(register)
    away = Walk(register, "change")
    await away.open(household_id=household_id)
    key = (await away.look())["application"]["members"][1]["key"]
    words = {"why": "prison", "away_from": "2026-08-02", "proof": "判决书"}
    await away.do(CHEN_HONG, "away", person_key=key, **words)
    await away.paper(CHEN_HONG, "change-letter")
    await away.do(CHEN_HONG, "submit")
    await away.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    number = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    await away.do(HE_JUN, "confirm", **number)
    people = [a_person(order, name=f"李{'甲乙丙'[order]}") for order in (1, 2)]
    newer = on_dibao(decision_number="青民决〔2026〕99号", decided_on="2026-09-25")
    await register.imported(a_csv(rows_of(a_household("h-1", *people, **newer))))
    decision = await told(register)
    assert {str(m.person_id): m.facts.get("away") for m in decision.members}[key] == 1


async def test_subsidies_asked_for_in_another_province_go_home_and_come_back_in_their_days(
    register: Register,
) -> None:
    walk = await Walk(register, "disability").open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    settings = register.app.state.casework
    today = register.app.state.clock.today()

    def within(days: int) -> str:
        return str(settings.add_workdays(today, days))

    sent = await walk.do(WANG_FANG, "accept-for-elsewhere", home_county="贵州省丹寨县")
    assert sent["state_due_on"] == within(3)
    home = await walk.do(WANG_FANG, "send-home", sent_on=str(today))
    assert home["state_due_on"] == within(10)
    answer = {"answer": "granted", "answered_on": str(today)}
    telling = await walk.do(LIU_QIANG, "file-home-answer", **answer)
    assert telling["state_due_on"] == within(3)
    told_of = await walk.do(LIU_QIANG, "tell-result", told_on=str(today))
    assert (told_of["state"], register.rows("SELECT 1 FROM determination")) == ("told", [])


async def in_queue(register: Register) -> list[str]:
    """The cases that wait for the officer of the township."""
    return [each["case_id"] for each in (await register.get("/cases", WANG_FANG)).json()["items"]]


async def test_subsidies_that_went_to_another_province_by_mistake_come_back_or_are_withdrawn(
    register: Register,
) -> None:
    walk = await Walk(register, "disability").open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    today = register.app.state.clock.today()
    there = {"home_county": "贵州省丹寨县"}
    await walk.do(WANG_FANG, "accept-for-elsewhere", **there)
    assert (await walk.do(WANG_FANG, "keep-here"))["state"] == "submitted"
    await walk.do(WANG_FANG, "accept-for-elsewhere", **there)
    await walk.do(WANG_FANG, "send-home", sent_on=str(today))
    later(register, 20)
    told_on = str(register.app.state.clock.today())
    back: dict[str, Any] = {"told_on": told_on, "reason": "户籍地没有答复"}
    answer = await walk.ask(WANG_FANG, "take-back-from-home", **{**back, "told_on": "2026-09-01"})
    assert answer.json()["needs"] == ["dates-in-order"], "not before it was sent"
    assert (await walk.do(WANG_FANG, "take-back-from-home", **back))["state"] == "submitted"
    await walk.do(WANG_FANG, "accept-for-elsewhere", **there)
    await walk.do(WANG_FANG, "send-home", sent_on=told_on)
    letter = await walk.paper(CHEN_HONG, "withdrawal")
    assert (await walk.do(WANG_FANG, "withdraw", letter_id=letter))["state"] == "withdrawn"
    assert await in_queue(register) == [walk.case["case_id"]], "who took it in tells them"
    await walk.do(WANG_FANG, "tell-home-withdrawn", told_on=told_on)
    assert "tell-home-withdrawn" not in {each["act"] for each in walk.case["acts"]}
    assert await in_queue(register) == []
    second = await Walk(register, "disability").open()
    await second.do(CHEN_HONG, "write", application=an_application())
    await second.do(CHEN_HONG, "submit")
    await second.do(WANG_FANG, "accept")


async def test_what_another_province_accepted_is_decided_here_and_answered(
    register: Register,
) -> None:
    walk = await Walk(register, "disability").open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    taken = await walk.do(WANG_FANG, "accept-from-elsewhere", accepted_where="广东省东莞市")
    settings, today = register.app.state.casework, register.app.state.clock.today()
    assert taken["due_on"] == str(settings.add_workdays(today, 10))
    read = {"person_key": "head", "grade": "1", "kind": "4", "living": False, "nursing": True}
    await walk.do(FEDERATION, "read-certificate", **read)
    await walk.filed("illness")
    decided = await walk.do(HE_JUN, "confirm", decision_number="青民残〔2026〕1号")
    assert decided["state"] == "answering"
    assert decided["state_due_on"] == str(settings.add_workdays(today, 3))
    later(register, 1)
    answered = await walk.do(WANG_FANG, "send-result", sent_on=str(today))
    assert answered["state"] == "granted"


async def test_what_another_province_accepted_is_answered_where_it_is_refused_too(
    register: Register,
) -> None:
    walk = await Walk(register, "disability").open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept-from-elsewhere", accepted_where="广东省东莞市")
    read = {"person_key": "head", "grade": "4", "kind": "4", "living": False, "nursing": False}
    await walk.do(FEDERATION, "read-certificate", **read)
    why = {"decision_number": "青民残〔2026〕2号", "reasons": "四级肢体残疾不在补贴范围"}
    refused = await walk.do(HE_JUN, "refuse", **why)
    settings, today = register.app.state.casework, register.app.state.clock.today()
    assert (refused["state"], refused["state_due_on"]) == (
        "answering",
        str(settings.add_workdays(today, 3)),
    )
    answered = await walk.do(WANG_FANG, "send-result", sent_on=str(today))
    assert answered["state"] == "refused"
    await walk.do(WANG_FANG, "tell-refusal", told_on=str(today))
