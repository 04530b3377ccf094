"""Reports: every number opens the records behind it, and what is told by parts adds up."""

import asyncio
import io

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from services.identification.reports import freezing
from services.identification.reports.books import Book
from shared.audit_check import Broken, check
from tests.identification.caseworkers import (
    a_known_household,
    in_month,
    later,
    staff,
)
from tests.identification.ledgers import GAO_FEI, SUN_YU, ZHOU_JIE, Ledger
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import SUN_YU as EXCHANGER
from tests.identification.province import a_list, brought
from tests.identification.register import Register
from tests.identification.reporters import (
    HEAD,
    MONTH,
    NAMELESS,
    STATISTICIAN,
    TOWN,
    a_county,
    by_of,
    closed,
    freeze,
    lines_of,
    numbers_of,
    records,
    report,
)


async def test_who_does_not_count_for_the_dibao_of_their_household_is_not_on_it(
    register: Register,
) -> None:
    cared = {"tekun": "是", "care_mode": "分散", "self_care": "全自理"}
    people = a_person(1, name="李伟"), a_person(2, name="李老", **cared)
    await register.imported(a_csv(rows_of(a_household("h-1", *people, **on_dibao()))))
    numbers = numbers_of(await report(register))
    assert (numbers["dibao-households"], numbers["dibao-people"]) == (1, 1)
    assert (numbers["dibao-paid-people"], numbers["dibao-elderly"]) == (1, 1)
    assert (numbers["tekun-people"], numbers["aided-people"]) == (1, 2)


@pytest.mark.shows("S07")
async def test_counts_by_group_area_and_structure_add_up_to_the_records(
    register: Register,
) -> None:
    await a_county(register)
    told = await report(register)
    numbers = numbers_of(told)
    assert (numbers["dibao-households"], numbers["dibao-people"]) == (3, 5)
    assert (numbers["dibao-minors"], numbers["dibao-elderly"]) == (1, 4)
    assert (numbers["tekun-people"], numbers["tekun-centralised"]) == (1, 1)
    assert by_of(lines_of(told)["dibao-people"], "town") == {VILLAGE[:9]: 2, OTHER_VILLAGE[:9]: 3}
    assert lines_of(told)["tekun-centralised-rate"]["basis_points"] == 10_000
    for name, line in lines_of(told).items():
        if "number" not in line:
            continue
        behind = await records(register, name)
        assert len(behind) == line["number"]
        for each in line["by"]:
            column = each["column"]
            assert sum(value["number"] for value in each["values"]) == line["number"]
            if column != "town":
                continue
            for value in each["values"]:
                part = await records(register, name, column=column, value=value["value"])
                assert len(part) == value["number"]
                assert part == [row for row in behind if row[column] == value["value"]]


async def test_a_list_shows_names_to_whoever_may_see_them_and_is_written_down(
    register: Register,
) -> None:
    await a_county(register)
    known = await records(register, "dibao-minors")
    assert [(each["name"], each["id_number_masked"]) for each in known] == [
        ("李娜", f"511425{'*' * 11}{known[0]['id_number_masked'][-1]}")
    ]
    assert known[0]["household_number"] == "h-1"
    (hidden,) = await records(register, "dibao-minors", NAMELESS)
    assert (hidden["name"], hidden["id_number_masked"]) == ("", "")
    assert await records(register, "dibao-people", limit=2) == await records(
        register, "dibao-people"
    )
    (homes,) = await records(register, "dibao-households", column="town", value=VILLAGE[:9])
    assert homes["name"] == "李伟"
    read = register.audited("report-list-read")
    assert [each["actor"] for each in read][:2] == ["staff:xu-jing", "staff:sun-tao"]


async def test_a_township_counts_and_lists_its_own_area_alone(register: Register) -> None:
    await a_county(register)
    told = await report(register, by=TOWN)
    assert numbers_of(told)["dibao-people"] == 3
    assert by_of(lines_of(told)["dibao-people"], "town") == {OTHER_VILLAGE[:9]: 3}
    assert {each["village"] for each in await records(register, "aided-people", TOWN)} == {
        OTHER_VILLAGE
    }


