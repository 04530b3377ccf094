"""Objections while a case is shown: of which day, whose, what was answered, and what they bar."""

import io
from typing import Any, Final

import pytest
from pypdf import PdfReader

from services.identification.casework import last_days
from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
    sets,
    staff,
)
from tests.identification.ledgers import ZHOU_JIE, Ledger
from tests.identification.makers import VILLAGE
from tests.identification.register import COUNTY, Register
from tests.identification.test_complaints import A_CLUE
from tests.identification.test_lapsing import ALONE, ENDED, died, queued

READER: Final = staff("gao-fei", {"cases:read", "cases:check", "complaints:reporter"})
READER_OF_ALL: Final = staff("lu-min", {"complaints:receive", "complaints:handle"})
WHO: Final = {"objector": "钱大海", "objector_contact": "13900009876"}
REASON: Final = "他家在镇上有铺面出租"
OPINION: Final[dict[str, Any]] = {"opinion": "grant", "income_fen_monthly": 0, "reasons": "属实"}


@pytest.fixture
async def walk(register: Register) -> Walk:
    """One that is on the board and needs no meeting after an objection."""
    sets(register, "appraisal: on-objection")
    return await Walk(register).posted()


async def _objections(walk: Walk, by: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await walk.look(by))["objections"]
    return found


async def _visited_again(walk: Walk) -> None:
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    minutes = await walk.paper(WANG_FANG, "minutes")
    today = walk.register.app.state.clock.today().isoformat()
    met = {"met_on": today, "due": 9, "present": 8, "in_favour": 7, "minutes_id": minutes}
    await walk.do(WANG_FANG, "appraise", **met)


@pytest.mark.shows("S39")
@pytest.mark.breaks("An objection is answered")
async def test_nobody_is_proposed_or_decided_on_before_everybody_who_objected_was_answered(
    walk: Walk,
) -> None:
    await walk.object(WANG_FANG, REASON, **WHO)
    await walk.object(WANG_FANG, "他家还有车")
    await _visited_again(walk)
    for which in (1, 2):
        answer = await walk.ask(ZHANG_LI, "propose", **OPINION)
        assert answer.json()["needs"] == ["objections-answered"], which
        await walk.answer(which=which)
    offered = {each["act"] for each in (await walk.look(ZHANG_LI))["acts"]}
    assert "answer-objection" not in offered, "nobody waits for an answer any more"
    assert (await walk.do(ZHANG_LI, "propose", **OPINION))["state"] == "to-post"
    first, second = await _objections(walk, READER)
    assert (first["objector"], second["objector"], second["hidden"]) == ("钱大海", None, [])
    assert first["received_on"] == "2026-09-25"
    answered = (first["answer"]["on"], first["answer"]["text"])
    assert answered == ("2026-09-25", "已重新入户，情况属实")


@pytest.mark.breaks("An objection is answered")
async def test_who_objected_is_read_by_few_and_stands_in_nothing_that_is_printed(
    walk: Walk,
) -> None:
    await walk.object(WANG_FANG, REASON, **WHO)
    for by in (CHEN_HONG, ZHANG_LI, HE_JUN):
        answer = await walk.register.get(walk.path, by)
        assert not any(word in answer.text for word in WHO.values()), by.subject
        assert answer.json()["objections"][0]["hidden"] == ["objector", "objector_contact"]
    for by in (READER, WANG_FANG):
        assert (await _objections(walk, by))[0]["objector"] == "钱大海", "few, and who wrote it"
    await _visited_again(walk)
    await walk.answer()
    await walk.do(ZHANG_LI, "propose", **OPINION)
    for printed in ("file", "review-form"):
        pdf = (await walk.register.get(f"{walk.path}/{printed}", READER)).content
        text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages)
        assert REASON in text.replace("\n", ""), printed
        assert "已重新入户" in text.replace("\n", ""), printed
        assert not any(word in text for word in WHO.values()), printed
    await walk.do(FANG_TING, "declare-relative", officer="gao-fei", relation="表兄弟")
    assert (await _objections(walk, READER))[0]["objector"] is None, "a near relative of theirs"


async def test_an_objection_is_of_a_day_since_the_list_was_up(walk: Walk) -> None:
    later(walk.register, 1)
    words: dict[str, Any] = {"reason": REASON, "received_on": "2026-09-24"}
    answer = await walk.ask(WANG_FANG, "object", **words)
    assert answer.json()["needs"] == ["objected-in-time"]
    answer = await walk.ask(WANG_FANG, "object", **{**words, "received_on": "2026-09-27"})
    assert answer.json()["needs"] == ["date-not-to-come"]
    assert (await walk.ask(WANG_FANG, "object", reason=REASON)).status_code == 422


