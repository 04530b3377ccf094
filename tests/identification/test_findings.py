"""Nobody loses assistance by one official's word: it was seen or shown, and they were heard."""

import json
from typing import Any
from uuid import uuid4

import pytest

from services.identification.casework.paths import all_paths, endable
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    later,
    staff,
)
from tests.identification.citizens import Phone
from tests.identification.citizens import told as messages
from tests.identification.register import Register
from tests.identification.test_changes import described, told, written
from tests.identification.test_exits import RISEN
from tests.identification.test_own_changes import on_record

FADE: dict[str, Any] = {"decision_number": "青民退〔2026〕1号"}
REMOVE: dict[str, Any] = {
    "decision_number": "青民退〔2026〕2号", "from_month": "2026-10", "reasons": "不符合条件",
}  # fmt: skip
WRONG: dict[str, Any] = {"ends": "dibao", "found_on": "2026-09-20", "findings": "村民反映"}
UNSIGNED: dict[str, Any] = {
    "told_on": "2026-09-25", "finding": "查到您家月收入 2600 元",
    "unsigned_because": "本人外出，电话告知",
}  # fmt: skip


@pytest.fixture
async def walk(register: Register) -> Walk:
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.look()
    return walk


async def needs(walk: Walk, act: str, **words: Any) -> list[str]:
    """What is still missing before the county decides."""
    found: list[str] = (await walk.ask(HE_JUN, act, **words)).json()["needs"]
    return found


@pytest.mark.breaks("Nothing ends on one word")
async def test_what_was_found_of_their_means_is_seen_compared_and_heard_before_it_fades(
    walk: Walk,
) -> None:
    await walk.do(WANG_FANG, "over-standard", **RISEN)
    assert await needs(walk, "fade", **FADE) == [
        "finding-visited", "finding-compared", "finding-heard",
    ]  # fmt: skip
    survey = {
        "survey_id": str(uuid4()), "visited_on": "2026-09-22", "family_member": "李乙",
        "findings": "户主在县城务工", "income_fen_yearly": 260000 * 12,
    }  # fmt: skip
    await walk.do(WANG_FANG, "survey", **survey)
    assert "finding-visited" in await needs(walk, "fade", **FADE), "one signature is no visit"
    await walk.do(LIU_QIANG, "sign-survey", survey_id=survey["survey_id"])
    report: dict[str, Any] = {"report_number": "核〔2026〕9号", "reported_on": "2026-09-23"}
    answer = await walk.ask(WANG_FANG, "compare", **report)
    assert answer.json()["needs"] == ["letters-here-or-on-file"]
    answer = await walk.ask(WANG_FANG, "compare", **report, authorised_on="2026-09-24")
    assert answer.json()["needs"] == ["letters-here-or-on-file"], "not signed before the report"
    await walk.do(WANG_FANG, "compare", **report, authorised_on="2024-03-01")
    assert await needs(walk, "fade", **FADE) == ["finding-heard"]
    await walk.tell()
    signed = staff("liu-qiang", {"cases:decide"})
    answer = await walk.ask(signed, "fade", **FADE)
    assert answer.json()["needs"] == ["not-the-surveyor"]
    assert (await walk.do(HE_JUN, "fade", **FADE))["state"] == "fading"


@pytest.mark.breaks("Nothing ends on one word")
async def test_what_the_visit_found_is_what_is_decided_and_no_less_than_the_standard(
    walk: Walk,
) -> None:
    await walk.do(WANG_FANG, "over-standard", **RISEN)
    await walk.visit(12 * 15000)
    report = {"report_number": "核〔2026〕9号", "reported_on": "2026-09-23"}
    await walk.do(WANG_FANG, "compare", **report, authorised_on="2024-03-01")
    await walk.tell()
    answer = await walk.ask(HE_JUN, "fade", **FADE)
    assert answer.json()["type"] == "/problems/not-above"
    chosen = await walk.visit(12 * 250000)
    await walk.do(ZHANG_LI, "choose-survey", survey_id=chosen, reason="务工流水")
    await walk.do(HE_JUN, "fade", **FADE)
    facts = (await told(walk.register)).facts
    assert facts["income_fen_monthly"] == 250000, "as the visit found it, not as it was said"


