"""The exchange with the province: files whole or not at all, answers on the list that asked."""

from pathlib import Path
from typing import Any

import pytest

from services.identification.exchange.templates import TemplateUnreadable, read_templates
from services.identification.exchange.works import NoSuchWork, check_works
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
    later,
    staff,
)
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import (
    MA_JUN,
    OTHER_TOWN,
    SUN_YU,
    ZHOU_JIE,
    a_list,
    bring,
    brought,
    fetched,
    post,
    read,
)
from tests.identification.register import Register
from tests.identification.test_statuses import EDGE, RIGID

TODAY = "2026-09-25"


def a_warning(number: str, order: int = 11, **words: Any) -> dict[str, Any]:
    """One row of the province's warnings."""
    return {
        "warning_number": number,
        "name": "李戊",
        "id_number": id_number(order),
        "kind": "vehicle",
        "detail": "名下有机动车",
        "warned_on": TODAY,
        **words,
    }


async def test_the_roster_goes_out_by_its_template_and_the_numbers_come_back(
    register: Register,
) -> None:
    await register.imported(
        a_csv(
            rows_of(
                a_household("h-1", a_person(1), a_person(2), **on_dibao()),
                a_household("h-2", a_person(3), **on_dibao(income="80.50")),
                a_household("h-3", a_person(4)),
            )
        )
    )
    file, rows = await fetched(register, "households")
    assert (file["state"], file["rows"]) == ("made", 3)
    assert [each["household_number"] for each in rows] == ["h-1", "h-1", "h-2", ""]
    assert rows[0]["relation"] == "户主"
    assert [each["income_fen_monthly"] for each in rows] == ["120.00", "", "80.50", "200.50"]
    assert (rows[0]["group"], rows[3]["serial"]) == ("110", "合计")
    assert {each["provincial_number"] for each in rows} == {""}
    said = [rows[1][each] for each in ("decision_number", "decided_on", "from_month")]
    assert said == ["青民决〔2026〕1号", "2026-09-10", "2026-10"]
    numbers = [
        {"household_number": "h-1", "provincial_number": "S001"},
        {"household_number": "h-2", "provincial_number": "S002"},
    ]
    learned = await brought(register, "provincial-numbers", a_list("provincial-numbers", numbers))
    assert learned["counts"] == {"new": 2, "known": 0}
    _, rows = await fetched(register, "households", form="csv-gb18030")
    assert [each["provincial_number"] for each in rows] == ["S001", "S001", "S002", ""]
    stolen = [{"household_number": "h-3", "provincial_number": "S001"}]
    refused = await bring(register, "provincial-numbers", a_list("provincial-numbers", stolen))
    assert refused.json()["faults"][0]["code"] == "number-taken"


@pytest.mark.parametrize(
    ("category", "template", "found"),
    [
        ("edge", "households-edge", EDGE),
        ("rigid-spending", "households-expenditure", RIGID),
    ],
)
async def test_who_was_found_in_low_income_goes_out_with_the_decision_as_long_as_it_holds(
    register: Register, category: str, template: str, found: dict[str, Any]
) -> None:
    walk = await Walk(register, category, found).confirming()
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民低〔2026〕1号")
    _, rows = await fetched(register, template)
    (head, *_, total) = rows
    assert (total["serial"], len(rows)) == ("合计", 3)
    assert {each["household_number"] for each in rows[:-1]} == {granted["receipt"]}
    said = [head[each] for each in ("decision_number", "decided_on", "from_month", "valid_until")]
    assert said == ["青民低〔2026〕1号", "2026-10-02", "2026-10", "2027-09-30"]
    assert head["income_fen_monthly"] == total["income_fen_monthly"] == "500.00"
    assert head["group"]
    number = {"household_number": granted["receipt"], "provincial_number": "S001"}
    await brought(register, "provincial-numbers", a_list("provincial-numbers", [number]))
    _, rows = await fetched(register, template)
    assert rows[0]["provincial_number"] == "S001"
    other = await post(register, "/exchange/outgoing", SUN_YU, template="households")
    assert other.json()["type"] == "/problems/nothing-to-send", "on dibao or tekun is nobody"
    in_month(register, 12)
    over = await post(register, "/exchange/outgoing", SUN_YU, template=template)
    assert over.json()["type"] == "/problems/nothing-to-send", "its days are over"


async def test_no_name_is_a_formula_in_a_file_that_goes_out(register: Register) -> None:
    names = ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "李伟")
    people = [
        a_household(f"h-{at}", a_person(at, name=each), **on_dibao())
        for at, each in enumerate(names)
    ]
    await register.imported(a_csv(rows_of(*people)))
    for form, sign in (("csv-gb18030", "'"), ("csv-utf-8", "'"), ("xlsx", "")):
        _, rows = await fetched(register, "households", form=form)
        written = {row["name"] for row in rows} - {""}
        assert written == {*(sign + each for each in names[:3]), "李伟"}
        assert rows[-1]["serial"] == "合计"


