"""Cases that come to no decision: papers that never come, and whoever died before it."""

from typing import Any

import pytest

from services.identification.casework import last_days
from services.identification.casework.paths import LAPSED, applied_for
from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    LIU_QIANG,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
    sets,
    somebody_else,
    staff,
)
from tests.identification.citizens import Phone, admitted, see
from tests.identification.makers import id_number
from tests.identification.register import COUNTY, Register
from tests.identification.reporters import lines_of, report
from tests.identification.test_appeals import OUTCOME, lodged

ENDED: dict[str, Any] = {"decision_number": "青民终〔2026〕1号", "reasons": "期满未补"}
ALONE = {"members": an_application()["members"][:1]}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def wanted(walk: Walk, by: Caller = WANG_FANG, **words: Any) -> Walk:
    """What is missing was named."""
    await walk.open()
    said = an_application(**{"phone": "13900001234", **words})
    await walk.do(CHEN_HONG, "write", application=said)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(by, "want-papers", missing=["户口簿"])
    return walk


async def queued(walk: Walk, by: Caller) -> list[str]:
    """The receipts of what waits for somebody."""
    items = (await walk.register.get("/cases", by)).json()["items"]
    return [each["receipt"] for each in items]


def told(register: Register) -> list[str]:
    """What was told, in its order."""
    said = register.told("case-moved")
    return [row["body"]["happened"] for row in said]


async def died(walk: Walk, act: str = "note-death", by: Caller = LIU_QIANG, **said: Any) -> Any:
    """Somebody noted a death, with the paper that shows it."""
    today = walk.register.app.state.clock.today().isoformat()
    proof = await walk.paper(by, "death-proof")
    words = {"person_key": "head", "died_on": today, "proof_id": proof, **said}
    return await walk.ask(by, act, **words)


@pytest.mark.parametrize("path", applied_for().values(), ids=lambda path: path.category)
def test_whatever_is_applied_for_may_end_undecided(path: Any) -> None:
    assert path.states.keys() >= LAPSED
    assert path.acts.keys() >= {"want-papers", "lapse", "note-death", "end-at-death", "go-on"}
    assert path.states["papers-wanted"].lapses == "papers_days"


async def test_papers_that_never_come_end_a_case_once_their_days_are_over(walk: Walk) -> None:
    await wanted(walk)
    letter = await walk.register.get(f"{walk.path}/letters/missing-papers", ZHANG_LI)
    assert letter.status_code == 200
    answer = await walk.ask(HE_JUN, "lapse", **ENDED)
    assert answer.json()["needs"] == ["papers-days-over"]
    assert await queued(walk, HE_JUN) == []
    later(walk.register, 60)
    assert await queued(walk, HE_JUN) == [walk.case["receipt"]]
    (line,) = (await walk.register.get("/case-queues", HE_JUN)).json()["items"]
    assert (line["state"], line["count"]) == ("papers-wanted", 1)
    answer = await walk.ask(staff("wang-fang", {"cases:read", "cases:decide"}), "lapse", **ENDED)
    assert answer.json()["needs"] == ["not-who-wanted-papers"]
    case = await walk.do(HE_JUN, "lapse", **ENDED)
    assert (case["state"], case["due_on"] is not None) == ("lapsed", True)
    assert told(walk.register)[-1] == "lapsed"
    letter = await walk.register.get(f"{walk.path}/letters/lapse", ZHANG_LI)
    assert letter.status_code == 200
    today = walk.register.app.state.clock.today().isoformat()
    case = await walk.do(ZHANG_LI, "tell-refusal", told_on=today)
    assert case["due_on"] is None
    again = await Walk(walk.register).open()
    await again.do(CHEN_HONG, "write", application=an_application())
    await again.do(CHEN_HONG, "submit")