@pytest.mark.breaks("Nothing ends on one word")
async def test_who_was_told_has_their_days_and_is_judged_by_another(walk: Walk) -> None:
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="living")
    await walk.visit()
    unsaid = {name: said for name, said in UNSIGNED.items() if name != "unsigned_because"}
    answer = await walk.ask(WANG_FANG, "tell-finding", **unsaid)
    assert answer.json()["needs"] == ["signed-for-or-why-not"]
    await walk.do(WANG_FANG, "tell-finding", **UNSIGNED)
    assert await needs(walk, "remove", **REMOVE) == ["finding-heard"], "the days begin"
    await walk.do(CHEN_HONG, "explain-hits", explanation="住在儿子家只是养病")
    later(walk.register, 20)
    assert await needs(walk, "remove", **REMOVE) == ["finding-heard"], "an answer is judged"
    finder = staff("wang-fang", {"cases:read", "cases:review"})
    answer = await walk.ask(finder, "reject-answer", reason="不实")
    assert answer.json()["needs"] == ["not-the-requester"]
    await walk.do(ZHANG_LI, "accept-answer", reason="属实")
    assert await needs(walk, "remove", **REMOVE) == ["finding-heard"], "it is explained away"
    assert (await walk.do(HE_JUN, "dismiss", reasons="说明属实"))["state"] == "kept"
    assert [each["happened"] for each in messages(walk.register)] == ["answer-wanted", "kept"]
    assert len(walk.register.rows("SELECT 1 FROM determination")) == 1


@pytest.mark.breaks("Nothing ends on one word")
async def test_that_they_agree_is_no_officials_word_alone_and_they_are_told_and_say_no(
    walk: Walk,
) -> None:
    phone = Phone(walk.register, await on_record(walk.register, "李乙"))
    phone.case = {"case_id": walk.case["case_id"]}
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="living")
    await walk.visit()
    answer = await walk.ask(LIU_QIANG, "agree")
    assert answer.json()["needs"] == ["not-agreed", "agreed-by-themselves-or-signed"]
    notice = await walk.tell_alone()
    head = staff("zhang-li", {"cases:read", "cases:review"})
    await walk.do(head, "agree", notice_id=notice)
    assert await needs(walk, "remove", **REMOVE) == ["finding-heard"], "one official filed it"
    seen = await phone.look()
    assert seen["told"][-1]["en"] == "it was recorded that you agree to what was found"
    answer = await walk.ask(head, "accept-agreement", reason="属实")
    assert answer.json()["needs"] == ["not-the-agreements-filer"]
    finder = staff("wang-fang", {"cases:read", "cases:review"})
    answer = await walk.ask(finder, "accept-agreement", reason="属实")
    assert answer.json()["needs"] == ["not-the-requester"]
    other = staff("tan-yan", {"cases:read", "cases:review"})
    await walk.do(other, "accept-agreement", reason="已电话核实")
    answer = await walk.ask(staff("liu-qiang", {"cases:decide"}), "remove", **REMOVE)
    assert answer.json()["needs"] == ["not-the-surveyor"], "they were heard"
    assert (await phone.look())["hits"] == ["查到您家情况有变化"], (
        "they can say no until it is decided"
    )
    assert (await phone.act("explain-hits", explanation="不是我签的")).status_code == 200
    await walk.look()
    assert await needs(walk, "remove", **REMOVE) == ["finding-heard"]