async def test_what_changed_is_told_with_its_reason(register: Register) -> None:
    await a_county(register)
    first = by_of(lines_of(await report(register))["new-people"], "reason")
    assert first == {"decided": 6}
    in_month(register, 2)
    anew = {"decided_on": "2026-10-20", "from_month": "2026-11"}
    stopped = a_household(
        "h-2", a_person(3, name="王芳"), village=OTHER_VILLAGE,
        decision_number="青民决〔2026〕9号", **anew,
    )  # fmt: skip
    earns = on_dibao(income="200.00", decision_number="青民决〔2026〕10号", **anew)
    child = a_person(2, name="李娜", id_number=id_number(2, "20180910"))
    changed = a_household("h-1", a_person(1, name="李伟"), child, **earns)
    await register.imported(a_csv(rows_of(stopped, changed)))
    told = lines_of(await report(register, "/reports/month/2026-11"))
    assert by_of(told["stopped-households"], "reason") == {"decided": 1}
    assert by_of(told["stopped-people"], "programme") == {"dibao": 1}
    assert by_of(told["changed"], "reason") == {"income-higher": 1}
    assert told["new-people"]["number"] == 0


async def test_a_month_freezes_with_its_run_and_never_moves_again(register: Register) -> None:
    await a_county(register)
    assert (await freeze(register)).json()["type"].endswith("nothing-closed")
    run_id = await closed(register)
    assert register.rows("SELECT count(*) AS heard FROM closed_run") == [{"heard": 1}]
    assert (await freeze(register, STATISTICIAN)).status_code == 403
    assert (await freeze(register)).json()["type"].endswith("not-over"), "more may come"
    in_month(register, 2)
    answer = await freeze(register)
    assert answer.status_code == 201, answer.text
    assert [each["run_id"] for each in answer.json()["runs"]] == [str(run_id)]
    before, printed = await report(register), await register.get(f"{MONTH}/pdf", STATISTICIAN)
    assert before["frozen"]["numbers_sha256"] == answer.json()["numbers_sha256"]
    people = await records(register, "dibao-people")

    later(register, 3)
    anew = {"decision_number": "青民决〔2026〕9号", "decided_on": "2026-11-02"}
    child = a_person(2, name="李娜", id_number=id_number(2, "20180910"))
    left = a_household("h-1", a_person(1, name="李伟"), child, **anew, from_month="2026-10")
    await register.imported(a_csv(rows_of(left)))
    register.app.state.shelf.forget()
    assert await report(register) == before
    assert await records(register, "dibao-people") == people
    assert (await register.get(f"{MONTH}/pdf", STATISTICIAN)).content == printed.content
    assert numbers_of(await report(register, by=TOWN))["dibao-people"] == 3
    assert (await freeze(register)).json()["type"].endswith("frozen-before")
    later(register, 20)
    unfrozen = await report(register, "/reports/month/2026-11")
    assert numbers_of(unfrozen)["dibao-people"] == 3


async def test_a_month_waits_for_the_run_of_every_family_of_which_somebody_is_counted(
    register: Register,
) -> None:
    await a_county(register)
    await closed(register, family="old_age")
    in_month(register, 2)
    refused = await freeze(register)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/families-not-run")
    assert refused.json()["families"] == ["livelihood"], "nobody draws a disability subsidy"
    await closed(register)
    answer = await freeze(register)
    assert [each["family"] for each in answer.json()["runs"]] == ["livelihood", "old_age"]


def test_the_run_of_children_is_waited_for_though_their_column_has_another_name() -> None:
    books = {"people": Book.of(["children"], [["p-1", "h-1", VILLAGE, "yes"]])}
    families = {"children": ["children_living"], "livelihood": ["dibao"]}
    with pytest.raises(freezing.FamiliesNotRun) as refused:
        freezing.refuse_unrun(families, books, [])
    assert refused.value.members == {"families": ["children"]}
    freezing.refuse_unrun(families, books, [{"family": "children", "kind": "regular"}])