async def test_whoever_applied_by_telephone_reads_the_last_day_and_may_appeal(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.officers()
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    case = await phone.look()
    day = register.app.state.casework.add_workdays(register.app.state.clock.today(), 30)
    assert case["by_day"] == day.isoformat()
    assert f"{day.month}月{day.day}日" in case["next"]["zh"]
    later(register, 60)
    await walk.do(HE_JUN, "lapse", **ENDED)
    case = await phone.look()
    assert case["state_words"]["zh"] == "材料一直没补，终止了"
    assert case["told"][-1]["zh"] == "终止办理了"
    letters = [each["letter"] for each in case["letters"]]
    assert (case["decision"], "lapse" in letters) == (None, False), "nobody has seen who holds it"
    await see(walk)
    case = await phone.look()
    assert case["decision"]["reasons"] == ENDED["reasons"]
    assert case["may_appeal"]
    assert "lapse" in [each["letter"] for each in case["letters"]]


async def test_how_many_days_there_are_is_the_places(walk: Walk) -> None:
    sets(walk.register, "papers_days: 3\n")
    await wanted(walk)
    later(walk.register, 20)
    assert (await walk.do(HE_JUN, "lapse", **ENDED))["state"] == "lapsed"


async def test_what_waited_before_there_was_a_last_day_lapses_by_when_papers_were_named(
    walk: Walk,
) -> None:
    await wanted(walk)
    named_on = walk.register.app.state.clock.today()
    visited = await Walk(walk.register).accepted(members=[somebody_else()], whose="head")
    await walk.register.change("UPDATE case_file SET state_due_on = NULL")
    later(walk.register, 60)
    assert await queued(walk, HE_JUN) == []
    assert (await walk.ask(HE_JUN, "lapse", **ENDED)).json()["needs"] == ["papers-days-over"]
    settings = walk.register.app.state.casework
    for how_many in (1, 0):
        async with walk.register.app.state.context.database.transaction() as session:
            assert await last_days.count(session, COUNTY, settings) == how_many
    until = settings.add_workdays(named_on, 30).isoformat()
    assert (await walk.look())["state_due_on"] == until
    assert (await visited.look())["state_due_on"] is None, "it waits for no papers"
    assert await queued(walk, HE_JUN) == [walk.case["receipt"]]
    assert (await walk.do(HE_JUN, "lapse", **ENDED))["state"] == "lapsed"


async def test_what_was_handed_in_without_them_is_sent_back_and_keeps_its_day(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.officers()
    assert "papers-still-missing" not in {each["act"] for each in walk.case["acts"]}
    named = await walk.do(WANG_FANG, "want-papers", missing=["身份证"])
    later(register, 10)
    assert (await phone.act("bring-papers")).is_success, "nothing was added"
    walk = await phone.officers()
    answer = await walk.ask(WANG_FANG, "accept")
    assert answer.json()["needs"] == ["applicant-identified"]
    answer = await walk.ask(WANG_FANG, "want-papers", missing=["身份证"])
    assert answer.json()["needs"] == ["papers-not-wanted-before"]
    back = await walk.do(WANG_FANG, "papers-still-missing")
    assert (back["state"], back["state_due_on"]) == ("papers-wanted", named["state_due_on"])
    assert (await phone.look())["missing"] == ["身份证"], "nothing new is asked for"
    later(register, 60)
    answer = await walk.ask(staff("wang-fang", {"cases:read", "cases:decide"}), "lapse", **ENDED)
    assert answer.json()["needs"] == ["not-who-wanted-papers"]
    assert (await walk.do(HE_JUN, "lapse", **ENDED))["state"] == "lapsed"


async def test_papers_that_come_late_are_in_time_while_nobody_ended_it(walk: Walk) -> None:
    await wanted(walk)
    later(walk.register, 60)
    await walk.do(CHEN_HONG, "bring-papers")
    await walk.do(WANG_FANG, "accept")


async def test_an_appeal_lets_it_go_on_and_grants_nothing(walk: Walk) -> None:
    await wanted(walk)
    later(walk.register, 60)
    await walk.do(HE_JUN, "lapse", **ENDED)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won: dict[str, Any] = {"income_fen_monthly": 0, "from_month": "2026-12"}
    answer = await appeal.ask(SUN_LEI, "win", **OUTCOME, **won)
    assert "decided-on-its-matter" in answer.json()["needs"]
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert (await walk.look())["state"] == "papers-wanted"
    answer = await walk.ask(HE_JUN, "lapse", **ENDED)
    assert set(answer.json()["needs"]) == {"papers-days-over", "another-decides"}
    await walk.do(CHEN_HONG, "bring-papers")


@pytest.mark.breaks("The surveyor does not approve")
async def test_a_death_ends_a_case_of_one_alone_by_two_hands(walk: Walk) -> None:
    await walk.posted(**ALONE)
    assert (await died(walk)).json()["state"] == "died"
    case = await walk.look()
    assert all(each["taken_down_on"] for each in case["postings"])
    for name, needs in (
        ("liu-qiang", ["not-who-noted-death", "not-the-surveyor"]),
        ("wang-fang", ["not-the-surveyor"]),
        ("zhang-li", ["not-the-proposer"]),
    ):
        hands = staff(name, {"cases:read", "cases:decide"})
        answer = await walk.ask(hands, "end-at-death", **ENDED)
        assert answer.json()["needs"] == needs, name
    assert walk.case["receipt"] in await queued(walk, HE_JUN)
    case = await walk.do(HE_JUN, "end-at-death", **ENDED)
    assert case["state"] == "applicant-died"
    assert (await walk.register.get(f"{walk.path}/letters/end-at-death", ZHANG_LI)).is_success


async def test_a_death_that_was_noted_wrongly_is_taken_back_and_gives_no_day_anew(
    walk: Walk,
) -> None:
    await walk.confirming(**ALONE)
    extended = await walk.do(HE_JUN, "extend", reason="需赴外省核实")
    later(walk.register, 100)
    walk.case = (await died(walk)).json()
    await walk.do(FANG_TING, "unnote-death", reason="本人健在，同名")
    assert walk.case["state"] == "submitted"
    case = await walk.do(WANG_FANG, "accept")
    dates = [(each["accepted_on"], each["due_on"]) for each in (extended, case)]
    assert dates[0] == dates[1], "its days run on, with those it was given besides"
    late = (await walk.register.get("/cases", WANG_FANG, overdue=True)).json()["items"]
    assert [each["receipt"] for each in late] == [walk.case["receipt"]]


async def test_where_others_live_on_one_of_them_goes_on_with_it(walk: Walk) -> None:
    spouse = {"key": "spouse", "name": "赵敏", "relation": "配偶", "id_number": id_number(7)}
    members = [*an_application()["members"], spouse]
    await walk.accepted(members=members, phone="13900001234")
    await walk.authorise("head", "spouse")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    answer = await died(walk)
    assert answer.json()["needs"] == ["nobody-lives-on"]
    answer = await died(walk, "go-on")
    assert answer.json()["needs"] == ["goes-on-named"]
    walk.case = (await died(walk, "go-on", goes_on="spouse")).json()
    assert walk.case["state"] == "surveying"
    people = [(each["key"], each["relation"]) for each in walk.case["application"]["members"]]
    assert people == [("spouse", "户主"), ("child", "子女")]
    assert told(walk.register)[-1] == "goes-on"
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert "signed-by-investigators" in answer.json()["needs"], "the visit was of another household"
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    answer = await walk.ask(WANG_FANG, "finish-comparison")
    assert answer.json()["needs"] == ["compared"], "means are compared of whoever lives there now"
    await walk.compare()


async def test_each_end_without_a_decision_is_counted_under_its_own_word(walk: Walk) -> None:
    await wanted(walk)
    later(walk.register, 60)
    await walk.do(HE_JUN, "lapse", **ENDED)
    alone = await Walk(walk.register).accepted(
        members=[{**ALONE["members"][0], "id_number": id_number(9), "name": "张三"}]
    )
    alone.case = (await died(alone)).json()
    await alone.do(HE_JUN, "end-at-death", **ENDED)
    today = walk.register.app.state.clock.today()
    told = await report(walk.register, f"/reports/quarter/{today.year}-Q{(today.month + 2) // 3}")
    lines = lines_of(told)
    assert lines["refusals"]["number"] == 0
    by = {each["value"]: each["number"] for each in lines["cases-ended"]["by"][1]["values"]}
    assert by == {"lapsed": 1, "applicant-died": 1}


async def test_after_a_death_that_was_none_papers_are_named_anew_with_days_of_their_own(
    walk: Walk,
) -> None:
    await wanted(walk, **ALONE)
    await walk.do(CHEN_HONG, "bring-papers")
    walk.case = (await died(walk)).json()
    later(walk.register, 60)
    await walk.do(FANG_TING, "unnote-death", reason="本人健在，同名")
    answer = await walk.ask(WANG_FANG, "papers-still-missing")
    assert answer.json()["needs"] == ["papers-wanted-before"], "its days ran out meanwhile"
    named = await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    settings, today = walk.register.app.state.casework, walk.register.app.state.clock.today()
    assert named["state_due_on"] == settings.add_workdays(today, 30).isoformat()
    assert (await walk.ask(HE_JUN, "lapse", **ENDED)).json()["needs"] == ["papers-days-over"]


async def test_a_relative_names_no_missing_papers(walk: Walk) -> None:
    await wanted(walk)
    await walk.do(CHEN_HONG, "bring-papers")
    await walk.do(HE_JUN, "declare-relative", officer="wang-fang", relation="堂兄")
    answer = await walk.ask(WANG_FANG, "papers-still-missing")
    assert answer.json()["needs"] == ["not-a-relative"]