@pytest.mark.breaks("Nothing ends on one word")
async def test_a_signature_that_is_not_theirs_gives_them_their_days_again(walk: Walk) -> None:
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="living")
    await walk.visit()
    notice = await walk.tell_alone()
    later(walk.register, 5)
    await walk.do(LIU_QIANG, "agree", notice_id=notice)
    rejected = await walk.do(ZHANG_LI, "reject-agreement", reason="本人说没有签过")
    due = walk.register.app.state.casework.add_workdays(walk.register.app.state.clock.today(), 5)
    assert rejected["state_due_on"] == due.isoformat()
    assert await needs(walk, "remove", **REMOVE) == ["finding-heard"]
    asked = [each["happened"] for each in messages(walk.register)]
    assert asked == ["answer-wanted", "agreement-recorded", "answer-wanted"]
    later(walk.register, 20)
    assert (await walk.do(HE_JUN, "remove", **REMOVE))["state"] == "exited"


async def test_who_agrees_by_their_own_telephone_is_decided_on_at_once(walk: Walk) -> None:
    phone = Phone(walk.register, await on_record(walk.register, "李乙"))
    phone.case = {"case_id": walk.case["case_id"]}
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="living")
    await walk.visit()
    await walk.do(WANG_FANG, "tell-finding", **UNSIGNED)
    once = {"Idempotency-Key": "pressed-on-a-page-1"}
    pressed = [await phone.post(f"{phone.path}/acts/agree", {"words": {}}, **once) for _ in "12"]
    assert [each.status_code for each in pressed] == [200, 200]
    again = await phone.act("agree")
    assert again.json()["needs"] == ["not-agreed"]
    history = (await walk.look())["history"]
    assert [each["act"] for each in history].count("agree") == 1
    assert (await walk.do(HE_JUN, "remove", **REMOVE))["state"] == "exited"


@pytest.mark.breaks("Nothing ends on one word")
async def test_who_says_nothing_in_their_days_is_decided_on(walk: Walk) -> None:
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="identity")
    assert "finding-shown" in await needs(walk, "remove", **REMOVE)
    await walk.paper(WANG_FANG, "finding-proof")
    await walk.do(WANG_FANG, "tell-finding", **UNSIGNED)
    later(walk.register, 20)
    assert (await walk.do(HE_JUN, "remove", **REMOVE))["state"] == "exited"


async def test_what_a_paper_speaks_for_is_visited_by_nobody(register: Register) -> None:
    household_id = await a_known_household(register, old_age="是")
    walk = await Walk(register).open(category="exit", household_id=household_id)
    (key, _) = [each["key"] for each in (await walk.look())["application"]["members"]]
    found = {"ends": "old-age", "person_key": key, "found_on": "2026-09-20", "findings": "年龄有误"}
    answer = await walk.ask(WANG_FANG, "ground-gone", **found, rests_on="means")
    assert answer.json()["needs"] == ["rests-on-what-ends-it"], "it is not granted by means"
    await walk.do(WANG_FANG, "ground-gone", **found, rests_on="age")
    words = {**REMOVE, "unsigned_because": "拒签", "shown_on": "2026-09-25"}
    assert await needs(walk, "leave", **words) == ["finding-shown", "finding-heard"]
    await walk.paper(WANG_FANG, "finding-proof")
    await walk.tell()
    assert (await walk.do(HE_JUN, "leave", **words))["state"] == "exited"


async def test_what_a_visit_saw_moves_no_other_sum_than_what_ends(register: Register) -> None:
    household_id = await a_known_household(register, old_age="是")
    walk = await Walk(register).open(category="exit", household_id=household_id)
    (key, _) = [each["key"] for each in (await walk.look())["application"]["members"]]
    found = {"ends": "old-age", "person_key": key, "found_on": "2026-09-20", "findings": "冒名"}
    before = (await told(register)).facts["income_fen_monthly"]
    await walk.found("wrongly-in", **found, rests_on="living")
    await walk.do(HE_JUN, "remove", **REMOVE)
    assert (await told(register)).facts["income_fen_monthly"] == before


