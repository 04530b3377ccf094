"""An officer's relatives are on record: their cases are flagged, visited, and decided by others."""

from typing import Any, Final

import httpx
import pytest

from services.identification.casework.paths import CasePath, all_paths
from services.identification.casework.standing import DECISION_NUMBER
from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    an_application,
    later,
    staff,
)
from tests.identification.citizens import Phone, admitted
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.reporters import lines_of, report
from tests.identification.test_changes import described

OTHER_HEAD = staff("fang-ting", {"cases:read", "cases:check", "cases:decide"})
THIRD_HEAD = staff("li-si", {"cases:read", "cases:decide"})


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def filed(walk: Walk, by: Any, number: str, relation: str = "cousin") -> str:
    """A relative of somebody's, on record."""
    answer = await walk.register.client.post(
        "/relatives",
        json={"relation": relation, "name": "李伟", "id_number": number},
        headers=walk.register.headers(by),
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["filing_id"])


@pytest.mark.shows("S50", "S56")
@pytest.mark.breaks("A relative is visited")
async def test_a_relative_an_officer_filed_is_flagged_visited_and_decided_by_another(
    walk: Walk,
) -> None:
    await filed(walk, HE_JUN, id_number(1))
    await walk.confirming()
    case = await walk.look()
    assert case["relatives"] == [
        {"officer": "staff:he-jun", "relation": "cousin", "person_key": "head"}
    ]
    words: dict[str, Any] = {"decision_number": "青民决〔2026〕801号"}
    needs = (await walk.ask(HE_JUN, "confirm", **words)).json()["needs"]
    assert {"not-a-relative", "visited-where-due"} <= set(needs)
    needs = (await walk.ask(HE_JUN, "refuse", reasons="收入超标", **words)).json()["needs"]
    assert needs == ["not-a-relative"]
    today = walk.register.app.state.clock.today().isoformat()
    visit: dict[str, Any] = {"visited_on": today, "findings": "情况属实"}
    assert (await walk.ask(HE_JUN, "home-check", as_found=True, **visit)).json()["needs"] == [
        "not-a-relative"
    ]
    answer = await walk.ask(OTHER_HEAD, "confirm", **words)
    assert answer.json()["needs"] == ["visited-where-due"], "all of them are visited"
    flagged = (await walk.register.get("/county-visits", OTHER_HEAD)).json()["items"]
    assert [(e["receipt"], e["visited"]) for e in flagged] == [(case["receipt"], False)]
    await walk.do(OTHER_HEAD, "home-check", as_found=True, **visit)
    assert (await walk.do(THIRD_HEAD, "confirm", **words))["state"] == "granted"
    (seen,) = (await walk.register.get("/county-visits", OTHER_HEAD)).json()["items"]
    assert seen["visited"]


async def _asked(walk: Walk, by: Caller, path: str, **words: Any) -> httpx.Response:
    return await walk.register.client.post(
        path, json=words or None, headers=walk.register.headers(by)
    )


@pytest.mark.shows("S50")
async def test_a_filing_flags_what_is_open_already_and_bars_every_act(walk: Walk) -> None:
    await walk.accepted()
    filing = await filed(walk, WANG_FANG, id_number(2, "20180910"), "nephew-niece")
    words: dict[str, Any] = {
        "survey_id": "01a215ab-f63e-76dd-9c2b-7df02e61bbb0",
        "visited_on": "2026-09-25",
        "family_member": "李伟",
        "findings": "无",
        "income_fen_yearly": 0,
    }
    answer = await walk.ask(WANG_FANG, "survey", **words)
    assert answer.json()["needs"] == ["not-a-relative"]
    await walk.do(LIU_QIANG, "survey", **words)
    ending = f"/relatives/{filing}/ending"
    for by, status in ((HE_JUN, 404), (WANG_FANG, 200), (WANG_FANG, 404)):
        assert (await _asked(walk, by, ending)).status_code == status, "by whose it is, once"
    mark = {"survey_id": words["survey_id"]}
    answer = await walk.ask(WANG_FANG, "sign-survey", **mark)
    assert answer.json()["needs"] == ["not-a-relative"], "it holds until another agrees"
    both = staff("wang-fang", {"cases:survey", "cases:check"})
    settlement = f"{ending}/settlement"
    assert (await _asked(walk, both, settlement, agreed=True)).status_code == 403
    assert (await walk.register.get("/relatives/endings", both)).json()["items"] == []
    (asked,) = (await walk.register.get("/relatives/endings", HE_JUN)).json()["items"]
    assert (asked["filing_id"], asked["officer"]) == (filing, "staff:wang-fang")
    assert (await _asked(walk, HE_JUN, settlement, agreed=False)).status_code == 200
    assert (await _asked(walk, HE_JUN, settlement, agreed=True)).status_code == 404
    await _asked(walk, WANG_FANG, ending)
    assert (await _asked(walk, HE_JUN, settlement, agreed=True)).status_code == 200
    await walk.do(WANG_FANG, "sign-survey", survey_id=words["survey_id"])


