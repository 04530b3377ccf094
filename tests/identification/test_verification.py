"""Means verified by the province: asked only with every adult's letter, answered on the case."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
)
from tests.identification.makers import id_number
from tests.identification.province import (
    SUN_YU,
    a_list,
    bring,
    brought,
    fetched,
    post,
)
from tests.identification.register import Register

TODAY = "2026-09-25"
SETS = ("public-payroll", "farm-machinery", "fiscal-subsidies", "registered-poor-income")


def a_report(
    request: str, order: int, number: str = "省核2026-77", **hits: str
) -> list[dict[str, Any]]:
    """The rows that answer one request about one person."""
    return [
        {
            "request_number": request,
            "name": "李伟",
            "id_number": id_number(order),
            "data_set": asked,
            "result": "hit" if asked.replace("-", "_") in hits else "none",
            "detail": hits.get(asked.replace("-", "_")),
            "report_number": "省核2026-77",
            "reported_on": TODAY,
        }
        for asked in SETS
    ]


@pytest.mark.shows("S08")
async def test_nobody_is_asked_about_before_every_adult_has_signed(register: Register) -> None:
    walk = await Walk(register).accepted(
        members=[
            {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(1)},
            {"key": "wife", "name": "王芳", "relation": "配偶", "id_number": id_number(3)},
            {
                "key": "son",
                "name": "李明",
                "relation": "子女",
                "id_number": id_number(5, "20150101"),
            },
        ]
    )
    early = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert early.json()["type"] == "/problems/not-here"
    for key in ("head", "son"):
        await walk.letter(key)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    refused = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert refused.status_code == 409
    assert (refused.json()["type"], refused.json()["members"]) == (
        "/problems/authorisation-missing",
        ["wife"],
    )
    told = (await register.get(f"{walk.path}/verification", WANG_FANG)).json()
    wanted = [{"key": "wife", "name": "王芳"}]
    assert told == {"unauthorised": wanted, "excused": [], "requests": []}
    nothing = await post(register, "/exchange/outgoing", SUN_YU, template="verification-request")
    assert nothing.json()["type"] == "/problems/nothing-to-send"
    await walk.look()
    await walk.letter("wife")
    asked = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert asked.status_code == 201, asked.text
    _, rows = await fetched(register, "verification-request")
    assert [each["name"] for each in rows] == ["李伟", "王芳"], "a child is not asked about"
    assert rows[0]["data_sets"] == "01、02、03、04"
    twice = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert twice.json()["type"] == "/problems/asked-already"


@pytest.mark.shows("S08", "S09")
async def test_a_report_is_on_its_case_with_its_day_and_hits_and_requests_are_counted(
    register: Register,
) -> None:
    walk = await Walk(register).surveyed()
    request = (await post(register, f"{walk.path}/verification", WANG_FANG)).json()
    assert (request["owner"], request["sent"]) == ("staff:wang-fang", False)
    unsent = a_list("verification-report", a_report(request["key"], 1))
    early = (await bring(register, "verification-report", unsent)).json()
    assert {each["code"] for each in early["faults"]} == {"nobody-asked"}
    file, rows = await fetched(register, "verification-request")
    assert file["form"] == "csv-gb18030"
    assert [each["request_number"] for each in rows] == [request["key"]]
    whole = a_report(request["key"], 1)
    wrong: list[tuple[list[dict[str, Any]], str]] = [
        (whole[:3], "answer-missing"),
        (a_report(request["key"], 2), "not-the-person"),
        ([*whole, {**whole[0], "data_set": "deposits"}], "not-asked"),
        ([*whole[:3], {**whole[3], "report_number": "省核2026-78"}], "report-differs"),
        ([{**each, "reported_on": "2026-12-01"} for each in whole], "date-future"),
    ]
    for rows_, code in wrong:
        refused = (
            await bring(register, "verification-report", a_list("verification-report", rows_))
        ).json()
        assert refused["state"] == "refused"
        assert code in {each["code"] for each in refused["faults"]}, refused["faults"]
    later(register, 30)
    counts = (await register.get("/exchange/counts", SUN_YU)).json()["templates"]
    assert counts["verification-request"]["overdue"] == 1
    report = a_report(request["key"], 1, farm_machinery="拖拉机一台")
    report[0]["provincial_number"] = "C-9"
    content = a_list("verification-report", report, "csv-gb18030")
    came = await brought(register, "verification-report", content)
    assert came["counts"] == {"reports": 1, "with_hits": 1, "not_needed": 0}
    case = await walk.look(WANG_FANG)
    (compared,) = [each for each in case["history"] if each["act"] == "compare"]
    assert compared["words"] == {
        "report_number": "省核2026-77",
        "reported_on": TODAY,
        "hits": ["李伟：大型农机具（02）拖拉机一台"],
    }
    assert compared["by"] == "staff:sun-yu"
    told = (await register.get(f"{walk.path}/verification", WANG_FANG)).json()["requests"]
    assert (told[0]["outcome"], len(told[0]["answer"])) == ("hit", 4)
    same = await brought(register, "verification-report", content)
    assert same["file_id"] == came["file_id"]
    assert len((await walk.look(WANG_FANG))["history"]) == len(case["history"])
    (number,) = register.rows("SELECT kind, subject_id, number FROM provincial_number")
    assert (number["kind"], number["number"]) == ("case", "C-9")
    assert str(number["subject_id"]) == walk.case["case_id"]
    counts = (await register.get("/exchange/counts", SUN_YU)).json()["templates"]
    own = counts["verification-request"]["owners"]["staff:wang-fang"]
    assert own == {"asked": 1, "answered": 1, "open": 0, "overdue": 0}
    held = await walk.ask(WANG_FANG, "finish-comparison")
    assert held.json()["needs"] == ["hits-settled"]
    await walk.do(WANG_FANG, "explain-hits", explanation="拖拉机已于2024年转让")
    await walk.do(ZHANG_LI, "accept-answer", reason="转让合同属实")
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "reviewing"


async def test_a_report_for_a_case_that_went_on_is_returned(register: Register) -> None:
    walk = await Walk(register).surveyed()
    request = (await post(register, f"{walk.path}/verification", WANG_FANG)).json()
    await fetched(register, "verification-request")
    await walk.look()
    await walk.do(WANG_FANG, "compare", report_number="县核-1", reported_on=TODAY)
    await walk.do(WANG_FANG, "finish-comparison")
    content = a_list("verification-report", a_report(request["key"], 1))
    refused = (await bring(register, "verification-report", content)).json()
    assert [each["code"] for each in refused["faults"]] == ["case-moved-on"]


async def test_a_case_withdrawn_meanwhile_holds_up_nobody_elses_report(register: Register) -> None:
    first = await Walk(register).surveyed()
    member = {"key": "head", "name": "王五", "relation": "户主", "id_number": id_number(31)}
    second = await Walk(register).surveyed(members=[member])
    asked = [
        (await post(register, f"{walk.path}/verification", WANG_FANG)).json()["key"]
        for walk in (first, second)
    ]
    await fetched(register, "verification-request")
    letter = await first.paper(CHEN_HONG, "withdrawal")
    await first.do(WANG_FANG, "withdraw", letter_id=letter)
    rows = a_report(asked[0], 1) + a_report(asked[1], 31)
    came = await brought(register, "verification-report", a_list("verification-report", rows))
    assert came["counts"] == {"reports": 2, "with_hits": 0, "not_needed": 1}
    known = (await register.get(f"{first.path}/verification", WANG_FANG)).json()
    assert [each["outcome"] for each in known["requests"]] == ["not-needed"]


async def test_what_was_asked_before_a_correction_is_asked_again_and_its_report_not_needed(
    register: Register,
) -> None:
    walk = await Walk(register).surveyed()
    first = (await post(register, f"{walk.path}/verification", WANG_FANG)).json()["key"]
    await fetched(register, "verification-request")
    people = an_application()["members"]
    people[0] |= {"id_number": id_number(7)}
    said = {"application": an_application(members=people), "reason": "身份证号抄错了"}
    await walk.look()
    await walk.do(WANG_FANG, "correct", **said)
    letter = await walk.paper(WANG_FANG, "authorisation", JPEG + b"anew", of_person="head")
    await walk.letter("head", document_id=letter)
    await walk.do(WANG_FANG, "finish-survey")
    again = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert again.status_code == 201, again.text
    await fetched(register, "verification-request")
    rows = a_report(first, 1) + a_report(again.json()["key"], 7)
    came = await brought(register, "verification-report", a_list("verification-report", rows))
    assert came["counts"] == {"reports": 2, "with_hits": 0, "not_needed": 1}
    history = (await walk.look(WANG_FANG))["history"]
    assert [each["act"] for each in history].count("compare") == 1


async def test_a_report_counts_for_nobody_who_moved_in_since_it_was_asked_for(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="change", household_id=household_id)
    await walk.do(CHEN_HONG, "income", income_fen_monthly=5000, reason="失业")
    newcomer = {"name": "赵新", "relation": "配偶", "id_number": id_number(50), "since": "2026-10"}
    asked, people = [], []
    for moves_in in (False, True):
        if moves_in:
            await walk.do(WANG_FANG, "describe-again", reason="还有人迁入")
            await walk.do(CHEN_HONG, "move-in", **newcomer)
        await walk.do(CHEN_HONG, "submit")
        await walk.authorise()
        await walk.visit(60000)
        await walk.do(WANG_FANG, "finish-survey")
        request = await post(register, f"{walk.path}/verification", WANG_FANG)
        assert request.status_code == 201, request.text
        again = await post(register, f"{walk.path}/verification", WANG_FANG)
        assert again.json()["type"] == "/problems/asked-already"
        _, rows = await fetched(register, "verification-request")
        asked.append(request.json()["key"])
        people.append({each["id_number"] for each in rows})
        await walk.look()
    assert people[1] - people[0] == {id_number(50)}
    counted = []
    for place in (0, 1):
        report = [
            {**each, "id_number": number}
            for number in people[place]
            for each in a_report(asked[place], 1)
        ]
        came = await brought(register, "verification-report", a_list("verification-report", report))
        history = (await walk.look(WANG_FANG))["history"]
        compared = [each["act"] for each in history].count("compare")
        counted.append((came["counts"]["not_needed"], compared))
    assert counted == [(1, 0), (0, 1)]


async def test_nobody_is_asked_about_for_a_case_that_was_withdrawn_before_the_file_went(
    register: Register,
) -> None:
    walk = await Walk(register).surveyed()
    assert (await post(register, f"{walk.path}/verification", WANG_FANG)).status_code == 201
    letter = await walk.paper(CHEN_HONG, "withdrawal")
    await walk.do(WANG_FANG, "withdraw", letter_id=letter)
    words = {"template": "verification-request"}
    none = await post(register, "/exchange/outgoing", SUN_YU, **words)
    assert none.json()["type"] == "/problems/nothing-to-send"