TWO_LISTS: Final = """
posting_stages:
  - {board: village, stands: before-county, days: 7}
  - {board: township, stands: before-county, days: 5}
"""
LAST_DAY: Final = "2026-10-01"
"""Of a list that was put up on the day tests begin."""


async def before_the_county(walk: Walk) -> None:
    """The list was taken down."""
    later(walk.register, 7)
    assert (await walk.do(ZHANG_LI, "end-posting"))["state"] == "confirming"


async def before_the_township(walk: Walk) -> None:
    """The county has sent it back, and the township's list stands no more."""
    await before_the_county(walk)
    await walk.do(HE_JUN, "return-to-township", reason="收入未核清")
    assert walk.case["state"] == "reviewing"


async def to_be_shown_once_more(walk: Walk) -> None:
    """The township is for it again."""
    await before_the_township(walk)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    assert walk.case["state"] == "to-post"


@pytest.mark.shows("S39")
@pytest.mark.parametrize("come", [before_the_county, before_the_township, to_be_shown_once_more])
async def test_an_objection_made_in_time_is_recorded_when_the_list_was_taken_down(
    register: Register, come: Any
) -> None:
    sets(register, "appraisal: on-objection")
    walk = await Walk(register).posted()
    await come(walk)
    late: dict[str, Any] = {"reason": REASON, "received_on": "2026-10-02"}
    answer = await walk.ask(WANG_FANG, "object", **late)
    assert answer.json()["needs"] == ["objected-in-time"], "what comes later is a complaint"
    due_on = walk.case["due_on"]
    case = await walk.do(WANG_FANG, "object", reason=REASON, received_on=LAST_DAY)
    assert case["state"] == "objected"
    later(register, 14)
    await _visited_again(walk)
    assert walk.case["due_on"] > due_on, "the days it waited are nobody's"
    answer = await walk.ask(ZHANG_LI, "propose", **OPINION)
    assert answer.json()["needs"] == ["objections-answered"]
    await walk.answer()
    assert (await walk.do(ZHANG_LI, "propose", **OPINION))["state"] == "to-post"
    await walk.put_up()
    answer = await walk.ask(WANG_FANG, "object", reason=REASON, received_on=LAST_DAY)
    assert answer.json()["needs"] == ["objected-in-time"], "another list has taken its place"
    assert (await walk.object(WANG_FANG, REASON))["state"] == "objected"


async def test_an_objection_to_the_villages_list_is_in_time_also_beside_the_townships(
    register: Register,
) -> None:
    sets(register, TWO_LISTS)
    walk = await Walk(register).posted()
    later(register, 7)
    assert (await walk.do(ZHANG_LI, "end-posting"))["state"] == "to-post"
    await walk.put_up()
    case = await walk.do(WANG_FANG, "object", reason=REASON, received_on=LAST_DAY)
    assert case["state"] == "objected"


async def test_what_was_never_shown_is_not_objected_to(register: Register) -> None:
    walk = await Walk(register).proposed()
    assert walk.case["state"] == "to-post"
    answer = await walk.ask(WANG_FANG, "object", reason=REASON, received_on="2026-09-25")
    assert answer.json()["needs"] == ["was-shown", "objected-in-time"]


async def test_what_came_as_a_complaint_is_one_about_this_case(walk: Walk) -> None:
    ledger = Ledger(walk.register, "complaint")
    clerk = staff("wang-fang", TOWN_HEAD | {"cases:accept"}, VILLAGE[:9])
    await ledger.open(ZHOU_JIE, **A_CLUE)
    said = {"received_on": "2026-09-25", "reason": REASON, "complaint": ledger.entry["number"]}
    answer = await walk.ask(clerk, "object", **said)
    assert answer.json()["type"] == "/problems/no-such-complaint", "it is about nobody of it"
    accused = {"accused_kind": "township-officer", "accused_account": "wang-fang"}
    await ledger.open(READER_OF_ALL, about=("case", walk.case["receipt"]), **{**A_CLUE, **accused})
    answer = await walk.ask(clerk, "object", **{**said, "complaint": ledger.entry["number"]})
    assert answer.json()["type"] == "/problems/no-such-complaint", "it is not there for them"
    await ledger.open(ZHOU_JIE, about=("case", walk.case["receipt"]), **A_CLUE)
    await walk.do(clerk, "object", **{**said, "complaint": ledger.entry["number"]})
    (found,) = await _objections(walk, READER)
    assert found["complaint"] == ledger.entry["number"]
    assert (await _objections(walk, HE_JUN))[0]["complaint"] is None