async def test_what_was_filed_is_read_by_whose_it_is(walk: Walk) -> None:
    await filed(walk, WANG_FANG, id_number(1), "spouse")
    mine = (await walk.register.get("/relatives", WANG_FANG)).json()
    assert [(e["name"], e["relation"]["zh"]) for e in mine["items"]] == [("李伟", "配偶")]
    assert (await walk.register.get("/relatives", ZHANG_LI)).json()["items"] == []
    (row,) = walk.register.rows("SELECT content_sealed FROM relative_filing")
    assert "李伟" not in row["content_sealed"]
    for words, problem in (
        ({"relation": "friend"}, "no-such-relation"),
        ({"id_number": "511425199001010000"}, "no-id-number"),
    ):
        said = {"relation": "child", "name": "李伟", "id_number": id_number(1), **words}
        answer = await walk.register.client.post(
            "/relatives", json=said, headers=walk.register.headers(WANG_FANG)
        )
        assert answer.json()["type"] == f"/problems/{problem}"


async def test_a_relative_who_is_named_later_is_found_too(walk: Walk) -> None:
    await filed(walk, ZHANG_LI, id_number(3))
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    assert walk.case["relatives"] == []
    supporter = {"key": "s1", "name": "李强", "relation": "兄", "id_number": id_number(3)}
    await walk.do(CHEN_HONG, "write", application=an_application(supporters=[supporter]))
    assert [each["person_key"] for each in walk.case["relatives"]] == ["s1"]


async def test_a_wrong_last_digit_hides_no_relative(walk: Walk) -> None:
    await filed(walk, WANG_FANG, number := id_number(1), "spouse")
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    head = {"key": "head", "name": "李伟", "relation": "户主", "id_number": wrong}
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application(members=[head]))
    await walk.do(CHEN_HONG, "submit")
    assert [each["person_key"] for each in walk.case["relatives"]] == ["head"]
    needs = (await walk.ask(WANG_FANG, "accept")).json()["needs"]
    assert needs == ["not-a-relative"]


@pytest.mark.shows("S50")
@pytest.mark.breaks("A relative is visited")
async def test_a_relative_the_applicant_says_is_flagged_and_visited_as_one_on_record(
    walk: Walk,
) -> None:
    phone = await Phone(walk.register, await admitted(walk.register)).begin()
    said: dict[str, Any] = {"name": "李强", "works_as": "青竹镇民政办", "relation": "申请人的堂兄"}
    assert (await phone.act("say-relative", name="李强")).status_code == 422
    answer = await phone.act("say-relative", **said)
    assert answer.json()["relatives"] == [said], "on a telephone nobody has seen, while one writes"
    await phone.written()
    officers = Walk(walk.register)
    officers.case = {"case_id": phone.case["case_id"]}
    case = await officers.look(WANG_FANG)
    assert case["relatives_said"] == [{**said, "looked_up": False}]
    (flagged,) = (await walk.register.get("/county-visits", OTHER_HEAD)).json()["items"]
    assert (flagged["receipt"], flagged["visited"]) == (case["receipt"], False)
    await phone.paper("id-card")
    await officers.do(WANG_FANG, "accept")
    await officers.authorise("me")
    await officers.visit()
    await officers.do(WANG_FANG, "finish-survey")
    await officers.compare()
    proposal = {"opinion": "grant", "reasons": "符合条件", "income_fen_monthly": 20000}
    await officers.do(ZHANG_LI, "propose", **proposal)
    await officers.put_up()
    later(walk.register, 7)
    await officers.do(ZHANG_LI, "end-posting")
    words: dict[str, Any] = {"decision_number": "青民决〔2026〕801号"}
    answer = await officers.ask(THIRD_HEAD, "confirm", **words)
    assert answer.json()["needs"] == ["visited-where-due", "relatives-looked-up"]
    today = walk.register.app.state.clock.today().isoformat()
    await officers.do(
        OTHER_HEAD, "home-check", as_found=True, visited_on=today, findings="情况属实"
    )
    answer = await officers.ask(THIRD_HEAD, "confirm", **words)
    assert answer.json()["needs"] == ["relatives-looked-up"], "named is not yet known by account"
    kin = {"officer": "zhao-min", "relation": "堂兄", "answers": "1"}
    case = await officers.do(WANG_FANG, "declare-relative", **kin)
    assert case["relatives_said"] == [{**said, "looked_up": True}]
    assert (await officers.do(THIRD_HEAD, "confirm", **words))["state"] == "granted"