async def test_of_two_who_freeze_at_once_one_wins_and_the_other_reads_why(
    register: Register,
) -> None:
    await a_county(register)
    await closed(register)
    in_month(register, 2)
    answers = await asyncio.gather(freeze(register), freeze(register))
    assert sorted(each.status_code for each in answers) == [201, 409]
    (late,) = [each.json() for each in answers if each.status_code == 409]
    assert late["type"] == "/problems/frozen-before"


async def test_a_frozen_report_notes_where_the_audit_log_ended(register: Register) -> None:
    await a_county(register)
    await closed(register)
    in_month(register, 2)
    noted = (await freeze(register)).json()
    printed = await register.get(f"{MONTH}/pdf", STATISTICIAN)
    paper = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    assert f"{noted['audit_rows']} 行" in paper
    assert noted["audit_head"] in "".join(paper.split())
    auditor = staff("audit", {"audit:read"})
    answer = await register.get("/audit-log", auditor, after=0, most=1_000)
    lines = answer.text.splitlines()
    assert len(lines) > noted["audit_rows"] > 1
    check(lines, noted["audit_rows"], noted["audit_head"])
    cut = lines[: noted["audit_rows"] - 1]
    assert check(cut).rows == len(cut), "without the note nothing shows"
    with pytest.raises(Broken):
        check(cut, noted["audit_rows"], noted["audit_head"])


async def test_a_frozen_report_that_somebody_changed_is_not_told(register: Register) -> None:
    await a_county(register)
    await closed(register)
    in_month(register, 2)
    assert (await freeze(register)).status_code == 201
    await register.change("UPDATE frozen_report SET numbers_sha256 = repeat('0', 64)")
    answer = await register.get(MONTH, STATISTICIAN)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/frozen-differs")


async def test_a_report_is_paper_and_a_workbook_in_which_no_name_is_a_formula(
    register: Register,
) -> None:
    await a_county(register)
    paper = await register.get(f"{MONTH}/pdf", STATISTICIAN)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "社会救助月报" in text
    assert "暂定" in text
    book = await register.get(f"{MONTH}/workbook", STATISTICIAN)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    assert sheets.sheet_names == [
        "报表", "增减变动", "享受救助家庭", "享受救助人员", "办理事项", "临时救助", "台账事项",
        "低收入人口", "省平台事项", "本县预警",
    ]  # fmt: skip
    people = sheets.get_sheet_by_name("享受救助人员").to_python()
    assert len(people) == 1 + 6
    assert "=1+1" in {row[0] for row in people}
    again = await register.get(f"{MONTH}/workbook", STATISTICIAN)
    assert again.content == book.content
    part = await register.get(f"{MONTH}/workbook", STATISTICIAN, line="dibao-minors")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(part.content))
    assert len(sheets.get_sheet_by_name("享受救助人员").to_python()) == 1 + 1
    assert register.rows("SELECT 1 AS one FROM audit WHERE act = 'report-downloaded'")


async def test_a_quarter_and_a_year_are_told_and_freeze_when_they_are_over(
    register: Register,
) -> None:
    await a_county(register)
    later(register, 10)
    quarter = numbers_of(await report(register, "/reports/quarter/2026-Q4"))
    assert quarter["dibao-people"] == 5
    year = lines_of(await report(register, "/reports/year/2026"))
    assert (year["register-households"]["number"], year["aided-households"]["number"]) == (5, 4)
    assert year["coverage"]["basis_points"] == 8_000
    early = await freeze(register, HEAD, "/reports/year/2026")
    assert early.json()["type"] == "/problems/not-over"
    later(register, 100)
    assert (await freeze(register, HEAD, "/reports/year/2026")).status_code == 201