async def test_a_file_with_one_bad_row_is_returned_whole_and_changes_nothing(
    register: Register,
) -> None:
    rows = [
        a_warning("W1"),
        a_warning("W2", id_number="51142519650304001X"),
        a_warning("W1", kind="nonsense"),
        a_warning("W3", warned_on="2026-02-30", detail="=1+1"),
    ]
    refused = (await bring(register, "warnings", a_list("warnings", rows))).json()
    assert (refused["state"], refused["rows"], refused["rows_bad"]) == ("refused", 4, 3)
    assert {(each["row"], each["code"]) for each in refused["faults"]} == {
        (3, "id-check-digit"),
        (4, "code-unknown"),
        (4, "twice"),
        (5, "date-bad"),
    }
    assert "51142519650304001X" not in str(refused["faults"])
    assert register.rows("SELECT count(*) AS n FROM exchange_item") == [{"n": 0}]
    back = await register.get(f"/exchange/files/{refused['file_id']}/annotated", SUN_YU)
    returned = read("warnings", back.content)
    assert [bool(each["问题"]) for each in returned] == [False, True, True, True]
    assert returned[3]["detail"] == "=1+1"
    good = await brought(register, "warnings", a_list("warnings", rows[:1]))
    assert good["counts"] == {"new": 1, "known": 0, "renewed": 0}


async def test_a_refused_file_goes_in_unchanged_once_what_was_missing_is_known(
    register: Register,
) -> None:
    numbers = a_list("provincial-numbers", [{"household_number": "h-1", "provincial_number": "S1"}])
    refused = (await bring(register, "provincial-numbers", numbers)).json()
    assert refused["faults"][0]["code"] == "household-unknown"
    await a_known_household(register, "h-1", 1)
    applied = await brought(register, "provincial-numbers", numbers)
    assert applied["file_id"] == refused["file_id"]
    assert applied["faults"] == []


@pytest.mark.parametrize("form", ["xlsx", "csv-gb18030"])
async def test_warnings_are_answered_on_the_list_they_came_on_and_the_overdue_are_counted(
    register: Register, form: str
) -> None:
    await a_known_household(register, "h-1", 11)
    await brought(
        register,
        "provincial-numbers",
        a_list("provincial-numbers", [{"household_number": "h-1", "provincial_number": "S001"}]),
    )
    stranger = a_warning("W2", 77, name="吉克·阿支𠮷", kind="new-hardship", due_on="2026-12-31")
    rows = [a_warning("W1", provincial_number="S001"), stranger]
    content = a_list("warnings", rows, form)
    came = await brought(register, "warnings", content)
    again = await brought(register, "warnings", content)
    assert again["file_id"] == came["file_id"]
    cumulative = await brought(
        register, "warnings", a_list("warnings", [*rows, a_warning("W3")], form)
    )
    assert cumulative["counts"] == {"new": 1, "known": 2, "renewed": 0}
    waiting = (await register.get("/exchange/items", ZHOU_JIE, template="warnings")).json()["items"]
    assert [each["key"] for each in waiting] == ["W1", "W3"], "nobody knows where W2 lives"
    assert waiting[0]["owner"] == f"town:{VILLAGE[:9]}"
    assert waiting[0]["content"]["id_number"].count("*") == 11
    assert (await register.get("/exchange/items", OTHER_TOWN)).json()["items"] == []
    path = f"/exchange/items/{waiting[0]['item_id']}"
    owned = await post(register, f"{path}/owner", ZHOU_JIE, owner="staff:zhou-jie")
    assert owned.json()["owner"] == "staff:zhou-jie"
    odd = await post(register, f"{path}/answer", ZHOU_JIE, outcome="perhaps")
    assert odd.json()["type"] == "/problems/no-such-answer"
    done = await post(
        register, f"{path}/answer", ZHOU_JIE, outcome="still-qualifies", remark="摩托车，不超标"
    )
    assert done.status_code == 200, done.text
    twice = await post(register, f"{path}/answer", ZHOU_JIE, outcome="left")
    assert twice.json()["type"] == "/problems/answered-already"
    later(register, 30)
    counts = (await register.get("/exchange/counts", SUN_YU)).json()["templates"]["warnings"]
    assert [counts[key] for key in ("asked", "answered", "open", "overdue")] == [3, 1, 2, 1]
    assert counts["owners"]["staff:zhou-jie"]["answered"] == 1
    late = (await register.get("/exchange/items", SUN_YU, state="overdue")).json()["items"]
    assert [each["key"] for each in late] == ["W3"]
    back = await register.get(f"/exchange/files/{came['file_id']}/answers", SUN_YU)
    answered = read("warnings", back.content)
    assert [each["warning_number"] for each in answered] == ["W1", "W2"]
    assert answered[1]["name"] == "吉克·阿支𠮷"
    assert [each["outcome"] for each in answered] == ["1", ""]
    assert (answered[0]["answered_on"], answered[0]["remark"]) == (TODAY, "摩托车，不超标")
    assert answered[0]["id_number"] == id_number(11)