@pytest.mark.shows("S11")
async def test_who_loses_it_reads_on_the_phone_what_was_found_and_answers(walk: Walk) -> None:
    phone = Phone(walk.register, await on_record(walk.register, "李乙"))
    nothing = await walk.register.get("/my/cases", phone.caller)
    assert nothing.json()["items"] == [], "nothing was found yet"
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="living")
    await walk.do(WANG_FANG, "tell-finding", **UNSIGNED)
    phone.case = {"case_id": walk.case["case_id"]}
    seen = await phone.look()
    assert (seen["hits"], seen["by_day"]) == ([UNSIGNED["finding"]], "2026-10-09")
    assert "村民反映" not in str(seen), "what an officer noted is not theirs to read"
    assert seen["state_words"]["zh"] == "查到一项情况，还没有定"
    assert (await phone.act("explain-hits", explanation="一直住在村里")).status_code == 200
    await walk.look()
    await walk.do(ZHANG_LI, "reject-answer", reason="邻居证言一致")
    assert (await phone.look())["answer"]["reason"] == "邻居证言一致"
    await walk.visit()
    later(walk.register, 20)
    await walk.do(HE_JUN, "remove", **REMOVE)
    seen = await phone.look()
    assert (seen["decision"]["reasons"], seen["letters"][0]["letter"]) == ("不符合条件", "removal")
    assert seen["may_appeal"]


@pytest.mark.breaks("Nothing ends on one word")
async def test_no_income_rises_on_an_officials_word_but_as_two_saw_it_and_they_were_heard(
    register: Register,
) -> None:
    walk = Walk(register)
    await written(walk, ("income", {"income_fen_monthly": 30000, "reason": "村民反映"}))
    assert (await walk.look())["effect"]["rests_on"] == ["report", "visit"]
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "surveying"
    await walk.visit(12 * 14000)
    await walk.do(WANG_FANG, "finish-survey")
    report: dict[str, Any] = {"report_number": "核〔2026〕9号", "reported_on": "2026-09-25"}
    answer = await walk.ask(WANG_FANG, "compare", **report)
    assert answer.json()["needs"] == ["letters-here-or-on-file"]
    await walk.do(WANG_FANG, "compare", **report, authorised_on="2024-03-01")
    await walk.do(WANG_FANG, "finish-comparison")
    proposal: dict[str, Any] = {"opinion": "grant", "reasons": "属实"}
    answer = await walk.ask(ZHANG_LI, "propose", **proposal)
    assert answer.json()["needs"] == ["finding-heard"], "an answer is judged where it waits"
    await walk.tell()
    await walk.do(ZHANG_LI, "propose", **proposal)
    decision: dict[str, Any] = {"decision_number": "青民变〔2026〕1号"}
    assert await needs(walk, "confirm", **decision, from_month="2026-08") == ["from-the-visit-on"]
    await walk.do(HE_JUN, "confirm", **decision, from_month="2026-10")
    facts = (await told(register)).facts
    assert facts["income_fen_monthly"] == 14000, "what the visit found, and not what was said"


@pytest.mark.breaks("Nothing ends on one word")
async def test_who_is_away_by_an_officials_word_is_so_by_a_paper_and_heard(
    register: Register,
) -> None:
    walk = Walk(register)
    away: dict[str, Any] = {"person_key": (1,), "why": "prison", "away_from": "2026-08-02"}
    await written(walk, ("away", {**away, "proof": "听说"}))
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "requested", "nobody visits a prison"
    await walk.tell()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    decision = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    assert await needs(walk, "confirm", **decision) == ["finding-shown"]
    await walk.paper(WANG_FANG, "finding-proof")
    assert (await walk.do(HE_JUN, "confirm", **decision))["state"] == "changed"


@pytest.mark.breaks("Nothing ends on one word")
async def test_nobody_is_dead_by_an_officials_word_without_a_paper(register: Register) -> None:
    household_id = await a_known_household(register)
    decision = {"decision_number": "青民退〔2026〕1号", "from_month": "2026-10"}
    for category, act in (("change", "confirm"), ("exit", "end")):
        walk = await Walk(register).open(category=category, household_id=household_id)
        key = (await walk.look())["application"]["members"][1]["key"]
        await walk.do(CHEN_HONG, "death", person_key=key, died_on="2026-09-02")
        assert (await walk.look())["effect"]["rests_on"] == ["record"]
        if category == "change":
            await walk.do(CHEN_HONG, "submit")
            await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
        assert await needs(walk, act, **decision) == ["finding-shown"], "and nobody is asked"
    await walk.paper(WANG_FANG, "finding-proof")
    assert (await walk.do(HE_JUN, "end", **decision))["state"] == "ended"