@pytest.mark.breaks("An objection is answered")
@pytest.mark.parametrize("end", ["withdraw", "end-at-death"])
async def test_whoever_objected_to_a_case_that_ended_undecided_waits_in_the_queue(
    register: Register, end: str
) -> None:
    walk = await Walk(register).posted(**ALONE)
    await walk.object(WANG_FANG, REASON, **WHO)
    await walk.object(WANG_FANG, "他家还有车")
    if end == "withdraw":
        await walk.do(WANG_FANG, end, letter_id=await walk.paper(CHEN_HONG, "withdrawal"))
    else:
        assert (await died(walk)).status_code == 200
        await walk.look()
        await walk.do(HE_JUN, end, **ENDED)
    later(register, 30)
    for which in (1, 2):
        late = (await register.get("/cases", ZHANG_LI, overdue=True)).json()["items"]
        assert [each["receipt"] for each in late] == [walk.case["receipt"]], which
        (line,) = (await register.get("/case-queues", ZHANG_LI)).json()["items"]
        assert (line["count"], line["overdue"]) == (1, 1)
        await walk.answer(which=which)
    assert await queued(walk, ZHANG_LI) == []


async def test_an_objection_that_was_forgotten_before_cases_had_a_day_for_it_is_in_the_queue(
    register: Register,
) -> None:
    walk = await Walk(register).posted(**ALONE)
    await walk.object(WANG_FANG, REASON, **WHO)
    await walk.do(WANG_FANG, "withdraw", letter_id=await walk.paper(CHEN_HONG, "withdrawal"))
    due_on = (await walk.look())["due_on"]
    await register.change("UPDATE case_file SET due_on = NULL")
    assert await queued(walk, ZHANG_LI) == []
    for how_many in (1, 0):
        async with register.app.state.context.database.transaction() as session:
            settings = register.app.state.casework
            assert await last_days.count(session, COUNTY, settings) == how_many
    assert (await queued(walk, ZHANG_LI), (await walk.look())["due_on"]) == (
        [walk.case["receipt"]],
        due_on,
    )
    await walk.answer()
    async with register.app.state.context.database.transaction() as session:
        assert await last_days.count(session, COUNTY, settings) == 0


async def test_a_case_that_was_objected_to_waits_for_the_township_and_is_late_one_day(
    walk: Walk,
) -> None:
    before = (await walk.look())["due_on"]
    case = await walk.object(WANG_FANG, REASON, **WHO)
    assert (case["state_due_on"], case["due_on"]) == ("2026-09-30", before)
    register = walk.register
    later(register, 5)
    assert await _late(register) == ([], 0), "its last day is not over"
    later(register, 1)
    assert await _late(register) == (["objected"], 1)
    await walk.object(WANG_FANG, "他家还有车")
    assert await _late(register) == (["objected"], 1), "another objection gives it no new days"
    case = await walk.do(ZHANG_LI, "survey-again")
    assert case["due_on"] > before, "whoever applied loses no day by it"
    assert await _late(register) == ([], 0)


async def _late(register: Register) -> tuple[list[str], int]:
    """The states of what is late in a township's queue, and how many its counts say are."""
    found = (await register.get("/cases", ZHANG_LI, overdue=True)).json()["items"]
    assert all(each["overdue"] for each in found)
    counted = (await register.get("/case-queues", ZHANG_LI)).json()["items"]
    return [each["state"] for each in found], sum(each["overdue"] for each in counted)


async def test_what_was_objected_to_before_it_had_days_of_its_own_has_them_from_then_on(
    walk: Walk,
) -> None:
    until = (await walk.object(WANG_FANG, REASON, **WHO))["state_due_on"]
    await walk.register.change("UPDATE case_file SET state_due_on = NULL")
    for how_many in (1, 0):
        async with walk.register.app.state.context.database.transaction() as session:
            settings = walk.register.app.state.casework
            assert await last_days.count(session, COUNTY, settings) == how_many
    assert (await walk.look())["state_due_on"] == until
