"""An alert goes its way: assigned, answered, checked, acted on or dismissed, closed."""

from typing import Any, Final

import httpx
import pytest

from services.identification import children
from shared import crash_points
from shared.callers import Caller
from tests.identification.caseworkers import JPEG, later
from tests.identification.lists import (
    COMPARER,
    MAKER,
    a_register,
    alerts,
    compared,
    delivered,
    officer,
)
from tests.identification.makers import id_number
from tests.identification.register import Register

OFFICER = officer("liu-qiang", "alerts:check", "alerts:read")
HEAD = officer("he-jun", "alerts:decide", "alerts:read")
CHECKED: Final = {"found": "so", "checked_on": "2026-09-25", "findings": "上门核实"}
CADRE = officer("chen-hong", "alerts:answer")
ELSEWHERE = officer("zhao-min", "alerts:check", "alerts:read", area="511425102")


async def act(
    register: Register, alert: dict[str, Any], by: Caller, name: str, **words: Any
) -> httpx.Response:
    """Ask for an act on an alert as it stands."""
    shown = (await register.get(f"/alerts/{alert['alert_id']}", MAKER)).json()
    return await register.client.post(
        f"/alerts/{alert['alert_id']}/acts/{name}",
        json={"version": shown["version"], "words": words},
        headers=register.headers(by),
    )


async def said(
    register: Register, alert: dict[str, Any], words: str, by: Caller = CADRE
) -> httpx.Response:
    """What they say is written down for them, over the paper they signed."""
    path = f"/alerts/{alert['alert_id']}/papers"
    content = JPEG + words.encode()
    filed = await register.client.post(path, content=content, headers=register.headers(by))
    assert filed.status_code == 201, filed.text
    return await act(register, alert, by, "answer", answer=words)


async def heard(register: Register, alert: dict[str, Any], words: str) -> None:
    """Whoever it is about was asked, and said this."""
    assert (await act(register, alert, MAKER, "ask", asked_how="上门告知")).status_code == 200
    assert (await said(register, alert, words)).status_code == 200


async def raised(register: Register) -> dict[str, dict[str, Any]]:
    """A death and a missing subsidy, by kind."""
    await a_register(register)
    await delivered(register, "deaths", (id_number(2), "2026-09-02"))
    await delivered(register, "disability-certificates", (id_number(4), "一级", ""))
    await compared(register)
    return {each["kind"]: each for each in await alerts(register)}


async def test_nothing_is_done_against_somebody_who_was_not_heard(register: Register) -> None:
    found = await raised(register)
    death, subsidy = found["alert_death"], found["alert_disability"]
    assert (death["holds"], subsidy["holds"]) == ("death", None)
    shown = (await register.get(f"/alerts/{death['alert_id']}", OFFICER)).json()
    assert "在享人员或低收入人口出现在死亡名单上，须核实是否死亡。" in {
        each["sentence"]["zh"] for each in shown["workings"]
    }
    checked = {"found": "so", "checked_on": "2026-09-25", "findings": "上门核实"}
    decided = {"outcome": "clear", "reasons": "已去世"}
    for alert in (death, subsidy):
        assert (await act(register, alert, OFFICER, "check", **checked)).status_code == 409
        assert (await act(register, alert, MAKER, "assign", officer="liu-qiang")).status_code == 200
        assert (await act(register, alert, OFFICER, "check", **checked)).status_code == 200
    unheard = await act(register, death, HEAD, "act", **decided)
    assert (unheard.status_code, unheard.json()["needs"]) == (409, ["heard"])
    asked = (await act(register, death, MAKER, "ask", asked_how="上门告知")).json()
    assert (asked["state"], asked["answer_until"] < asked["state_due_on"]) == ("checked", True)
    unheard = await act(register, death, HEAD, "act", **decided)
    assert unheard.json()["needs"] == ["heard"], "their days are not over"
    later(register, 15)
    heard = await act(register, death, HEAD, "act", **decided)
    assert (heard.status_code, heard.json()["state"]) == (200, "acted"), "nobody is stuck unasked"
    wrong = await act(register, subsidy, HEAD, "act", **decided)
    assert wrong.json()["needs"] == ["outcome-of-its-kind"]
    done = await act(register, subsidy, HEAD, "act", outcome="deliver", reasons="主动办理")
    assert (done.status_code, done.json()["state"]) == (200, "watched")
    events = register.rows("SELECT subject, body FROM outbox WHERE subject LIKE '%disput%'")
    (event,) = events
    assert event["subject"] == "identification.person-disputed.v1"
    assert (event["body"]["reason"], event["body"]["from_month"]) == ("death", "2026-10")