async def test_what_a_household_signs_itself_waits_for_no_visit_while_the_letter_is_of_it(
    register: Register,
) -> None:
    walk = Walk(register)
    risen = {"income_fen_monthly": 13000, "reason": "务工"}
    assert (await described(walk, ("income", risen)))["state"] == "requested"
    answer = await walk.ask(WANG_FANG, "tell-finding", **UNSIGNED)
    assert answer.json()["needs"] == ["officials-found"], "they said it themselves"
    later(register, 1)
    await walk.do(ZHANG_LI, "reopen", reason="漏了补贴")
    await walk.do(CHEN_HONG, "income", income_fen_monthly=20000, reason="务工")
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "surveying", "another sum, no letter"


def test_every_ground_is_one_an_officer_can_name_and_ends_something() -> None:
    named = {
        ground
        for act in ("ground-gone", "wrongly-in")
        for ground in all_paths()["exit"].acts[act].fields["rests_on"].choices
    }
    assert named == {ground for grant in endable().values() for ground in grant.ends_on}


@pytest.mark.parametrize("ends", ["old-age", "disability", "children"])
async def test_what_was_found_before_a_ground_was_asked_for_is_read_and_rests_on_all_of_them(
    register: Register, ends: str
) -> None:
    walk = Walk(register)
    household_id = await a_known_household(register, old_age="是")
    await walk.open(category="exit", household_id=household_id)
    (key, _) = [each["key"] for each in (await walk.look())["application"]["members"]]
    found = {"ends": "old-age", "person_key": key, "found_on": "2026-09-20", "findings": "年龄有误"}
    await walk.do(WANG_FANG, "ground-gone", **found, rests_on="age")
    (act,) = register.rows("SELECT id, words_sealed FROM case_act WHERE act = 'ground-gone'")
    keys, place = register.app.state.keys, {"table": "case_act", "column": "words_sealed"}
    words = json.loads(keys.decrypt(act["words_sealed"], **place, row=act["id"]))
    words = {**words, "ends": ends}
    del words["rests_on"]
    sealed = keys.encrypt(json.dumps(words), **place, row=act["id"])
    await register.change(f"UPDATE case_act SET words_sealed = '{sealed}' WHERE id = '{act['id']}'")  # noqa: S608  # Words of this test.
    wanted = {want for each in endable()[ends].ends_on.values() for want in each}
    assert set((await walk.look())["effect"]["rests_on"]) == wanted


async def test_who_moves_away_is_seen_gone_and_no_sum_moves_by_what_the_visit_saw(
    walk: Walk,
) -> None:
    key = walk.case["application"]["members"][1]["key"]
    before = (await told(walk.register)).facts["income_fen_monthly"]
    moved = {"person_key": key, "moved_on": "2026-09-02", "moved_to": "成都市武侯区"}
    await walk.do(WANG_FANG, "moved-away", **moved)
    await walk.visit(12 * 100)
    await walk.tell()
    left = await walk.do(
        HE_JUN, "leave", **REMOVE, unsigned_because="已迁出", shown_on="2026-09-25"
    )
    assert left["state"] == "exited"
    facts = (await told(walk.register)).facts
    assert (facts["on_dibao"], facts["income_fen_monthly"]) == (1, before)