async def test_leads_and_what_is_to_be_put_right_are_told_by_the_quarter(
    register: Register,
) -> None:
    lead = Ledger(register, "lead")
    said = {"source": "visit", "found_on": "2026-09-20", "visitor": "孙玉", "name": "周平"}
    await lead.open(SUN_YU, about=("village", VILLAGE), programme="dibao", situation="病", **said)
    quarter = "/reports/quarter/2026-Q3"
    told = lines_of(await report(register, quarter))
    assert (told["leads"]["number"], by_of(told["leads"], "stage")) == (1, {"open": 1})
    await lead.do(SUN_YU, "contact", contacted_on="2026-09-24", findings="属实")
    await lead.do(SUN_YU, "decline")
    told = lines_of(await report(register, quarter))
    assert by_of(told["leads"], "outcome") == {"declined": 1}
    assert told["leads-rate"]["basis_points"] == 0
    (listed,) = await records(register, "leads", path=quarter)
    assert listed["receipt"] == lead.entry["number"]
    assert (await records(register, "leads", TOWN, path=quarter)) == []


async def test_how_satisfied_people_are_is_a_share_of_those_who_answered(
    register: Register,
) -> None:
    asking = Ledger(register, "satisfaction")
    clerk = staff("sun-yan", {"registers:read", "registers:write", "requests:take"}, VILLAGE[:9])
    said = {"round": "2026年三季度", "occasion": "decision"}
    for home, act in enumerate(("satisfied", "dissatisfied", "unreached"), start=1):
        await a_known_household(register, f"h-{home}", home)
        await asking.open(clerk, about=("household", f"h-{home}"), **said)
        words = {} if act == "unreached" else {"asked_on": "2026-09-23", "channel": "phone"}
        if act == "dissatisfied":
            assert (await asking.ask(clerk, act, **words)).status_code == 422
            words["reason"] = "等了三个月"
        await asking.do(clerk, act, **words)
    assert (await asking.ask_to_open(SUN_YU, about=("household", "h-1"), **said)).is_error
    told = lines_of(await report(register, "/reports/year/2026"))
    assert [told[each]["number"] for each in ("people-asked", "people-answered")] == [3, 2]
    assert told["satisfied-rate"]["basis_points"] == 5_000
    assert by_of(told["people-asked"], "town") == {VILLAGE[:9]: 3}
    assert len(await records(register, "people-satisfied", path="/reports/year/2026")) == 1


async def test_leads_calls_and_petitions_of_a_month_are_lines_of_their_own(
    register: Register,
) -> None:
    lead, call, clue = (Ledger(register, each) for each in ("lead", "call", "complaint"))
    said = {"source": "visit", "found_on": "2026-09-20", "visitor": "孙玉", "name": "周平"}
    await lead.open(SUN_YU, about=("village", VILLAGE), programme="dibao", situation="病", **said)
    clerk = staff("sun-yan", {"registers:read", "registers:write"}, VILLAGE[:9])
    await call.open(clerk, category="hardship", caller="李伟", caller_number="1", situation="失火")
    accused = {"accused_kind": "township-officer", "accused_unit": VILLAGE[:9]}
    await clue.open(GAO_FEI, channel="letter", topic="late", text="没有按时发", **accused)
    month = "/reports/month/2026-09"
    told = lines_of(await report(register, month))
    received = ("leads-received", "calls-received", "petitions-received")
    assert [told[each]["number"] for each in received] == [1, 1, 1]
    assert [told[each]["number"] for each in ("leads-ended", "calls-ended")] == [0, 0]
    later(register, 60)
    told = lines_of(await report(register, "/reports/month/2026-11"))
    assert [told[each]["number"] for each in ("leads-overdue", "petitions-overdue")] == [1, 1]
    listed = {
        each: await records(register, each, reader, path=month)
        for each in received
        for reader in (staff("xu-jing", {"reports:read", "registers:read"}),)
    }
    assert listed["leads-received"][0]["receipt"] == lead.entry["number"]
    (hidden,) = listed["petitions-received"]
    assert (hidden["receipt"], hidden["words"]["village"]["zh"]) == ("", "全县")
    handler = staff("gao-fei", {"reports:read", "complaints:handle"})
    (seen,) = await records(register, "petitions-received", handler, path=month)
    assert seen["receipt"] == clue.entry["number"]
    near = staff("xu-lan", {"reports:read", "complaints:handle"}, VILLAGE[:9])
    assert await records(register, "petitions-received", near, path=month) == []
    assert len(await records(register, "calls-received", near, path=month)) == 1