@pytest.mark.shows("S04")
async def test_an_answer_is_heard_first_and_days_taken_are_counted(register: Register) -> None:
    alert = (await raised(register))["alert_death"]
    assert await alerts(register, ELSEWHERE) == []
    assert (await register.get(f"/alerts/{alert['alert_id']}", ELSEWHERE)).status_code == 404
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    assert len(await alerts(register, OFFICER, assigned_to="staff:liu-qiang")) == 1
    await act(register, alert, OFFICER, "ask", asked_how="电话告知家属")
    assert (await said(register, alert, "人在，名单有误")).status_code == 200
    later(register, 4)
    await act(
        register, alert, OFFICER, "check",
        found="not-so", checked_on="2026-09-28", findings="见到本人",
    )  # fmt: skip
    refused = await act(register, alert, HEAD, "act", outcome="clear", reasons="x")
    assert refused.json()["needs"] == ["found-so"]
    assert (await act(register, alert, HEAD, "dismiss", reasons="名单有误")).status_code == 200
    closed = await act(register, alert, HEAD, "close")
    assert (closed.json()["state"], closed.json()["days_taken"]) == ("closed", 4)
    assert closed.json()["outcome"] == "dismissed"
    done = [each["name"]["zh"] for each in closed.json()["history"]]
    assert done == ["分派", "请本人说明", "登记本人说明", "登记核查结果", "排除", "办结"]
    (settled,) = register.told("dispute-settled")
    assert settled["body"]["upheld"] is False
    assert (await act(register, alert, HEAD, "close")).status_code == 409
    run_log = (await register.get("/comparisons", MAKER)).json()["items"]
    assert [(each["month"], each["alerts_found"]) for each in run_log] == [("2026-10", 2)]
    later(register, 60)
    overdue = await alerts(register, overdue=True)
    assert [each["kind"] for each in overdue] == ["alert_disability"]


@pytest.mark.shows("S03")
async def test_killed_anywhere_a_month_ends_as_if_nothing_had_happened(register: Register) -> None:
    await a_register(register)
    points = ("feed-keyed", "people-written", "lists-matched", "alerts-written")
    for point in points:
        crash_points.arm(register.settings.files_dir, f"identification.{point}")
    await register.client.post(
        "/feeds/deaths/deliveries",
        params={"month": "2026-10", "as_of": "2026-09-24"},
        content=f"身份证号,死亡日期\n{id_number(2)},2026-09-02\n".encode(),
        headers=register.headers(MAKER),
    )
    ended = []
    module = "services.identification.comparison.working"
    ended.append(await children.run_child(register.settings, module))
    ended.append(await children.run_child(register.settings, module))
    await register.client.post(
        "/comparisons", json={"month": "2026-10"}, headers=register.headers(COMPARER)
    )
    ended += [await children.run_child(register.settings, module) for _ in range(4)]
    assert ended == [-9, 0, -9, -9, -9, 0]
    assert len(await alerts(register)) == 1
    counts = register.rows("SELECT count(*) AS n FROM comparison_feed WHERE feed = 'deaths'")
    assert counts == [{"n": 1}]
    events = register.rows("SELECT count(*) AS n FROM outbox WHERE subject LIKE '%disputed%'")
    assert events == [{"n": 1}]


async def test_nobody_looks_into_an_alert_and_ends_it_alone(register: Register) -> None:
    alert = (await raised(register))["alert_death"]
    scopes = ("alerts:assign", "alerts:check", "alerts:decide", "alerts:read")
    alone = officer("liu-qiang", *scopes)
    assert (await act(register, alert, alone, "assign", officer="liu-qiang")).status_code == 200
    unseen = await act(register, alert, alone, "dismiss", reasons="名单有误")
    assert unseen.json()["type"] == "/problems/not-here"
    other = officer("sun-yu", "alerts:check", "alerts:read")
    refused = await act(register, alert, other, "check", **CHECKED)
    assert refused.json()["needs"] == ["is-assignee"]
    wrong = {**CHECKED, "found": "not-so"}
    assert (await act(register, alert, alone, "check", **wrong)).status_code == 200
    refused = await act(register, alert, alone, "dismiss", reasons="名单有误")
    assert refused.json()["needs"] == ["by-another"]
    assert (await act(register, alert, HEAD, "dismiss", reasons="名单有误")).status_code == 200


@pytest.mark.shows("S04")
@pytest.mark.breaks("Nobody decides alone")
async def test_what_one_found_another_may_look_at_again_and_a_death_found_so_is_not_dismissed(
    register: Register,
) -> None:
    alert = (await raised(register))["alert_death"]
    other = officer("sun-yu", "alerts:check", "alerts:read")
    for by, found in ((OFFICER, "not-so"), (other, "so")):
        assigned = await act(register, alert, MAKER, "assign", officer=by.person)
        assert assigned.json()["state"] == "assigned"
        done = await act(register, alert, by, "check", **{**CHECKED, "found": found})
        assert done.json()["state"] == "checked"
    refused = await act(register, alert, HEAD, "dismiss", reasons="同名")
    assert refused.json()["needs"] == ["found-not-so"]
    assert register.told("dispute-settled") == []