async def test_a_known_number_that_says_something_else_is_refused(register: Register) -> None:
    await brought(register, "warnings", a_list("warnings", [a_warning("W1")]))
    other = a_list("warnings", [a_warning("W1", kind="death"), a_warning("W2")])
    refused = (await bring(register, "warnings", other)).json()
    assert [(each["row"], each["code"]) for each in refused["faults"]] == [(2, "known-otherwise")]


async def test_a_warning_that_comes_again_takes_over_its_new_day(register: Register) -> None:
    await brought(register, "warnings", a_list("warnings", [a_warning("W1"), a_warning("W3", 12)]))
    again = [a_warning("W1", due_on="2026-12-01"), a_warning("W2", 13), a_warning("W3", 12)]
    came = await brought(register, "warnings", a_list("warnings", again))
    assert came["counts"] == {"new": 1, "known": 2, "renewed": 1}
    waiting = (await register.get("/exchange/items", SUN_YU, template="warnings")).json()["items"]
    assert {each["key"]: each["due_on"] for each in waiting}["W1"] == "2026-12-01"


@pytest.mark.shows("S50")
async def test_nobody_answers_the_province_about_a_near_relative(register: Register) -> None:
    filing = {"relation": "parent", "name": "李戊", "id_number": id_number(11)}
    near = staff("sun-yu", {"exchange:answer", "cases:read", "cases:decide"})
    assert (await post(register, "/relatives", near, **filing)).status_code == 201
    await brought(register, "warnings", a_list("warnings", [a_warning("W1")]))
    (item,) = (await register.get("/exchange/items", SUN_YU, template="warnings")).json()["items"]
    path = f"/exchange/items/{item['item_id']}/answer"
    refused = await post(register, path, near, outcome="not-the-person", remark="同名")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/near-relative")
    another = staff("he-jun", {"exchange:answer"})
    done = await post(register, path, another, outcome="not-the-person", remark="同名")
    assert done.status_code == 200


@pytest.mark.shows("S50")
@pytest.mark.breaks("What was acted on leads on")
async def test_what_is_said_to_be_done_about_a_warning_has_a_case_behind_it(
    register: Register,
) -> None:
    household_id = await a_known_household(register, "h-1", 11)
    await brought(register, "warnings", a_list("warnings", [a_warning("W1", 11)]))
    (item,) = (await register.get("/exchange/items", SUN_YU, template="warnings")).json()["items"]
    path = f"/exchange/items/{item['item_id']}/answer"
    for outcome, why in (("left", "nothing-behind-it"), ("still-qualifies", "remark-wanted")):
        refused = await post(register, path, SUN_YU, outcome=outcome)
        assert refused.json()["type"] == f"/problems/{why}"
    change = await Walk(register, "change").open(household_id=household_id)
    wrong = await post(register, path, SUN_YU, outcome="left", remark="已退出")
    assert wrong.json()["type"] == "/problems/nothing-behind-it", "a change is no leaving"
    done = await post(register, path, SUN_YU, outcome="sum-changed")
    assert (done.status_code, done.json()["case_id"]) == (200, change.case["case_id"])
    assert done.json()["answer"] == {"remark": change.case["receipt"]}
    # Behind what ended with nothing changed nothing stands: the row waits for another answer.
    aid = await Walk(register, "temporary").open(household_id=household_id)
    for walk, answer in ((change, None), (aid, "help-opened")):
        if answer:
            done = await post(register, path, SUN_YU, outcome=answer)
            assert done.json()["case_id"] == aid.case["case_id"]
        letter = await walk.paper(CHEN_HONG, "withdrawal")
        await walk.do(WANG_FANG, "withdraw", letter_id=letter)
        (back,) = (await register.get("/exchange/items", SUN_YU, state="open")).json()["items"]
        assert (back["outcome"], back["answer"], back["case_id"]) == (None, None, None)
    assert register.told("person-disputed") == [], "it never held anything"


