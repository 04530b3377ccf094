"""Scores come from counted facts alone, and each opens what it was counted from."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from services.identification.place_settings import PlaceSettings
from services.identification.registers.scores import measures
from services.identification.registers.tables import all_registers
from shared.tables import TableUnreadable
from tests.identification.caseworkers import (
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
    later,
    somebody_else,
    staff,
)
from tests.identification.ledgers import GAO_FEI, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import VILLAGE
from tests.identification.register import Register

TOWN: Final = VILLAGE[:9]
REVIEWS: Final = staff("zhang-li", {"cases:read", "cases:review"}, TOWN)
QUARTER: Final = {"first_month": "2026-09", "last_month": "2026-11"}


async def _assessed(register: Register, **words: Any) -> Ledger:
    ledger = Ledger(register, "assessment")
    answer = await register.client.post(
        "/registers/assessment",
        json={
            "about_kind": "unit",
            "about": "青龙镇人民政府",
            "area": TOWN,
            "words": {**QUARTER, **words},
        },
        headers=register.headers(GAO_FEI),
    )
    assert answer.status_code == 201, answer.text
    ledger.entry = answer.json()
    return ledger


def _scores(entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (scores,) = [each["said"] for each in entry["says"] if each["field"] == "scores"]
    return {
        each["measure"]: {
            **each,
            **{kept: [fact["number"] for fact in each[kept]] for kept in ("met", "missed")},
        }
        for each in scores
    }


@pytest.mark.shows("S84")
async def test_scores_are_counted_and_each_opens_its_facts(register: Register) -> None:
    reports = Ledger(register, "periodic-report")
    for month in ("2026-08", "2026-09", "2026-10"):
        unit = ("unit", "青龙镇人民政府")
        await reports.open(XU_LAN, about=unit, report="月报", month=month, due_on="2026-10-09")
    await reports.do(ZHOU_JIE, "send", content="十月情况")
    walk = await Walk(register).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    slow = await Walk(register).accepted(members=[somebody_else()])
    ledger = await _assessed(register)
    early = await ledger.ask(GAO_FEI, "measure")
    assert early.json()["needs"] == ["period-is-over"]
    later(register, 90)
    measured = await ledger.do(GAO_FEI, "measure")
    found = _scores(measured)
    assert found.keys() == {"decisions-in-time", "reports-in-time"}, (
        "what had nothing due is left out"
    )
    decided = found["decisions-in-time"]
    assert (decided["met"], decided["missed"]) == ([walk.case["receipt"]], [slow.case["receipt"]])
    assert (decided["points"], decided["most"]) == (15, 30)
    sent = found["reports-in-time"]
    assert (sent["met"], sent["points"], len(sent["missed"])) == (["BS-2026-0003"], 3, 2)
    assert measured["shown"]["points"] == 18
    assert measured["shown"]["points_most"] == 40
    for number in sent["missed"]:
        assert await reports.listed(GAO_FEI, number=number) == [number]
    await ledger.do(GAO_FEI, "decide", consequence="criticise", reason="一件超期，两月未报")


@pytest.mark.shows("S84")
async def test_nobody_types_a_score(register: Register) -> None:
    ledger = await _assessed(register)
    later(register, 90)
    typed: dict[str, Any] = {
        "points": 100,
        "scores": [],
        "points_most": 1,
        "measured_on": "2026-12-01",
    }
    for name, word in typed.items():
        assert (await ledger.ask(GAO_FEI, "measure", **{name: word})).status_code == 422
    of_the_town = await ledger.ask(XU_LAN, "measure")
    assert of_the_town.json()["needs"] == ["from-above"]
    measured = await ledger.do(GAO_FEI, "measure")
    assert (measured["shown"]["points"], measured["shown"]["points_most"]) == (0, 0)
    table = all_registers()["assessment"]
    asked = {name for act in table.all_acts.values() for name in act.fields}
    assert not asked & table.adds.keys()


@pytest.mark.shows("S84")
async def test_days_that_stop_the_clock_are_not_counted_against_a_decision(
    register: Register,
) -> None:
    walk = await Walk(register).posted()
    await walk.object(ZHANG_LI, "有人说他家有车")
    later(register, 60)
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    minutes = await walk.paper(WANG_FANG, "minutes")
    met = {"met_on": "2026-11-24", "due": 9, "present": 7, "in_favour": 1, "minutes_id": minutes}
    await walk.do(WANG_FANG, "appraise", **met)
    words: dict[str, Any] = {"opinion": "refuse", "income_fen_monthly": 90000, "reasons": "超标"}
    await walk.answer()
    await walk.do(ZHANG_LI, "propose", **words)
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕9号", reasons="收入超标")
    ledger = await _assessed(register)
    later(register, 30)
    found = _scores(await ledger.do(GAO_FEI, "measure"))
    assert found["decisions-in-time"]["met"] == [walk.case["receipt"]]
    assert found["decisions-in-time"]["points"] == 30


@pytest.mark.shows("S84")
async def test_a_case_that_waits_beyond_the_days_after_an_objection_is_not_in_time(
    register: Register,
) -> None:
    walk = await Walk(register).posted()
    await walk.object(ZHANG_LI, "有人说他家有车")
    ledger = await _assessed(register)
    later(register, 90)
    found = _scores(await ledger.do(GAO_FEI, "measure"))
    assert found["decisions-in-time"]["missed"] == [walk.case["receipt"]]


@pytest.mark.shows("S84")
async def test_a_case_that_was_given_more_days_is_in_time_within_them(register: Register) -> None:
    walk = await Walk(register).confirming()
    await walk.do(HE_JUN, "extend", reason="重大财产线索需要异地核实")
    later(register, 50)
    assert register.app.state.clock.today().isoformat() <= walk.case["due_on"]
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    ledger = await _assessed(register)
    later(register, 30)
    found = _scores(await ledger.do(GAO_FEI, "measure"))
    assert found["decisions-in-time"]["met"] == [walk.case["receipt"]]


@pytest.mark.shows("S84")
async def test_what_was_sent_back_counts_by_the_act_that_stood(register: Register) -> None:
    item = Ledger(register, "rectification")
    said = {"source": "inspection", "problem": "缺表", "due_on": "2026-09-28"}
    for again in ("2026-09-27", "2026-11-20"):
        await item.open(XU_LAN, owner="zhou-jie", **said)
        words = {"fixed_on": "2026-09-25", "evidence": "补了"}
        paper = await item.paper(ZHOU_JIE)
        await item.do(ZHOU_JIE, "fix", evidence_id=paper, **words)
        await item.do(XU_LAN, "send-back", reason="没有补")
        today = register.app.state.clock.today()
        later(register, (date.fromisoformat(again) - today).days)
        await item.do(ZHOU_JIE, "fix", evidence_id=paper, **words)
        later(register, (date.fromisoformat("2026-09-25") - date.fromisoformat(again)).days)
    ledger = await _assessed(register)
    later(register, 90)
    found = _scores(await ledger.do(GAO_FEI, "measure"))["rectified-in-time"]
    assert (found["met"], found["missed"]) == (["ZG-2026-0001"], ["ZG-2026-0002"])


@pytest.mark.shows("S84")
async def test_complaints_count_by_the_day_they_were_answered(register: Register) -> None:
    clue = Ledger(register, "complaint")
    said = {"channel": "phone", "topic": "late", "text": "没到账", "accused_kind": "nobody"}
    for _ in range(2):
        await clue.open(ZHOU_JIE, **said)
    await clue.do(ZHOU_JIE, "register")
    await clue.do(XU_LAN, "assign", owner="zhou-jie")
    await clue.do(
        ZHOU_JIE, "check", checked_on="2026-09-25", findings="已到账", founded="unfounded"
    )
    answered = {"answer": "已到账", "answered_on": "2026-09-25", "answered_by": "phone"}
    await clue.do(ZHOU_JIE, "answer", **answered)
    ledger = await _assessed(register)
    later(register, 90)
    found = _scores(await ledger.do(GAO_FEI, "measure"))
    assert found["complaints-answered-in-time"]["met"] == ["TS-2026-0002"]
    assert found["complaints-answered-in-time"]["points"] == 7


@pytest.mark.shows("S84")
async def test_a_late_answer_stays_late_though_it_is_looked_into_again(register: Register) -> None:
    clue = Ledger(register, "complaint")
    said = {"channel": "phone", "topic": "late", "text": "没到账", "accused_kind": "nobody"}
    await clue.open(ZHOU_JIE, **said)
    await clue.do(ZHOU_JIE, "register")
    await clue.do(XU_LAN, "assign", owner="xu-lan")
    later(register, 75)
    for again in (True, False):
        today = register.app.state.clock.today().isoformat()
        found = {"checked_on": today, "findings": "已到账", "founded": "unfounded"}
        await clue.do(XU_LAN, "check", **found)
        told = {"answer": "已到账", "answered_on": today, "answered_by": "phone"}
        await clue.do(XU_LAN, "answer", **told)
        if again:
            own = await clue.ask(XU_LAN, "not-satisfied", reason="没说清")
            assert own.json()["needs"] == ["not-who-answered"]
            await clue.do(GAO_FEI, "not-satisfied", reason="没说清")
    quarter = {"first_month": "2026-10", "last_month": "2027-02"}
    ledger = await _assessed(register, **quarter)
    in_month(register, 3)
    found_of = _scores(await ledger.do(GAO_FEI, "measure"))["complaints-answered-in-time"]
    assert found_of["missed"] == found_of["met"] == ["TS-2026-0001"], "once late, once in time"


@pytest.mark.shows("S84")
async def test_whoever_is_measured_puts_nothing_off_that_is_late(register: Register) -> None:
    item = Ledger(register, "rectification")
    said = {"source": "inspection", "problem": "缺表", "due_on": "2026-10-10"}
    await item.open(XU_LAN, owner="zhou-jie", **said)
    later(register, 15)
    await item.do(XU_LAN, "put-off", due_on="2026-10-20", reason="雨季")
    later(register, 15)
    own = await item.ask(XU_LAN, "put-off", due_on="2026-12-30", reason="雨季")
    assert own.json()["needs"] == ["not-late-or-from-above"]
    await item.do(GAO_FEI, "put-off", due_on="2026-12-30", reason="雨季")
    fixed = {"fixed_on": "2026-10-25", "evidence": "补了"}
    await item.do(ZHOU_JIE, "fix", evidence_id=await item.paper(ZHOU_JIE), **fixed)
    ledger = await _assessed(register)
    later(register, 60)
    found = _scores(await ledger.do(GAO_FEI, "measure"))["rectified-in-time"]
    assert (found["met"], found["missed"]) == ([], ["ZG-2026-0001"])


@pytest.mark.shows("S53")
async def test_an_assessment_tells_nobody_which_complaints_are_against_them(
    register: Register,
) -> None:
    clue = Ledger(register, "complaint")
    said = {"channel": "phone", "topic": "late", "text": "钱没到账", "accused_kind": "nobody"}
    for against in ({}, {"accused_account": "xu-lan"}):
        await clue.open(GAO_FEI, about=("village", VILLAGE), **said, **against)
    ledger = await _assessed(register)
    later(register, 90)
    await ledger.do(GAO_FEI, "measure")
    without = staff("lin-hai", {"registers:read"})
    for by, told in (
        (GAO_FEI, ["TS-2026-0001", "TS-2026-0002"]),
        (XU_LAN, ["TS-2026-0001", ""]),
        (without, ["", ""]),
    ):
        answer = await register.get(ledger.path, by)
        found = _scores(answer.json())["complaints-answered-in-time"]
        assert (found["missed"], found["points"]) == (told, 0)
        hidden = {"TS-2026-0001", "TS-2026-0002"} - set(told)
        assert [each for each in hidden if each in answer.text] == []


@pytest.mark.shows("S84")
async def test_a_household_nobody_looked_at_in_its_month_counts_against_the_unit(
    register: Register,
) -> None:
    await a_known_household(register, "h-1", 1)
    await a_known_household(register, "h-2", 3)
    in_month(register, 12)
    answer = await register.client.post(
        "/reviews", json={"month": "2027-09", "area": VILLAGE}, headers=register.headers(REVIEWS)
    )
    assert answer.json()["opened"] == 2
    (row,) = register.rows(
        "SELECT c.id FROM case_file c JOIN household h ON h.id = c.household_id"
        " WHERE h.number = 'h-1'"
    )
    walk = Walk(register, case={"case_id": str(row["id"])})
    await walk.look(WANG_FANG)
    await walk.visit(144000)
    await walk.paper(WANG_FANG, "survey-photo")
    await walk.do(WANG_FANG, "find-unchanged", stability="stable")
    ledger = await _assessed(register, first_month="2027-07", last_month="2027-09")
    in_month(register, 2)
    found = _scores(await ledger.do(GAO_FEI, "measure"))["reviews-in-time"]
    assert (found["met"], len(found["missed"]), found["points"]) == ([walk.case["receipt"]], 1, 7)
    never = await _assessed(register, first_month="2028-09", last_month="2028-09")
    in_month(register, 12)
    found = _scores(await never.do(GAO_FEI, "measure"))["reviews-in-time"]
    assert (found["met"], found["missed"], found["points"]) == ([], ["h-1"], 0)


@pytest.mark.shows("S84")
async def test_a_month_without_a_helper_s_visit_counts_against_the_unit(register: Register) -> None:
    await a_known_household(register, "h-1", 1)
    pairing = Ledger(register, "pairing")
    await pairing.open(XU_LAN, about=("household", "h-1"))
    helper = {"owner": "zhou-jie", "helper_kind": "cadre", "helper_unit": "县民政局"}
    await pairing.do(XU_LAN, "assign", **helper)
    ledger = await _assessed(register)
    later(register, 80)
    await pairing.do(ZHOU_JIE, "visit", visited_on="2026-10-15", content="送政策")
    found = _scores(await ledger.do(GAO_FEI, "measure"))["helpers-visits"]
    number = pairing.entry["number"]
    assert (found["met"], found["missed"], found["points"]) == ([number], [number], 7)


def test_the_formula_names_only_what_there_is(tmp_path: Path) -> None:
    points = PlaceSettings.read().words["assessment_points"]
    assert {each.name for each in measures()} == points.keys()
    wrong = tmp_path / "wrong.yaml"
    for said in (
        "{of: dreams}",
        "{of: entries, register: dreams}",
        "{of: entries, register: rectification, met: [x]}",
    ):
        wrong.write_text(f"a: {said[:-1]}, zh: 甲, en: a}}", encoding="utf-8")
        measures.cache_clear()
        with pytest.raises(TableUnreadable, match="not there"):
            measures(wrong)
    measures.cache_clear()