@pytest.mark.breaks("Nothing ends on one word")
async def test_nobody_puts_off_what_ends_by_answering_again_and_again(walk: Walk) -> None:
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="living")
    await walk.visit()
    await walk.do(WANG_FANG, "tell-finding", **UNSIGNED)
    phone = Phone(walk.register, await on_record(walk.register, "李乙"))
    phone.case = {"case_id": walk.case["case_id"]}
    for time in (1, 2):
        assert (await phone.look())["hits"] == [UNSIGNED["finding"]]
        assert (await phone.act("explain-hits", explanation="不是这样")).status_code == 200
        await walk.look()
        assert await needs(walk, "remove", **REMOVE) == ["finding-heard"], "an answer is judged"
        await walk.do(ZHANG_LI, "reject-answer", reason=f"第{time}次：邻居证言一致")
    seen = await phone.look()
    assert (seen["hits"], seen["answer"]["reason"]) == ([], "第2次：邻居证言一致")
    asked = "请您说明查到的情况"
    assert [each["zh"] for each in seen["told"]].count(asked) == 2, "told, and not believed once"
    assert (await phone.act("explain-hits", explanation="再说")).json()["needs"] == ["hits-open"]
    await walk.look()
    assert (await walk.do(HE_JUN, "remove", **REMOVE))["state"] == "exited"


@pytest.mark.breaks("Nothing ends on one word")
async def test_an_answer_to_something_else_explains_nothing_away(walk: Walk) -> None:
    await walk.do(WANG_FANG, "wrongly-in", **WRONG, rests_on="living")
    await walk.visit()
    report: dict[str, Any] = {"report_number": "核〔2026〕9号", "reported_on": "2026-09-23"}
    hit = {"hits": "名下有摩托车一辆", "authorised_on": "2024-03-01"}
    await walk.do(WANG_FANG, "compare", **report, **hit)
    await walk.do(CHEN_HONG, "explain-hits", explanation="已报废")
    await walk.do(ZHANG_LI, "accept-answer", reason="属实")
    assert await needs(walk, "remove", **REMOVE) == ["finding-heard"], "not told yet"
    await walk.tell()
    assert (await walk.do(HE_JUN, "remove", **REMOVE))["state"] == "exited"


@pytest.mark.breaks("Nothing ends on one word")
async def test_what_is_written_anew_is_shown_told_and_judged_anew_by_another(
    register: Register,
) -> None:
    walk = Walk(register)
    away: dict[str, Any] = {"person_key": (1,), "why": "prison", "away_from": "2026-08-02"}
    await written(walk, ("away", {**away, "proof": "判决书"}))
    await walk.do(CHEN_HONG, "submit")
    await walk.paper(WANG_FANG, "finding-proof")
    await walk.tell()
    later(register, 1)
    await walk.do(ZHANG_LI, "reopen", reason="人写错了")
    await walk.do(CHEN_HONG, "start-over")
    key = walk.case["application"]["members"][0]["key"]
    await walk.do(CHEN_HONG, "away", **{**away, "person_key": key, "proof": "判决书"})
    await walk.do(CHEN_HONG, "submit")
    proposal: dict[str, Any] = {"opinion": "grant", "reasons": "属实"}
    answer = await walk.ask(ZHANG_LI, "propose", **proposal)
    assert answer.json()["needs"] == ["finding-heard"], "they were told of another"
    await walk.do(WANG_FANG, "tell-finding", **{**UNSIGNED, "told_on": "2026-09-26"})
    await walk.do(WANG_FANG, "explain-hits", explanation="早已释放")
    finder = staff("chen-hong", {"cases:read", "cases:review"})
    for act in ("accept-answer", "reject-answer"):
        answer = await walk.ask(finder, act, reason="不实")
        assert "not-the-requester" in answer.json()["needs"]
    waiting = await register.get("/cases", ZHANG_LI)
    assert walk.case["case_id"] in {each["case_id"] for each in waiting.json()["items"]}
    await walk.do(ZHANG_LI, "reject-answer", reason="仍在服刑")
    later(register, 20)
    await walk.do(ZHANG_LI, "propose", **proposal)
    decision = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-11"}
    assert await needs(walk, "confirm", **decision) == ["finding-shown"], "of another, too"