@pytest.mark.shows("S50")
@pytest.mark.breaks("A relative is visited")
async def test_each_relative_the_applicant_names_is_looked_up_by_another_than_who_decides(
    walk: Walk,
) -> None:
    await walk.confirming()
    said: dict[str, Any] = {"works_as": "县民政局", "relation": "申请人的叔叔"}
    for name in ("何俊", "李强"):
        await walk.do(CHEN_HONG, "say-relative", name=name, **said)
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(OTHER_HEAD, "home-check", as_found=True, visited_on=today, findings="情况属实")
    words: dict[str, Any] = {"decision_number": "青民决〔2026〕802号"}
    assert (await walk.ask(HE_JUN, "confirm", **words)).json()["needs"] == ["relatives-looked-up"]
    why: dict[str, Any] = {"reason": "县局没有这个人"}
    assert (await walk.ask(ZHANG_LI, "no-relative", **why)).status_code == 422, "of which of them?"
    answer = await walk.ask(ZHANG_LI, "no-relative", answers="3", **why)
    assert answer.json()["type"] == "/problems/act-not-understood"
    await walk.do(HE_JUN, "no-relative", answers="2", **why)
    await walk.do(WANG_FANG, "declare-relative", officer="he-jun", relation="叔侄", answers="1")
    needs = (await walk.ask(HE_JUN, "confirm", **words)).json()["needs"]
    assert needs == ["not-a-relative", "relatives-looked-up"], "nor who found that one is nobody's"
    answer = await walk.ask(ZHANG_LI, "no-relative", **why)
    assert answer.json()["needs"] == ["relative-named"], "all of them are known"
    assert (await walk.do(THIRD_HEAD, "confirm", **words))["state"] == "granted"


@pytest.mark.shows("S50")
@pytest.mark.breaks("A relative is visited")
async def test_nobody_decides_a_change_before_each_relative_who_was_named_is_looked_up(
    walk: Walk,
) -> None:
    await described(walk, ("income", {"income_fen_monthly": 13000, "reason": "务工"}))
    said: dict[str, Any] = {"works_as": "县民政局", "relation": "户主的叔叔"}
    for name in ("何俊", "李强"):
        await walk.do(CHEN_HONG, "say-relative", name=name, **said)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(OTHER_HEAD, "home-check", as_found=True, visited_on=today, findings="情况属实")
    words: dict[str, Any] = {"decision_number": "青民决〔2026〕803号"}
    asked: dict[str, dict[str, Any]] = {
        "confirm": {"from_month": "2026-10"},
        "refuse": {"reasons": "不属实"},
    }
    for act, more in asked.items():
        answer = await walk.ask(HE_JUN, act, **words, **more)
        assert answer.json()["needs"] == ["relatives-looked-up"], act
    await walk.do(WANG_FANG, "declare-relative", officer="he-jun", relation="叔侄", answers="1")
    await walk.do(ZHANG_LI, "no-relative", reason="县局没有这个人", answers="2")
    answer = await walk.ask(HE_JUN, "confirm", **words, from_month="2026-10")
    assert answer.json()["needs"] == ["not-a-relative"]
    case = await walk.do(THIRD_HEAD, "confirm", **words, from_month="2026-10")
    assert case["state"] == "changed"