@pytest.mark.shows("S04")
async def test_what_another_is_to_look_at_again_waits_for_what_they_find(
    register: Register,
) -> None:
    alert = (await raised(register))["alert_death"]
    other = officer("sun-yu", "alerts:check", "alerts:read")
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    await act(register, alert, OFFICER, "ask", asked_how="上门告知")
    await act(register, alert, OFFICER, "check", **CHECKED)
    same = await refused_for(register, alert, MAKER, "assign", officer="liu-qiang")
    assert same == ["another-looks-again"]
    assert (await act(register, alert, MAKER, "assign", officer="sun-yu")).status_code == 200
    answered = await said(register, alert, "人在，名单有误")
    assert answered.json()["state"] == "assigned"
    asked = await act(register, alert, other, "ask", asked_how="上门告知")
    assert asked.json()["state"] == "asked", "what was found first does not stand in for it"
    decided = {"outcome": "clear", "reasons": "已去世"}
    early = await act(register, alert, HEAD, "act", **decided)
    assert early.json()["type"] == "/problems/not-here"
    looked = await act(register, alert, other, "check", **{**CHECKED, "found": "not-so"})
    assert looked.json()["state"] == "checked"
    assert await refused_for(register, alert, HEAD, "act", **decided) == ["found-so"]
    assert (await act(register, alert, HEAD, "dismiss", reasons="名单有误")).status_code == 200


async def refused_for(
    register: Register, alert: dict[str, Any], by: Caller, name: str, **words: Any
) -> list[str]:
    """What an act is refused for."""
    refused = await act(register, alert, by, name, **words)
    assert refused.status_code == 409, refused.text
    found: list[str] = refused.json()["needs"]
    return found


@pytest.mark.shows("S04")
async def test_an_official_writes_nobodys_answer_who_was_not_asked_and_did_not_sign(
    register: Register,
) -> None:
    alert = (await raised(register))["alert_death"]
    scopes = ("alerts:assign", "alerts:check", "alerts:decide", "alerts:read")
    alone, other = officer("liu-qiang", *scopes), officer("sun-yu", *scopes)
    said_so, decided = {"answer": "属实"}, {"outcome": "clear", "reasons": "已去世"}
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    unasked = await refused_for(register, alert, CADRE, "answer", **said_so)
    assert unasked == ["asked-first", "signed-by-them"]
    assert (await act(register, alert, alone, "ask", asked_how="上门告知")).status_code == 200
    assert await refused_for(register, alert, alone, "answer", **said_so) == ["signed-by-them"]
    assert (await said(register, alert, "属实", by=alone)).status_code == 200
    wrote = await refused_for(register, alert, alone, "check", **CHECKED)
    assert wrote == ["did-not-write-for-them"]
    await act(register, alert, MAKER, "assign", officer="sun-yu")
    assert (await act(register, alert, other, "check", **CHECKED)).status_code == 200
    path = f"/alerts/{alert['alert_id']}/papers"
    headers = register.headers(other)
    assert (await register.client.post(path, content=JPEG, headers=headers)).status_code == 201
    checked = await refused_for(register, alert, other, "answer", **said_so)
    assert checked == ["writer-did-not-check"]
    for hand in (alone, other):
        assert await refused_for(register, alert, hand, "act", **decided) == ["by-another"]
    assert (await act(register, alert, HEAD, "act", **decided)).status_code == 200


@pytest.mark.shows("S50")
async def test_of_a_near_relative_another_decides_whether_a_list_is_right(
    register: Register,
) -> None:
    alert = (await raised(register))["alert_death"]
    cousin = officer("he-jun", "alerts:decide", "alerts:check", "alerts:read", "cases:decide")
    # Whoever lives with them is as near.
    filing = {"relation": "parent", "name": "李强", "id_number": id_number(1)}
    filed = await register.client.post("/relatives", json=filing, headers=register.headers(cousin))
    assert filed.status_code == 201, filed.text
    await act(register, alert, MAKER, "assign", officer="he-jun")
    refused = await act(register, alert, cousin, "check", **CHECKED)
    assert refused.json()["needs"] == ["not-a-relative"]
    await act(register, alert, MAKER, "ask", asked_how="上门告知")
    assert (await said(register, alert, "人在", by=cousin)).json()["needs"] == ["not-a-relative"]
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    await act(register, alert, OFFICER, "check", **{**CHECKED, "found": "not-so"})
    refused = await act(register, alert, cousin, "dismiss", reasons="人在")
    assert refused.json()["needs"] == ["not-a-relative"]