async def test_petitions_are_late_by_the_day_of_their_answer_and_as_they_stood_in_their_month(
    register: Register,
) -> None:
    clue = Ledger(register, "complaint")
    said = {"channel": "letter", "topic": "late", "text": "没到账", "accused_kind": "nobody"}
    await clue.open(ZHOU_JIE, **said)
    await clue.do(ZHOU_JIE, "register")
    await clue.do(GAO_FEI, "assign", owner="zhou-jie")
    later(register, 3)
    found = {"checked_on": "2026-09-28", "findings": "已到账", "founded": "unfounded"}
    await clue.do(ZHOU_JIE, "check", **found)
    answer = {"answer": "已到账", "answered_on": "2026-09-28", "answered_by": "phone"}
    await clue.do(ZHOU_JIE, "answer", **answer)

    async def late(month: str) -> dict[str, int]:
        told = lines_of(await report(register, f"/reports/month/{month}"))
        return by_of(told["petitions-overdue"], "stage")

    later(register, 60)
    assert await late("2026-11") == {"open": 1}, "it was to be closed long ago"
    assert await late("2026-09") == {}, "then its answer was two days old"
    await clue.do(GAO_FEI, "close")
    assert await late("2026-11") == {}, "what was answered in time is not late by its closing"
    assert await late("2026-10") == {"open": 1}
    told = lines_of(await report(register, "/reports/month/2026-10"))
    assert told["petitions-ended"]["number"] == 0


async def test_the_low_income_groups_and_the_warnings_of_a_month_are_told(
    register: Register,
) -> None:
    await a_county(register)
    warning = {"name": "李戊", "kind": "vehicle", "warned_on": "2026-09-20", "village": VILLAGE}
    rows = [
        {**warning, "warning_number": f"W{order}", "id_number": id_number(order)}
        for order in (1, 2)
    ]
    await brought(register, "warnings", a_list("warnings", rows))
    (first, _) = (await register.get("/exchange/items", EXCHANGER)).json()["items"]
    answer = await register.client.post(
        f"/exchange/items/{first['item_id']}/answer",
        json={"outcome": "still-qualifies", "remark": "核实无误"},
        headers=register.headers(EXCHANGER),
    )
    assert answer.status_code == 200, answer.text
    told = lines_of(await report(register, "/reports/month/2026-09"))
    assert told["warnings-received"]["number"] == 2
    assert told["warnings-answered"]["number"] == 1
    (listed,) = await records(register, "warnings-answered", path="/reports/month/2026-09")
    assert listed["receipt"] == first["key"]
    in_month(register, 2)
    told = lines_of(await report(register))
    assert by_of(told["low-income-people"], "group") == {"dibao": 5, "tekun": 1}
    behind = await records(register, "low-income-people")
    assert len(behind) == 6
    assert all(each["name"] for each in behind)
    assert told["warnings-overdue"]["number"] == 1
    await register.change("UPDATE low_income_entry SET valid_until = '2026-10-31'")
    register.app.state.shelf.forget()
    told = lines_of(await report(register, "/reports/month/2026-11"))
    assert told["low-income-people"]["number"] == 0, "their days are over"


async def test_what_is_not_there_is_refused(register: Register) -> None:
    for period in ("month/2026-13", "month/2027-05", "year/2026-10"):
        assert (await register.get(f"/reports/{period}", STATISTICIAN)).status_code == 422
    assert (await register.get("/reports/week/2026-10", STATISTICIAN)).status_code == 404
    for line in ("no-such-line", "in-time-rate"):
        assert (await register.get(f"{MONTH}/lines/{line}", STATISTICIAN)).status_code == 404