@pytest.mark.breaks("A relative is visited")
async def test_nobody_ends_a_case_undecided_before_each_relative_is_looked_up(walk: Walk) -> None:
    await walk.accepted(members=an_application()["members"][:1])
    said: dict[str, Any] = {"name": "何俊", "works_as": "县民政局", "relation": "申请人的叔叔"}
    await walk.do(CHEN_HONG, "say-relative", **said)
    today = walk.register.app.state.clock.today().isoformat()
    proof = await walk.paper(WANG_FANG, "death-proof")
    death: dict[str, Any] = {"person_key": "head", "died_on": today, "proof_id": proof}
    await walk.do(WANG_FANG, "note-death", **death)
    words: dict[str, Any] = {"decision_number": "青民终〔2026〕1号", "reasons": "去世"}
    answer = await walk.ask(HE_JUN, "end-at-death", **words)
    assert answer.json()["needs"] == ["relatives-looked-up"]
    await walk.do(WANG_FANG, "declare-relative", officer="he-jun", relation="叔侄", answers="1")
    answer = await walk.ask(HE_JUN, "end-at-death", **words)
    assert answer.json()["needs"] == ["not-a-relative"]
    assert (await walk.do(THIRD_HEAD, "end-at-death", **words))["state"] == "applicant-died"


LOOKED_UP_BY: Final = ("declare-relative", "no-relative")
NAMES_RELATIVES: Final = [each for each in all_paths().values() if "say-relative" in each.acts]
AFTER_A_DECISION: Final = {"stop-stages"}


@pytest.mark.parametrize("path", NAMES_RELATIVES, ids=lambda path: path.category)
def test_wherever_a_relative_is_named_each_is_looked_up_before_anybody_decides(
    path: CasePath,
) -> None:
    for act in path.acts.values():
        if DECISION_NUMBER not in act.fields and act.name != "approve":
            continue
        if act.name not in AFTER_A_DECISION:
            assert "relatives-looked-up" in act.needs, act.name
            for name in LOOKED_UP_BY:
                assert act.sources <= path.acts[name].sources, f"{name} before {act.name}"


async def test_a_window_says_of_a_relative_for_whoever_stands_there(walk: Walk) -> None:
    await walk.open()
    said: dict[str, Any] = {"name": "李强", "works_as": "柳溪村委会", "relation": "申请人的侄子"}
    await walk.do(CHEN_HONG, "say-relative", **said)
    (flagged,) = (await walk.register.get("/county-visits", HE_JUN)).json()["items"]
    assert flagged["receipt"] == walk.case["receipt"]
    assert (await walk.ask(HE_JUN, "say-relative", **said)).status_code == 403


CADRE = {"name": "王五", "post": "村文书", "area": VILLAGE, "id_number": id_number(8)}


@pytest.mark.shows("S50")
async def test_the_relative_of_a_cadre_without_an_account_is_flagged_and_visited(
    walk: Walk,
) -> None:
    await walk.accepted()
    for wrong in ({"id_number": "511425199001010000"}, {"area": "511425102"}):
        answer = await _asked(walk, ZHANG_LI, "/officials", **{**CADRE, **wrong})
        assert answer.json()["type"] == "/problems/not-an-official"
    recorded = await _asked(walk, ZHANG_LI, "/officials", **CADRE)
    assert recorded.status_code == 201, recorded.text
    again = await _asked(walk, ZHANG_LI, "/officials", **CADRE)
    assert again.json()["type"] == "/problems/recorded-already"
    (row,) = walk.register.rows("SELECT content_sealed FROM official")
    assert "王五" not in row["content_sealed"]
    path = f"/officials/{recorded.json()['official_id']}/relatives"
    kin = {"relation": "nephew-niece", "name": "李伟", "id_number": id_number(1)}
    assert (await _asked(walk, CHEN_HONG, path, **kin)).status_code == 403
    assert (await _asked(walk, ZHAO_MIN, path, **kin)).status_code == 404
    filed_there = (await _asked(walk, ZHANG_LI, path, **kin)).json()
    (flag,) = (await walk.look())["relatives"]
    assert (flag["officer"], flag["person_key"]) == ("王五（村文书）", "head")
    due = (await walk.register.get("/county-visits", OTHER_HEAD)).json()["items"]
    assert [each["receipt"] for each in due] == [walk.case["receipt"]]
    (cadre,) = (await walk.register.get("/officials", ZHANG_LI)).json()["items"]
    assert [each["name"] for each in cadre["relatives"]] == ["李伟"]
    assert (await walk.register.get("/officials", ZHAO_MIN)).json()["items"] == []
    ending = f"/relatives/{filed_there['filing_id']}/ending"
    assert (await _asked(walk, OTHER_HEAD, ending)).status_code == 200
    settlement = await _asked(walk, OTHER_HEAD, f"{ending}/settlement", agreed=True)
    assert settlement.status_code == 403, "another than who asked agrees"
    assert (await _asked(walk, HE_JUN, f"{ending}/settlement", agreed=True)).status_code == 200
    assert (await walk.look())["relatives"] == []