async def test_doubles_come_as_a_list_and_go_back_on_it(register: Register) -> None:
    await a_known_household(register, "h-1", 11)
    rows = [
        {
            "double_number": f"D{order}",
            "name": "李戊",
            "id_number": id_number(order),
            "other_county": "仁寿县",
            "months": "2026-07、2026-08",
        }
        for order in (11, 12)
    ]
    rows[0]["provincial_number"] = "S777"
    came = await brought(register, "doubles", a_list("doubles", rows))
    _, sent = await fetched(register, "households")
    assert sent[0]["provincial_number"] == "S777", "what a list says of a number is kept"
    waiting = (await register.get("/exchange/items", SUN_YU, template="doubles")).json()["items"]
    for each, outcome in zip(waiting, ("kept-here", "not-double"), strict=True):
        for hand in (SUN_YU, MA_JUN):
            answer = await post(
                register, f"/exchange/items/{each['item_id']}/answer", hand,
                outcome=outcome, remark="已核实",
            )  # fmt: skip
            assert answer.status_code == 200, answer.text
    back = await register.get(f"/exchange/files/{came['file_id']}/answers", SUN_YU)
    assert {each["double_number"]: each["outcome"] for each in read("doubles", back.content)} == {
        waiting[0]["key"]: "1",
        waiting[1]["key"]: "3",
    }


async def test_a_file_lies_sealed_and_only_the_county_works_with_it(register: Register) -> None:
    came = await brought(register, "warnings", a_list("warnings", [a_warning("W1")], "csv-utf-8"))
    for sealed_file in (register.settings.files_dir / "exchange").iterdir():
        assert id_number(11).encode() not in sealed_file.read_bytes()
    for by in (ZHOU_JIE, HE_JUN, ZHANG_LI):
        for path in ("/exchange/files", f"/exchange/files/{came['file_id']}/content"):
            assert (await register.get(path, by)).status_code == 403
    town_only = type(SUN_YU)(
        SUN_YU.subject, SUN_YU.kind, SUN_YU.county, SUN_YU.person, SUN_YU.scopes, (VILLAGE[:9],)
    )
    refused = await bring(register, "warnings", b"x", town_only)
    assert refused.json()["type"] == "/problems/county-wide-only"
    (sealed,) = register.rows("SELECT content_sealed FROM exchange_item")
    assert id_number(11) not in str(sealed)


async def test_what_is_no_such_file_is_refused_and_leaves_nothing(register: Register) -> None:
    for content in (b"", b"\xd0\xcf\x11\xe0" * 9, b"PK\x03\x04broken", "甲,乙\n1,2\n".encode()):
        answer = await bring(register, "warnings", content)
        assert answer.status_code == 422, answer.text
    folder = register.settings.files_dir / "exchange"
    assert not list(folder.iterdir())
    assert (await bring(register, "households", b"x")).json()[
        "type"
    ] == "/problems/no-such-template"


def test_a_place_says_only_what_differs_in_its_own_templates(tmp_path: Path) -> None:
    own = tmp_path / "warnings.yaml"
    own.write_text(
        "template: warnings\nlike: warnings\nname: {zh: 市预警单, en: the city's warnings}\n"
        "columns:\n  warning_number: {heading: 单号}\n  kind: {codes: {death: D, other: Z}}\n",
        encoding="utf-8",
    )
    (tmp_path / "spring.yaml").write_text(
        "template: spring\nlike: doubles\nname: {zh: 春荒, en: spring}\n", encoding="utf-8"
    )
    found = check_works(read_templates(tmp_path))
    warnings = found["warnings"]
    assert (warnings.columns["warning_number"].heading, warnings.key) == ("单号", "warning_number")
    assert warnings.columns["warning_number"].needed
    assert dict(warnings.columns["kind"].codes) == {"death": "D", "other": "Z"}
    assert found["spring"].columns == found["doubles"].columns


ODD_ROSTER = (
    "template: odd\nlike: provincial-roster\nname: {zh: 甲, en: a}\n"
    "columns: {head_name: {heading: 户主姓名}, group: {codes: {edge: '130'}}}\n"
)
NAMED = "template: odd\nlike: doubles\nname: {zh: 甲, en: a}\n"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("template: other\n", "is called as its file"),
        ("template: odd\nsays: much\n", "says says"),
        ("template: odd\nname: {zh: 甲, en: a}\ndirection: in\nwork: x\n", "columns is not said"),
        (f"{NAMED}key: nowhere\n", "no column nowhere"),
        (f"{NAMED}work: magic\n", "magic is not known"),
        (f"{NAMED}direction: out\n", "the other way"),
        (f"{NAMED}columns: {{name: {{type: code}}}}\n", "a code has codes"),
        (f"{NAMED}work: roster\n", "provincial_number is needed"),
        (ODD_ROSTER, "roster: head_name is not known; edge is not known"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_at_the_start(
    tmp_path: Path, words: str, problem: str
) -> None:
    (tmp_path / "odd.yaml").write_text(words, encoding="utf-8")
    with pytest.raises((TemplateUnreadable, NoSuchWork), match=problem):
        check_works(read_templates(tmp_path))
