"""Help in two counties, by the list of the province: held until it is answered or decided."""

from dataclasses import replace
from datetime import datetime

import httpx

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    later,
)
from tests.identification.makers import id_number
from tests.identification.province import MA_JUN, SUN_YU, a_list, brought, post
from tests.identification.register import Register
from tests.identification.test_changes import told
from tests.identification.test_disputes import died, fading, settled, taken_out
from tests.identification.test_exchange import a_warning
from tests.identification.test_exits import RISEN
from tests.identification.test_taken_back import alive, confirmed


async def a_double(register: Register) -> tuple[str, str, str]:
    """The province says that a wife is helped in another county too: the id of the item, of the
    household and of the wife."""
    household_id = await a_known_household(register, "h-1", 11, 12, from_month="2026-09")
    walk = await Walk(register).open(category="exit", household_id=household_id)
    wife = (await walk.look())["application"]["members"][1]
    row = {
        "double_number": "D1", "name": wife["name"], "id_number": id_number(12),
        "other_county": "仁寿县", "months": "2026-08",
    }  # fmt: skip
    await brought(register, "doubles", a_list("doubles", [row]))
    await walk.do(HE_JUN, "dismiss", reasons="查无此情")
    (item,) = (await register.get("/exchange/items", SUN_YU)).json()["items"]
    return item["item_id"], household_id, wife["key"]


async def answered(
    register: Register, item_id: str, outcome: str, *, by: Caller = SUN_YU, **words: str
) -> httpx.Response:
    """An answer to the province, as it comes."""
    path = f"/exchange/items/{item_id}/answer"
    return await post(register, path, by, outcome=outcome, **words)


async def test_a_double_of_another_county_is_held_until_it_is_answered(register: Register) -> None:
    item_id, _, wife = await a_double(register)
    (event,) = register.told("person-disputed")
    said = {name: event["body"][name] for name in ("dispute_id", "person_id", "reason")}
    assert said == {"dispute_id": item_id, "person_id": wife, "reason": "double"}
    assert event["body"]["from_month"] == "2026-09"
    left = await answered(register, item_id, "left-here", remark="已退出")
    assert left.json()["type"] == "/problems/nothing-behind-it", "that leaving changed nothing"
    alone = await answered(register, item_id, "kept-here", remark="外县已停")
    assert (alone.status_code, alone.json()["answered_on"]) == (200, None)
    assert alone.json()["proposal"] == {"outcome": "kept-here", "remark": "外县已停"}
    other_account = replace(SUN_YU, subject="staff:sun-yu-2")
    for by in (SUN_YU, other_account):
        again = await answered(register, item_id, "kept-here", by=by, remark="外县已停")
        assert (again.status_code, again.json()["type"]) == (409, "/problems/another-confirms")
    unsaid = await answered(register, item_id, "kept-here", by=MA_JUN)
    assert unsaid.json()["type"] == "/problems/remark-wanted", "who confirms it has looked too"
    otherwise = await answered(register, item_id, "not-double", by=MA_JUN, remark="同名")
    assert otherwise.json()["answered_on"] is None, "two who say different things say neither"
    assert settled(register) == []
    done = await answered(register, item_id, "not-double", remark="身份证号不同")
    assert (done.status_code, done.json()["outcome"]) == (200, "not-double")
    assert settled(register) == [False]


async def test_who_is_said_to_have_left_here_is_held_until_the_leaving_is_decided(
    register: Register,
) -> None:
    item_id, household_id, wife = await a_double(register)
    for outcome in ("dismiss", "end"):
        leaving = await Walk(register).open(category="exit", household_id=household_id)
        await leaving.look()
        done = await answered(register, item_id, "left-here")
        assert done.json()["case_id"] == leaving.case["case_id"]
        assert True not in settled(register)
        if outcome == "end":
            await died(leaving, wife, "2026-10")
            break
        await leaving.do(HE_JUN, "dismiss", reasons="仍在本县居住")
        assert settled(register) == [False]
        (item,) = (await register.get("/exchange/items", SUN_YU, state="open")).json()["items"]
        assert (item["item_id"], item["outcome"], item["case_id"]) == (item_id, None, None)
    assert settled(register) == [False, True]
    ended = [each["body"]["ended_from"] for each in register.told("dispute-settled")]
    assert ended == [None, "2026-10"], "for the months before that nothing is owed either"


async def test_who_left_before_the_province_asked_is_answered_to_have_left(
    register: Register,
) -> None:
    household_id = await a_known_household(register, "h-1", 11, 12, from_month="2026-09")
    leaving = await Walk(register).open(category="exit", household_id=household_id)
    await died(leaving, (await leaving.look())["application"]["members"][1]["key"], "2026-10")
    later(register, 10)
    rows = [
        {"double_number": f"D{order}", "name": "李戊", "id_number": id_number(order),
         "other_county": "仁寿县", "months": "2026-08"}
        for order in (11, 12, 13)
    ]  # fmt: skip
    await brought(register, "doubles", a_list("doubles", rows))
    items = (await register.get("/exchange/items", SUN_YU)).json()["items"]
    stays, died_before, unknown = [each["item_id"] for each in items]
    for item_id, remark, why in (
        (stays, "已迁出", "nothing-behind-it"), (unknown, "", "remark-wanted"),
    ):  # fmt: skip
        refused = await answered(register, item_id, "left-here", remark=remark)
        assert refused.json()["type"] == f"/problems/{why}"
    done = await answered(register, died_before, "left-here")
    assert (done.status_code, done.json()["case_id"]) == (200, leaving.case["case_id"])
    done = await answered(register, unknown, "left-here", remark="2026年3月已迁出本县")
    assert (done.status_code, done.json()["case_id"]) == (200, None)
    assert settled(register) == [True]