async def test_whom_an_applicant_names_and_has_no_account_is_on_record_by_name(walk: Walk) -> None:
    await walk.accepted()
    named = {"name": "王五", "works_as": "村文书", "relation": "李伟的舅舅"}
    await walk.do(CHEN_HONG, "say-relative", **named)
    said: dict[str, Any] = {"relation": "舅舅", "answers": "1"}
    both = {"officer": "he-jun", "official": "王五，村文书"}
    for words in (said, {**said, **both}):
        answer = await walk.ask(WANG_FANG, "declare-relative", **words)
        assert answer.json()["needs"] == ["officer-named"]
    case = await walk.do(WANG_FANG, "declare-relative", **said, official=both["official"])
    assert [each["looked_up"] for each in case["relatives_said"]] == [True]


@pytest.mark.breaks("A relative is visited")
async def test_an_officer_who_applies_does_nothing_in_it_and_is_visited(walk: Walk) -> None:
    await filed(walk, HE_JUN, id_number(1), "self")
    await walk.confirming()
    (flag,) = (await walk.look())["relatives"]
    assert (flag["officer"], flag["relation"]) == ("staff:he-jun", "self")
    words: dict[str, Any] = {"decision_number": "青民决〔2026〕801号"}
    needs = (await walk.ask(HE_JUN, "confirm", **words)).json()["needs"]
    assert {"not-a-relative", "visited-where-due"} <= set(needs)
    needs = (await walk.ask(OTHER_HEAD, "confirm", **words)).json()["needs"]
    assert "visited-where-due" in needs


@pytest.mark.breaks("A relative is visited")
async def test_a_cadre_without_an_account_who_applies_is_flagged_and_visited(walk: Walk) -> None:
    cadre = {**CADRE, "name": "李伟", "id_number": id_number(1)}
    assert (await _asked(walk, ZHANG_LI, "/officials", **cadre)).status_code == 201
    await walk.confirming()
    (flag,) = (await walk.look())["relatives"]
    assert (flag["officer"], flag["relation"]) == ("李伟（村文书）", "self")
    assert flag["person_key"] == "head"
    due = (await walk.register.get("/county-visits", OTHER_HEAD)).json()["items"]
    assert [each["receipt"] for each in due] == [walk.case["receipt"]]
    words: dict[str, Any] = {"decision_number": "青民决〔2026〕801号"}
    answer = await walk.ask(HE_JUN, "confirm", **words)
    assert answer.json()["needs"] == ["visited-where-due"]
    told = await report(walk.register, "/reports/quarter/2026-Q3")
    assert lines_of(told)["relatives-filed"]["number"] == 1


async def test_a_cadre_who_is_the_proxy_of_another_applies_for_nobody_near(walk: Walk) -> None:
    await _asked(walk, ZHANG_LI, "/officials", **{**CADRE, "id_number": id_number(5)})
    await filed(walk, CHEN_HONG, id_number(5), "self")
    await walk.open()
    proxy = await walk.proxy(CHEN_HONG)
    await walk.do(CHEN_HONG, "write", application=an_application(proxy=proxy))
    assert (await walk.look())["relatives"] == []
    assert (await walk.register.get("/county-visits", HE_JUN)).json()["items"] == []
