"""From a knock on the door to a decision: one dibao case, and everybody who handles it."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.identification.casework.applications import Application
from services.identification.casework.cases import needs_in_words
from services.identification.casework.effects import EFFECTS
from services.identification.casework.needs.named import NEEDS
from services.identification.casework.paths import all_paths
from services.identification.grammar.acts import STOPPED
from services.identification.place_settings import PlaceSettings
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    an_application,
    later,
    somebody_else,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.mark.parametrize("path", all_paths().values(), ids=lambda path: path.category)
def test_a_table_names_only_what_there_is(path: Any) -> None:
    settings = PlaceSettings.read()
    assert needs_in_words().keys() == NEEDS.keys()
    for act in path.acts.values():
        assert {*act.when, *act.needs} <= NEEDS.keys(), act.name
        assert act.does is None or act.does in EFFECTS
        assert act.starts is None or settings.number(act.starts) > 0
    for state in path.states.values():
        assert state.clock in {None, STOPPED} or settings.number(state.clock) > 0


async def test_an_application_becomes_a_decision_that_money_follows(walk: Walk) -> None:
    await walk.confirming()
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert granted["state"] == "granted"
    said = walk.register.told("household-determined")
    (event,) = [row["body"] for row in said]
    assert event["household_id"] == granted["household_id"]
    assert event["from_month"] == "2026-11"  # The month after the decision of 2 October.
    people = walk.register.rows("SELECT name FROM person ORDER BY name")
    assert [row["name"] for row in people] == ["李伟", "李娜"]
    assert [each["act"] for each in granted["history"]][-2:] == ["end-posting", "confirm"]
    acts = walk.register.rows(
        "SELECT 1 FROM case_act a JOIN case_file c ON c.id = a.case_id WHERE c.category = 'dibao'"
    )
    assert len(acts) == granted["version"]


async def test_nothing_is_skipped(walk: Walk) -> None:
    await walk.accepted()
    for act, by in (("propose", ZHANG_LI), ("confirm", HE_JUN), ("post", ZHANG_LI)):
        answer = await walk.ask(by, act)
        assert answer.status_code == 409, act
        assert answer.json()["type"] == "/problems/not-here"
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["signed-by-investigators", "one-survey-counts"]


@pytest.mark.shows("S37")
@pytest.mark.breaks("Two signatures on a visit")
async def test_one_signature_is_no_survey(walk: Walk) -> None:
    await walk.accepted()
    survey = {
        "survey_id": str(uuid4()),
        "visited_on": "2026-09-25",
        "family_member": "李伟",
        "findings": "见表",
        "income_fen_yearly": 0,
    }
    await walk.do(WANG_FANG, "survey", **survey)
    again = await walk.ask(WANG_FANG, "sign-survey", survey_id=survey["survey_id"])
    assert again.json()["needs"] == ["not-signed-by-me"]
    assert (await walk.ask(WANG_FANG, "finish-survey")).status_code == 409
    await walk.do(LIU_QIANG, "sign-survey", survey_id=survey["survey_id"])
    await walk.do(WANG_FANG, "finish-survey")


async def test_two_visits_are_both_kept_until_a_person_chooses(walk: Walk) -> None:
    await walk.accepted()
    first, _ = await walk.visit(), await walk.visit()
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["one-survey-counts"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="第二次家中无人")
    case = await walk.do(WANG_FANG, "finish-survey")
    assert len([each for each in case["history"] if each["act"] == "survey"]) == 2


@pytest.mark.breaks("Authorised before compared")
async def test_nobody_is_compared_without_every_adults_letter(walk: Walk) -> None:
    await walk.accepted()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    report: dict[str, Any] = {"report_number": "核7号", "reported_on": "2026-09-25"}
    answer = await walk.ask(WANG_FANG, "compare", **report)
    assert answer.json()["needs"] == ["adults-authorised"]
    letter = await walk.paper(WANG_FANG, "authorisation")
    words: dict[str, Any] = {"person_key": "head", "document_id": letter}
    for long_ago in ("1900-01-01", "2026-06-26"):
        answer = await walk.ask(WANG_FANG, "authorise", **words, signed_on=long_ago)
        assert answer.json()["needs"] == ["letter-not-old"], "ninety days before, and no more"
    await walk.do(WANG_FANG, "authorise", **words, signed_on="2026-06-27")
    await walk.do(WANG_FANG, "compare", **report, hits="名下有小型汽车一辆")
    answer = await walk.ask(WANG_FANG, "finish-comparison")
    assert answer.json()["needs"] == ["hits-settled"]
    await walk.do(CHEN_HONG, "explain-hits", explanation="车已报废，附注销证明")
    await walk.do(ZHANG_LI, "accept-answer", reason="注销证明属实")
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "reviewing"


@pytest.mark.breaks("The surveyor does not approve")
async def test_who_visited_or_proposed_does_not_decide(walk: Walk) -> None:
    await walk.confirming()
    everywhere = HE_JUN.scopes | WANG_FANG.scopes | ZHANG_LI.scopes
    for one in (WANG_FANG, ZHANG_LI):
        head = type(one)(one.subject, one.kind, one.county, one.person, everywhere, ("511425",))
        answer = await walk.ask(head, "confirm", decision_number="青民决〔2026〕801号")
        assert answer.status_code == 409
        assert set(answer.json()["needs"]) & {"not-the-surveyor", "not-the-proposer"}


@pytest.mark.shows("S50")
async def test_a_relative_is_visited_and_decided_by_another(walk: Walk) -> None:
    await walk.accepted()
    await walk.do(WANG_FANG, "declare-relative", officer="he-jun", relation="表弟")
    case_id = walk.case["case_id"]
    other = Walk(walk.register)
    await other.confirming(members=[somebody_else()])
    assert other.case["case_id"] != case_id
    letter = await walk.paper(WANG_FANG, "authorisation")
    words = {"person_key": "head", "document_id": letter, "signed_on": "2026-09-24"}
    await walk.do(WANG_FANG, "authorise", **words)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=0, reasons="符合")
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕802号")
    assert answer.json()["needs"] == ["visited-where-due", "not-a-relative"]


@pytest.mark.shows("S39")
@pytest.mark.breaks("Lists for all their days")
async def test_a_list_is_shown_for_all_its_days(walk: Walk) -> None:
    await walk.posted()
    for days, there in ((0, False), (6, False), (1, True)):
        later(walk.register, days)
        answer = await walk.ask(ZHANG_LI, "end-posting")
        assert (answer.status_code == 200) == there, days
    assert answer.json()["state"] == "confirming"


async def test_missing_papers_are_named_once_and_stop_the_clock(walk: Walk) -> None:
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    asked = await walk.do(WANG_FANG, "want-papers", missing="户口簿复印件\n残疾证")
    assert asked["history"][-1]["words"]["missing"] == ["户口簿复印件", "残疾证"]
    later(walk.register, 30)
    await walk.do(CHEN_HONG, "bring-papers")
    answer = await walk.ask(WANG_FANG, "want-papers", missing="再来一份")
    assert answer.json()["needs"] == ["papers-not-wanted-before"]


async def test_a_refusal_has_reasons_and_three_working_days_to_be_told(walk: Walk) -> None:
    await walk.confirming()
    refused = await walk.do(
        HE_JUN, "refuse", decision_number="青民决〔2026〕804号", reasons="家庭收入高于标准"
    )
    # Decided on Friday 2 October 2026, in the holidays that end with Wednesday the 7th.
    assert refused["due_on"] == "2026-10-10"
    today = walk.register.app.state.clock.today().isoformat()
    told = await walk.do(ZHANG_LI, "tell-refusal", told_on=today)
    assert told["due_on"] is None
    assert walk.register.rows("SELECT 1 FROM determination") == []


async def test_of_two_officers_at_once_one_wins_and_the_other_reads_why(walk: Walk) -> None:
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    both = await asyncio.gather(walk.ask(WANG_FANG, "accept"), walk.ask(LIU_QIANG, "accept"))
    assert sorted(answer.status_code for answer in both) == [200, 409]
    (late,) = [answer for answer in both if answer.status_code == 409]
    assert late.json()["type"] == "/problems/moved-on"


async def test_another_area_knows_nothing_of_it(walk: Walk) -> None:
    await walk.accepted()
    assert (await walk.register.get(walk.path, ZHAO_MIN)).status_code == 404
    assert (await walk.ask(ZHAO_MIN, "accept")).status_code == 404
    found = await walk.register.get("/cases", ZHAO_MIN, query="李伟")
    assert found.json()["items"] == []


async def test_an_act_of_others_is_refused(walk: Walk) -> None:
    await walk.accepted()
    assert (await walk.ask(CHEN_HONG, "finish-survey")).status_code == 403


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({}, "application"),
        ({"application": {"members": []}, "status": "granted"}, "status"),
        ({"application": {"amount_fen": 1}}, "application.amount_fen"),
        ({"application": an_application(registration="moon")}, "application.registration"),
        ({"application": {"members": [{"key": "a", "name": "李", "relation": "户主"}]}}, "members"),
    ],
)
async def test_words_that_are_not_asked_for_are_refused_by_name(
    walk: Walk, words: dict[str, Any], field: str
) -> None:
    await walk.open()
    answer = await walk.ask(CHEN_HONG, "write", **words)
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["field"]
    assert id_number(1) not in answer.text


async def test_a_wrong_check_digit_is_a_query_and_not_a_refusal(walk: Walk) -> None:
    wrong = id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")
    await walk.open()
    people = an_application()["members"]
    people[0]["id_number"] = wrong
    case = await walk.do(CHEN_HONG, "write", application=an_application(members=people))
    assert case["queries"] == ["head: id-check-digit"]


async def test_somebody_without_an_id_number_counts_under_a_code_with_its_reason(
    walk: Walk,
) -> None:
    stranger = {"key": "wife", "name": "阿依", "relation": "配偶", "temporary_code": "T511425-1"}
    people = [*an_application()["members"], stranger]
    await walk.open()
    answer = await walk.ask(CHEN_HONG, "write", application=an_application(members=people))
    assert answer.status_code == 422
    people[-1] |= {"no_id_reason": "户籍未登记", "born_on": "1985-03-01"}
    case = await walk.do(CHEN_HONG, "write", application=an_application(members=people))
    assert case["application"]["members"][2]["temporary_code"] == "T511425-1"


async def test_the_queue_is_of_those_whose_turn_it_is(walk: Walk) -> None:
    await walk.accepted()
    waiting = await walk.register.get("/cases", WANG_FANG)
    assert [each["case_id"] for each in waiting.json()["items"]] == [walk.case["case_id"]]
    assert (await walk.register.get("/cases", HE_JUN)).json()["items"] == []
    later(walk.register, 60)
    late = await walk.register.get("/cases", WANG_FANG, overdue=True)
    assert late.json()["items"][0]["overdue"] is True


async def test_a_queue_begins_with_the_clock_that_runs_out_first_and_goes_on_from_page_to_page(
    walk: Walk,
) -> None:
    clocks = {
        "by-law": "due_on = '2026-09-20'",
        "by-step": "due_on = '2026-10-30', state_due_on = '2026-09-21'",
        "stopped": "due_on = '2026-09-22', stopped_on = '2026-09-20'",
        "in-time": "due_on = '2026-10-29', state_due_on = '2026-09-28'",
        "no-clock": "due_on = NULL",
        "no-clock-either": "due_on = NULL",
    }
    ids = {name: (await walk.open()).case["case_id"] for name in reversed(clocks)}
    for name, clock in clocks.items():
        await walk.register.change(f"UPDATE case_file SET {clock} WHERE id = '{ids[name]}'")  # noqa: S608  # Words of this test.

    async def found(**asked: Any) -> list[str]:
        answer = await walk.register.get("/cases", CHEN_HONG, **asked)
        return [each["case_id"] for each in answer.json()["items"]]

    order = [ids[name] for name in clocks]
    order[-2:] = sorted(order[-2:])
    assert await found() == await found(village=VILLAGE) == order
    for place, one in enumerate(order):
        assert await found(after=one, limit=1) == order[place + 1 : place + 2]
    assert await found(overdue=True) == [ids["by-law"], ids["by-step"]]


async def test_a_state_of_two_categories_is_two_kinds_of_work_each_counted(walk: Walk) -> None:
    ids = [(await walk.open()).case["case_id"] for _ in range(3)]
    await walk.register.change(f"UPDATE case_file SET category = 'tekun' WHERE id = '{ids[0]}'")  # noqa: S608  # Words of this test.
    await walk.register.change(f"UPDATE case_file SET due_on = '2026-09-01' WHERE id = '{ids[1]}'")  # noqa: S608  # Words of this test.
    counted = (await walk.register.get("/case-queues", CHEN_HONG)).json()["items"]
    assert [(each["category"], each["count"], each["overdue"]) for each in counted] == [
        ("dibao", 2, 1), ("tekun", 1, 0),
    ]  # fmt: skip
    assert counted[1]["category_words"]["zh"].startswith("特困")
    for each in counted:
        asked = {"category": each["category"], "state": each["state"]}
        found = (await walk.register.get("/cases", CHEN_HONG, **asked)).json()["items"]
        assert len(found) == each["count"]
        assert {one["category"] for one in found} == {each["category"]}
    assert (await walk.register.get("/case-queues", HE_JUN)).json()["items"] == []


async def test_the_queue_may_be_of_one_village(walk: Walk) -> None:
    await walk.accepted()
    there = await walk.register.get("/cases", WANG_FANG, village=VILLAGE)
    assert [each["case_id"] for each in there.json()["items"]] == [walk.case["case_id"]]
    elsewhere = await walk.register.get("/cases", WANG_FANG, village="511425001201")
    assert elsewhere.json()["items"] == []


async def test_a_case_is_found_by_receipt_name_pinyin_number_and_village(walk: Walk) -> None:
    await walk.accepted()
    for query in (
        VILLAGE,
        "柳溪村",
        walk.case["receipt"],
        "李伟",
        "li wei",
        "liwei",
        "李·伟",
        id_number(1),
        walk.case["receipt"].lower(),
    ):
        found = await walk.register.get("/cases", WANG_FANG, query=query)
        assert [each["case_id"] for each in found.json()["items"]] == [walk.case["case_id"]], query
    for query in ("%", "_", "·", "王", "(a+)+$", "511425001201", "兰沟"):
        assert (await walk.register.get("/cases", WANG_FANG, query=query)).json()["items"] == []
    await walk.register.get("/cases", WANG_FANG)
    looked = walk.register.audited("cases-searched")
    assert [row["details"] for row in looked] == [{"shown": 1}] * 9 + [{"shown": 0}] * 7
    assert {row["actor"] for row in looked} == {WANG_FANG.subject}


async def test_papers_are_sealed_and_known_by_their_content(walk: Walk) -> None:
    await walk.accepted()
    paper = await walk.paper(CHEN_HONG, "id-card")
    assert await walk.paper(CHEN_HONG, "id-card") == paper
    stored = list((walk.register.settings.files_dir / "documents").rglob("*"))
    assert all(JPEG not in path.read_bytes() for path in stored if path.is_file())
    read = await walk.register.get(f"{walk.path}/papers/{paper}", WANG_FANG)
    assert (read.content, read.headers["content-type"]) == (JPEG, "image/jpeg")
    assert (await walk.register.get(f"{walk.path}/papers/{paper}", ZHAO_MIN)).status_code == 404
    for content in (b"", b"MZ\x90", b"<svg/>", b"PK\x03\x04"):
        answer = await walk.register.client.post(
            f"{walk.path}/papers",
            params={"kind": "id-card"},
            content=content,
            headers=walk.register.headers(CHEN_HONG),
        )
        assert answer.status_code == 422
    answer = await walk.register.client.post(
        f"{walk.path}/papers",
        params={"kind": "id-card"},
        content=JPEG + bytes(10 * 1024 * 1024),
        headers=walk.register.headers(CHEN_HONG),
    )
    assert answer.status_code == 413


def test_working_days_know_the_holidays_of_china() -> None:
    settings = PlaceSettings.read()
    # The National Day holidays of 2026 are 1 to 7 October; Saturday the 10th is worked.
    assert settings.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert settings.add_workdays(date(2026, 10, 9), 1) == date(2026, 10, 10)


def test_an_application_names_nobody_twice() -> None:
    twice = an_application()
    twice["members"][1]["id_number"] = id_number(1)
    with pytest.raises(ValueError, match="stands there twice"):
        Application.model_validate(twice)


async def test_a_visit_made_in_time_leaves_nothing_overdue(walk: Walk) -> None:
    await walk.accepted()
    assert walk.case["state_due_on"] is not None
    await walk.visit()
    assert walk.case["state_due_on"] is None, "the days to begin the visits are met"
    assert walk.case["due_on"] is not None


async def test_a_case_waits_for_whoever_may_move_it_on_not_for_whoever_may_withdraw_it(
    walk: Walk,
) -> None:
    await walk.surveyed()
    waiting = [
        [line["case_id"] for line in (await walk.register.get("/cases", by)).json()["items"]]
        for by in (WANG_FANG, CHEN_HONG)
    ]
    assert waiting == [[walk.case["case_id"]], []]