async def test_what_fades_out_is_no_leaving_of_whoever_is_helped_twice(register: Register) -> None:
    item_id, household_id, wife = await a_double(register)
    risen = await Walk(register).open(category="exit", household_id=household_id)
    await risen.look()
    await risen.found("over-standard", **RISEN)
    await fading(risen)
    left = await answered(register, item_id, "left-here", remark="已退出")
    assert left.json()["type"] == "/problems/nothing-behind-it", "it is paid still"
    leaving = await Walk(register).open(category="exit", household_id=household_id)
    await leaving.look()
    assert (await answered(register, item_id, "left-here")).status_code == 200
    assert settled(register) == []
    await died(leaving, wife)
    assert settled(register) == [True]


async def test_nobody_is_paid_again_because_a_change_was_withdrawn(register: Register) -> None:
    item_id, household_id, wife = await a_double(register)
    change = await Walk(register, "change").open(household_id=household_id)
    await change.do(CHEN_HONG, "death", person_key=wife, died_on="2026-09-02")
    assert (await answered(register, item_id, "left-here")).status_code == 200
    letter = await change.paper(CHEN_HONG, "withdrawal")
    await change.do(WANG_FANG, "withdraw", letter_id=letter)
    assert settled(register) == []
    (item,) = (await register.get("/exchange/items", SUN_YU, state="open")).json()["items"]
    assert item["item_id"] == item_id


async def test_nothing_but_a_decision_upholds_a_warning_while_anything_is_granted(
    register: Register,
) -> None:
    household_id = await a_known_household(register, "h-1", 11, 12, from_month="2026-09")
    row = a_warning("W1", 12, kind="imprisoned", detail="在监狱服刑")
    await brought(register, "warnings", a_list("warnings", [row]))
    (item,) = (await register.get("/exchange/items", SUN_YU)).json()["items"]
    aid = await Walk(register, "temporary").open(household_id=household_id)
    for outcome in ("not-eligible", "declined", "help-opened"):
        refused = await answered(register, item["item_id"], outcome, remark="已核实")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/help-goes-on")
    change = await Walk(register, "change").open(household_id=household_id)
    wife = (await change.look())["application"]["members"][1]["key"]
    await change.paper(CHEN_HONG, "change-letter")
    await taken_out(change, wife, "2026-10")
    assert settled(register) == []
    done = await answered(register, item["item_id"], "help-opened")
    assert done.json()["case_id"] == aid.case["case_id"], "the family is helped"
    (event,) = register.told("dispute-settled")
    assert (event["body"]["upheld"], event["body"]["ended_from"]) == (True, "2026-10")


async def test_a_death_that_is_taken_back_is_answered_to_the_province_once_more(
    register: Register,
) -> None:
    household_id = await a_known_household(register, "h-1", 11, 12, from_month="2026-09")
    row = a_warning("W1", 12, kind="death", detail="疑似死亡")
    await brought(register, "warnings", a_list("warnings", [row]))
    (item,) = (await register.get("/exchange/items", SUN_YU)).json()["items"]
    leaving = await Walk(register).open(category="exit", household_id=household_id)
    await leaving.look()
    assert (await answered(register, item["item_id"], "left")).status_code == 200
    await died(leaving, leaving.case["application"]["members"][1]["key"])
    assert settled(register) == [True]
    walk = Walk(register)
    await alive(walk, 12)
    await confirmed(walk, "青民变〔2026〕9号")
    assert settled(register) == [True, False]
    (back,) = (await register.get("/exchange/items", SUN_YU, state="open")).json()["items"]
    assert (back["item_id"], back["case_id"]) == (item["item_id"], None)


async def test_a_case_that_is_over_settles_it_at_once_if_it_decided_about_them(
    register: Register,
) -> None:
    item_id, household_id, wife = await a_double(register)
    for place, decides in ((0, False), (1, True)):
        change = await Walk(register, "change").open(household_id=household_id)
        key = (await change.look())["application"]["members"][place]["key"]
        assert (key == wife) == decides
        await change.paper(CHEN_HONG, "change-letter")
        away = {"why": "prison", "away_from": "2026-09-02", "proof": "判决书"}
        await change.do(CHEN_HONG, "away", person_key=key, **away)
        await change.do(CHEN_HONG, "submit")
        await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
        number = f"青民变〔2026〕{place}号"
        await change.do(HE_JUN, "confirm", decision_number=number, from_month="2026-10")
        done = await answered(register, item_id, "left-here")
        assert (done.status_code == 200) == decides, done.text
    (event,) = register.told("dispute-settled")
    decided = await told(register)
    assert event["body"]["upheld"]
    assert datetime.fromisoformat(event["body"]["decided_at"]) == decided.recorded_at
