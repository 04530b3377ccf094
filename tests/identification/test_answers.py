"""Whoever a list speaks against reads which kind of list it was, and answers before anything."""

import json
from typing import Any

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import JPEG, WANG_FANG, Walk
from tests.identification.citizens import ANOTHER, own, see
from tests.identification.lists import (
    MAKER,
    a_register,
    alerts,
    compared,
    delivered,
    officer,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_alert_outcomes import acted, home
from tests.identification.test_alerts import HEAD, OFFICER, act, heard, said
from tests.identification.test_disputes import taken_out

CADRE = officer("zeng-li", "alerts:answer", area=VILLAGE)
CHECKED = {"found": "so", "checked_on": "2026-09-25", "findings": "查了"}
PAYROLL = (id_number(3), "1", "2000")


Raised = tuple[dict[str, Any], dict[str, str]]


async def _raised(register: Register, feed: str, *row: str) -> Raised:
    """One alert that somebody looks into, and the people of the register by number."""
    index = await a_register(register)
    if feed != "deaths":
        await delivered(register, "deaths", (id_number(9), "2026-09-02"))
    await delivered(register, feed, row)
    await compared(register)
    (alert,) = await alerts(register)
    assert (await act(register, alert, MAKER, "assign", officer="liu-qiang")).status_code == 200
    return alert, index


async def _answer(register: Register, alert: dict[str, Any], by: Caller, words: str) -> Any:
    return await register.client.post(
        f"/my/alerts/{alert['alert_id']}/answers",
        json={"answer": words},
        headers=register.headers(by),
    )


@pytest.mark.shows("S04")
async def test_somebody_hit_reads_of_it_is_told_and_answers_before_an_officer_decides(
    register: Register,
) -> None:
    alert, index = await _raised(register, "deaths", id_number(2), "2026-09-02")
    person = own(index[id_number(2)], "my:read")
    await act(register, alert, OFFICER, "ask", asked_how="电话")
    (event,) = register.told("answer-wanted")
    assert set(event["body"]) == {
        "event_id", "county", "occurred_at", "alert_id", "told_id", "by_day",
    }  # fmt: skip
    assert event["body"]["told_id"] == index[id_number(1)], (
        "nobody writes to whom a list calls dead"
    )
    answer = await register.get("/my/alerts", person)
    (shown,) = answer.json()["items"]
    assert (shown["list"]["zh"], shown["month"]) == ("死亡人员名单", "2026-10")
    assert shown["leads_to"] == [{"zh": "不再发给本人这一份", "en": "what was paid for them ends"}]
    assert shown["answer_until"] == event["body"]["by_day"]
    for inner in ("2026-09-02", "liu-qiang", "workings", "history"):
        assert inner not in answer.text
    assert (await act(register, alert, OFFICER, "check", **CHECKED)).status_code == 200
    decided = {"outcome": "clear", "reasons": "已去世"}
    assert (await act(register, alert, HEAD, "act", **decided)).json()["needs"] == ["heard"]
    path = f"/my/alerts/{alert['alert_id']}/papers"
    filed = await register.client.post(path, content=JPEG, headers=register.headers(person))
    assert filed.status_code == 201, filed.text
    assert (await _answer(register, alert, person, "我还在，名单错了")).status_code == 201
    seen = (await register.get(f"/alerts/{alert['alert_id']}", OFFICER)).json()
    assert seen["state"] == "checked", "an answer that comes late is read all the same"
    assert seen["history"][-1]["words"] == {"answer": "我还在，名单错了"}
    (paper,) = seen["papers"]
    read = await register.get(f"/alerts/{alert['alert_id']}/papers/{paper['paper_id']}", OFFICER)
    assert read.content == JPEG
    other = officer("sun-yu", "alerts:check", "alerts:read")
    await act(register, alert, MAKER, "assign", officer="sun-yu")
    await act(register, alert, other, "check", **{**CHECKED, "found": "not-so"})
    await act(register, alert, HEAD, "dismiss", reasons="名单有误")
    done = (await register.get(f"/my/alerts/{alert['alert_id']}", person)).json()
    assert (done["may_answer"], done["outcome"]["zh"]) == (False, "核查过了，没有问题")
    assert (await _answer(register, alert, person, "再说一次")).status_code == 409


async def test_somebody_reads_of_it_whatever_it_led_to(register: Register) -> None:
    alert, index = await _raised(register, "prisoners", id_number(2), "2026-09-02", "")
    walk = await Walk(register).open(category="change", household_id=home(register, "h-1"))
    await taken_out(walk, index[id_number(2)], "2026-10")
    await heard(register, alert, "属实")
    assert (await act(register, alert, OFFICER, "check", **CHECKED)).status_code == 200
    person = own(index[id_number(2)], "my:read")
    (shown,) = (await register.get("/my/alerts", person)).json()["items"]
    assert shown["holds"] is True
    assert (await acted(register, alert, "help"))["led_to"]["kind"] == "lead"
    answer = await register.get("/my/alerts", person)
    assert answer.status_code == 200, answer.text
    (shown,) = answer.json()["items"]
    assert shown["holds"] is False, "it was settled with the act"


async def test_who_answers_before_anybody_looks_into_it_is_heard_and_it_waits_as_before(
    register: Register,
) -> None:
    index = await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-02"))
    await delivered(register, "public-payroll", PAYROLL)
    await compared(register)
    (alert,) = await alerts(register)
    person = own(index[id_number(3)], "my:read")
    assert (await _answer(register, alert, person, "早退休了")).status_code == 201
    assert (await register.get(f"/alerts/{alert['alert_id']}", MAKER)).json()["state"] == "raised"


async def test_nobody_else_reads_of_it(register: Register) -> None:
    alert, index = await _raised(register, "public-payroll", *PAYROLL)
    path = f"/my/alerts/{alert['alert_id']}"
    person = own(index[id_number(3)], "my:read")
    assert (await register.get(path, person)).status_code == 200
    answered = await _answer(register, alert, person, "早退休了")
    assert answered.status_code == 201, "their own word wants no asking and no paper"
    others = [own(index[id_number(order)], "my:read") for order in (1, 4)]
    others.append(own(index[id_number(3)]))  # By a code alone, whoever it may be.
    for other in others:
        assert (await register.get("/my/alerts", other)).json()["items"] == []
        assert (await register.get(path, other)).status_code == 404
        assert (await _answer(register, alert, other, "不是")).status_code == 404


async def test_a_village_worker_writes_an_answer_down_and_is_not_shown_what_was_hit(
    register: Register,
) -> None:
    alert, _ = await _raised(register, "public-payroll", *PAYROLL)
    shown = (await register.get(f"/alerts/{alert['alert_id']}", CADRE)).json()
    assert (shown["workings"], shown["history"], shown["called"][:1]) == ([], [], "李")
    assert [each["act"] for each in shown["acts"]] == ["answer"]
    assert (await act(register, alert, CADRE, "check", **CHECKED)).status_code == 403
    await act(register, alert, OFFICER, "ask", asked_how="电话")
    assert (await said(register, alert, "早退休了", by=CADRE)).status_code == 200
    elsewhere = officer("zhao-min", "alerts:answer", area="511425102")
    assert (await register.get(f"/alerts/{alert['alert_id']}", elsewhere)).status_code == 404


async def test_an_applicant_is_asked_about_a_hit_of_their_case_without_its_name(
    register: Register,
) -> None:
    walk = await Walk(register).surveyed(phone=ANOTHER)
    await see(walk, ANOTHER)
    today = register.app.state.clock.today().isoformat()
    said = {"report_number": "核9号", "reported_on": today, "hits": ["名下有车"]}
    await walk.do(WANG_FANG, "compare", **said)
    events = register.told("case-moved")
    wanted = [each["body"] for each in events if each["body"]["happened"] == "answer-wanted"]
    assert len(wanted) == 1
    assert wanted[0]["by_day"]
    assert "名下有车" not in json.dumps(wanted, ensure_ascii=False)
