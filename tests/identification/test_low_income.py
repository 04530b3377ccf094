"""The low-income database: everybody once, in one group, with what was before and where from."""

from typing import Any

import pytest

from shared.callers import Caller, Kind
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    Walk,
    a_known_household,
    later,
    staff,
)
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    rows_of,
)
from tests.identification.province import (
    MA_LAN,
    OTHER_TOWN,
    SUN_YU,
    ZHOU_JIE,
    a_list,
    brought,
    post,
)
from tests.identification.register import COUNTY, Register
from tests.identification.test_decisions import earns
from tests.identification.watched import TODAY, act, ask_of, ask_to_enter, entered, somebody


def listed(*orders: int, **words: Any) -> list[dict[str, Any]]:
    """Rows of one of the four lists."""
    return [
        {
            "serial": serial,
            "name": f"赵{'一二三四五六七八九'[order % 9]}",
            "id_number": id_number(order),
            "village": VILLAGE,
            "registration": "rural",
            "since": "2026-03-01",
            **words,
        }
        for serial, order in enumerate(orders, start=1)
    ]


@pytest.mark.shows("S01")
async def test_whoever_is_entered_is_found_by_number_at_once_and_is_in_once(
    register: Register,
) -> None:
    groups = ("monitored", "other")
    for order, group in enumerate(groups, start=40):
        await entered(register, **somebody(order, group=group))
        number = id_number(order, "19900303")
        found = (await register.get("/low-income", ZHOU_JIE, query=number)).json()["items"]
        assert [each["current"]["group"] for each in found] == [group]
        assert (found[0]["entered_on"], found[0]["current"]["source"]) == (TODAY, "discovery")
    again = await ask_to_enter(register, MA_LAN, **somebody(40, group="other"))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-entered")
    for group in ("dibao", "tekun", "edge", "expenditure"):
        refused = await ask_to_enter(register, MA_LAN, **somebody(50, group=group))
        problem = refused.json()
        assert (problem["type"], problem["field"]) == ("/problems/act-not-understood", "group")
    await brought(register, "low-income-dibao", a_list("low-income-dibao", listed(60)))
    await brought(register, "low-income-tekun", a_list("low-income-tekun", listed(61)))
    await brought(register, "low-income-edge", a_list("low-income-edge", listed(62)))
    await brought(register, "low-income-expenditure", a_list("low-income-expenditure", listed(63)))
    counted = (await register.get("/low-income/statistics", SUN_YU)).json()["groups"]
    assert {name: each["people"] for name, each in counted.items()} == {
        "tekun": 1, "dibao": 1, "edge": 1, "expenditure": 1, "monitored": 1, "other": 1,
    }  # fmt: skip


async def test_the_database_itself_refuses_a_second_group_and_a_second_row(
    register: Register,
) -> None:
    await entered(register, **somebody(1))
    (index,) = register.rows(
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'uq_low_income_entry_current'"
    )
    assert "UNIQUE" in index["indexdef"]
    assert "until IS NULL" in index["indexdef"]
    (kept,) = register.rows("SELECT content_sealed, name FROM low_income_person")
    assert id_number(1, "19900303") not in str(kept)


@pytest.mark.shows("S01")
async def test_moving_extending_and_clearing_leave_a_history_with_reasons(
    register: Register,
) -> None:
    person = await entered(register, **somebody(1))
    assert person["current"]["valid_until"] == "2027-09-24"
    path = f"/low-income/{person['low_income_id']}"
    later(register, 10)
    moved = await act(register, path, ZHOU_JIE, "move", group="other", reason="住院花费大")
    assert moved.json()["current"]["group"] == "other"
    same = await act(register, path, ZHOU_JIE, "move", group="other", reason="x")
    assert same.json()["type"] == "/problems/same-group"
    later(register, 400)
    expired = (await register.get("/low-income", ZHOU_JIE, expired="true")).json()
    assert [each["low_income_id"] for each in expired["items"]] == [person["low_income_id"]]
    held = await act(register, path, ZHOU_JIE, "extend", reason="复核仍符合")
    assert (held.json()["current"]["valid_until"], held.json()["current"]["expired"]) == (
        "2028-11-08",
        False,
    )
    gone = await act(register, path, ZHOU_JIE, "clear", reason="收入超过标准")
    history = gone.json()["history"]
    assert gone.json()["current"] is None
    assert [(e["group"], e["ended_because"]) for e in history] == [
        ("other", "cleared"),
        ("other", "extended"),
        ("monitored", "officer"),
    ]
    assert history[0]["end_reason"] == "收入超过标准"
    assert (history[2]["since"], history[2]["until"]) == (TODAY, "2026-10-04")
    day = later(register, 1).isoformat()
    back = await entered(register, **somebody(1, group="other", since=day))
    assert len(back["history"]) == 4, "who comes back is the same person"
    (reasons,) = register.rows(
        "SELECT string_agg(reason_sealed || coalesce(end_reason_sealed, ''), '') AS all"
        " FROM low_income_entry WHERE reason_sealed IS NOT NULL"
    )
    assert "走访发现" not in reasons["all"]


async def test_another_township_learns_nothing_of_who_is_in(register: Register) -> None:
    person = await entered(register, **somebody(1))
    path = f"/low-income/{person['low_income_id']}"
    number = id_number(1, "19900303")
    assert (await register.get("/low-income", OTHER_TOWN, query=number)).json()["items"] == []
    assert (await register.get(path, OTHER_TOWN)).status_code == 404
    refused = await ask_of(register, path, OTHER_TOWN, "clear", reason="x")
    assert refused.status_code == 404
    over_there = await ask_to_enter(register, OTHER_TOWN, **somebody(2))
    assert over_there.json()["type"] == "/problems/no-such-subject"
    twice = await ask_to_enter(register, OTHER_TOWN, **somebody(1, village=OTHER_VILLAGE))
    assert twice.json()["type"] == "/problems/already-entered"
    assert "group" not in twice.json()


@pytest.mark.shows("S02")
async def test_four_lists_make_one_without_doubles_and_each_counts_as_its_source(
    register: Register,
) -> None:
    sources = {
        "edge": listed(1, 2, 3, 4),
        "dibao": listed(3, 5, 6, disability_grade="2"),
        "expenditure": listed(4, 7),
        "tekun": listed(6, 8),
    }
    for group, rows in sources.items():
        form = "csv-gb18030" if group == "dibao" else "xlsx"
        await brought(register, f"low-income-{group}", a_list(f"low-income-{group}", rows, form))
    united = (await register.get("/low-income/lists", SUN_YU)).json()
    assert {each["group"]: (each["rows"], each["people"]) for each in united["sources"]} == {
        group: (len(rows), len(rows)) for group, rows in sources.items()
    }
    assert united["union"] == 8
    assert register.rows("SELECT count(*) AS n FROM low_income_person") == [{"n": 8}]
    assert sorted((each["on_lists"], each["in"]) for each in united["conflicts"]) == [
        (["dibao", "edge"], "dibao"),
        (["edge", "expenditure"], "edge"),
        (["tekun", "dibao"], "tekun"),
    ]
    counted = (await register.get("/low-income/statistics", SUN_YU)).json()
    assert {k: v["people"] for k, v in counted["groups"].items() if v["people"]} == {
        "tekun": 2, "dibao": 2, "edge": 3, "expenditure": 1,
    }  # fmt: skip
    assert counted["total"]["people"] == 8
    assert counted["groups"]["dibao"]["disabled"] == 2


async def test_who_is_not_on_the_next_list_is_named_and_not_thrown_out(
    register: Register,
) -> None:
    await brought(register, "low-income-edge", a_list("low-income-edge", listed(1, 2)))
    later(register, 30)
    await brought(register, "low-income-edge", a_list("low-income-edge", listed(2)))
    united = (await register.get("/low-income/lists", SUN_YU)).json()
    assert [each["group"] for each in united["gone"]] == ["edge"]
    assert register.rows("SELECT count(*) AS n FROM low_income_entry WHERE until IS NULL") == [
        {"n": 2}
    ]


async def test_a_township_sees_all_of_its_own_however_many_others_there_are(
    register: Register,
) -> None:
    of_one, of_other = listed(*range(2, 203)), listed(300, village=OTHER_VILLAGE, serial=202)
    await brought(register, "low-income-edge", a_list("low-income-edge", of_one + of_other))
    later(register, 30)
    await brought(register, "low-income-edge", a_list("low-income-edge", listed(1)))
    pages = [
        (await register.get("/low-income/lists", by, offset=str(offset))).json()
        for by, offset in ((SUN_YU, 0), (SUN_YU, 200), (OTHER_TOWN, 0))
    ]
    assert [(len(each["gone"]), each["gone_total"]) for each in pages] == [
        (200, 202), (2, 202), (1, 1),
    ]  # fmt: skip
    assert [each["village"] for each in pages[2]["gone"]] == [OTHER_VILLAGE]


@pytest.mark.shows("S01")
async def test_a_roster_a_grant_and_a_leaving_bring_people_in_and_out_by_themselves(
    register: Register,
) -> None:
    await a_known_household(register, "h-9", 11, 12)
    found = (await register.get("/low-income", SUN_YU, query=id_number(11))).json()["items"]
    assert (found[0]["current"]["group"], found[0]["current"]["source"]) == ("dibao", "roster")
    watched = somebody(1, id_number=id_number(1), name="李伟")
    await entered(register, **watched)
    walk = await Walk(register).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕8号")
    granted = (await register.get("/low-income", SUN_YU, query=id_number(1))).json()["items"]
    assert (granted[0]["current"]["group"], granted[0]["current"]["source"]) == (
        "dibao",
        "decision",
    )
    path = f"/low-income/{granted[0]['low_income_id']}"
    whole = (await register.get(path, SUN_YU)).json()
    assert [each["group"] for each in whole["history"]] == ["dibao", "monitored"]
    by_hand = await act(register, path, ZHOU_JIE, "clear", reason="x")
    assert by_hand.json()["type"] == "/problems/only-by-decision"
    leaving = await Walk(register).open(
        CHEN_HONG, category="exit", household_id=walk.case["household_id"]
    )
    await leaving.found(
        "wrongly-in",
        ends="dibao",
        found_on=later(register, 0).isoformat(),
        findings="错保",
    )
    await leaving.do(
        HE_JUN,
        "remove",
        decision_number="青民决〔2026〕9号",
        from_month="2026-11",
        reasons="不符合条件",
    )
    gone = (await register.get(path, SUN_YU)).json()
    assert gone["current"] is None
    assert gone["history"][0]["ended_because"] == "decision"


async def test_a_status_found_by_decision_holds_its_months_and_no_hand_makes_them_more(
    register: Register,
) -> None:
    said: dict[str, Any] = {
        "income_fen_yearly": 900001,
        "property_within_rules": True,
        "valid_months": 6,
    }
    watched = somebody(1, id_number=id_number(1), name="李伟", group="monitored")
    await entered(register, **watched)
    walk = await Walk(register, "rigid-spending", said).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民低〔2026〕1号")
    found = (await register.get("/low-income", SUN_YU, query=id_number(1))).json()["items"][0]
    stay = found["current"]
    assert (stay["group"], stay["source"]) == ("expenditure", "decision")
    assert stay["valid_until"] == "2027-03-31"
    path = f"/low-income/{found['low_income_id']}"
    for name in ("extend", "clear"):
        by_hand = await act(register, path, ZHOU_JIE, name, reason="复核仍符合")
        assert by_hand.json()["type"] == "/problems/only-by-decision"
    later(register, 200)
    held = await act(register, path, ZHOU_JIE, "extend", reason="复核仍符合")
    assert held.json()["type"] == "/problems/only-by-decision", "whoever asks again is found again"
    gone = await act(register, path, ZHOU_JIE, "clear", reason="期满未再申请")
    history = gone.json()["history"]
    assert [each["group"] for each in history] == ["expenditure", "monitored"]
    assert (history[0]["ended_because"], history[0]["ended_by"]) == ("cleared", MA_LAN.subject)


async def test_what_is_let_hold_on_is_audited_with_its_days(register: Register) -> None:
    person = await entered(register, **somebody(1))
    path = f"/low-income/{person['low_income_id']}"
    later(register, 10)
    held = await act(register, path, ZHOU_JIE, "extend", reason="复核仍符合")
    held_on, before = held.json()["history"]
    assert (held_on["learned_by"], held_on["reason"]) == (MA_LAN.subject, "复核仍符合")
    assert (before["ended_because"], before["ended_by"]) == ("extended", MA_LAN.subject)
    (written,) = register.audited("low-income-extended")
    assert (written["actor"], written["details"]["group"]) == (MA_LAN.subject, "monitored")
    assert written["details"]["asked_by"] == ZHOU_JIE.subject
    assert written["details"]["was_until"] == "2027-09-24"


async def test_a_decision_about_something_else_moves_nobody_by_hand_or_list(
    register: Register,
) -> None:
    members = a_person(1), a_person(2, old_age="是")
    home = a_household("h-1", *members, income="120.00", **decided())
    await register.imported(a_csv(rows_of(home)))
    await brought(register, "low-income-edge", a_list("low-income-edge", listed(1)))
    (household,) = register.rows("SELECT id FROM household")
    for number, income_fen in (("1", 20_000), ("2", 30_000)):
        walk = await earns(register, str(household["id"]), income_fen)
        await walk.do(HE_JUN, "confirm", decision_number=number, from_month="2026-10")
    found = (await register.get("/low-income", SUN_YU, query=id_number(1))).json()["items"][0]
    assert (found["current"]["group"], found["current"]["source"]) == ("edge", "list")


@pytest.mark.shows("S07")
async def test_counts_by_group_place_and_structure_equal_the_records_behind_them(
    register: Register,
) -> None:
    born = {1: "19450101", 2: "20150101", 3: "19900101", 4: "19660925", 5: "19660926"}
    rows = [
        {**each, "id_number": id_number(order, born[order]), "serial": order}
        for order, each in zip(born, listed(*born), strict=True)
    ]
    rows[1] |= {"registration": "urban", "village": OTHER_VILLAGE}
    await brought(register, "low-income-edge", a_list("low-income-edge", rows[:3]))
    await brought(
        register,
        "low-income-dibao",
        a_list("low-income-dibao", [{**e, "serial": n} for n, e in enumerate(rows[3:], 1)]),
    )
    counted = (await register.get("/low-income/statistics", SUN_YU)).json()
    assert counted["total"] == {
        "people": 5, "urban": 1, "rural": 4, "elderly": 2, "minor": 1, "disabled": 0, "women": 2,
    }  # fmt: skip
    for group, said in counted["groups"].items():
        for trait in ("urban", "rural", "elderly", "minor", "disabled", "women"):
            behind = await register.get("/low-income", SUN_YU, group=group, trait=trait)
            assert behind.json()["total"] == said[trait], (group, trait)
    assert sum(town["people"] for town in counted["towns"].values()) == 5
    for code, town in counted["towns"].items():
        assert sum(town["villages"].values()) == town["people"] == sum(town["groups"].values())
        behind = await register.get("/low-income", SUN_YU, area=code)
        assert behind.json()["total"] == town["people"]
    own = (await register.get("/low-income/statistics", ZHOU_JIE)).json()
    assert own["total"]["people"] == 4


@pytest.mark.shows("S04")
async def test_a_department_reads_its_groups_and_fields_and_no_more(register: Register) -> None:
    await brought(register, "low-income-edge", a_list("low-income-edge", listed(1, 2)))
    await brought(register, "low-income-expenditure", a_list("low-income-expenditure", listed(3)))
    rural, school = (
        Caller(f"client:{name}", Kind.PARTNER, COUNTY, "", frozenset({"low-income:slice"}))
        for name in ("rural-revitalisation", "education")
    )
    watched = (await register.get("/low-income/slice", rural, limit=1)).json()
    assert watched["fields"] == ["name", "id_number", "village", "group", "since"]
    assert len(watched["items"]) == 1
    rest = (await register.get("/low-income/slice", rural, after=watched["next"])).json()
    assert [each["group"] for each in rest["items"]] == ["edge"]
    assert rest["next"] is None
    pupils = (await register.get("/low-income/slice", school)).json()
    assert sorted(each["group"] for each in pupils["items"]) == ["edge", "edge", "expenditure"]
    assert all("village" not in each for each in pupils["items"])
    stranger = Caller("client:odd", Kind.PARTNER, COUNTY, "", frozenset({"low-income:slice"}))
    assert (await register.get("/low-income/slice", stranger)).status_code == 403
    assert (await register.get("/low-income", rural)).status_code == 403
    read = register.audited("low-income-slice-read")
    assert [each["actor"] for each in read] == [
        "client:rural-revitalisation",
        "client:rural-revitalisation",
        "client:education",
    ]


@pytest.mark.shows("S06")
async def test_a_townships_table_is_filed_by_its_day_and_what_comes_later_is_marked(
    register: Register,
) -> None:
    (register.keys.parent / "clock").write_text("2027-04-09T09:00:00+08:00", encoding="utf-8")
    first = await entered(register, **somebody(1))
    town = VILLAGE[:9]
    assert (await post(register, "/low-income/filings", ZHOU_JIE, town=town)).status_code == 403
    filed = await post(register, "/low-income/filings", MA_LAN, town=town)
    assert (filed.json()["entries"], filed.json()["late"]) == (1, False)
    nothing = await post(register, "/low-income/filings", MA_LAN, town=town)
    assert nothing.json()["type"] == "/problems/nothing-to-file"
    later(register, 2)
    second = await entered(register, **somebody(2))
    waits = (await register.get("/low-income/filings", SUN_YU)).json()
    assert (waits["due_on"], waits["overdue"]) == ("2027-04-10", True)
    assert [each["entries"] for each in waits["waiting"]] == [1]
    late = (await post(register, "/low-income/filings", MA_LAN, town=town)).json()
    assert (late["entries"], late["late"]) == (1, True)
    table = (await register.get(f"/low-income/filings/{late['filing_id']}", SUN_YU)).json()
    assert [each["low_income_id"] for each in table["items"]] == [second["low_income_id"]]
    whole = [
        (await register.get(f"/low-income/{each['low_income_id']}", SUN_YU)).json()
        for each in (first, second)
    ]
    assert [each["history"][0]["filed"]["late"] for each in whole] == [False, True]
    (read,) = register.audited("low-income-filing-read")
    assert (read["subject"], read["details"]) == (late["filing_id"], {"shown": 1})
    seen = register.audited("low-income-person-read")[-2:]
    assert [each["subject"] for each in seen] == [each["low_income_id"] for each in (first, second)]
    assert (await post(register, "/low-income/filings", OTHER_TOWN, town=town)).status_code == 422


async def test_what_cannot_be_is_refused_by_its_name(register: Register) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"id_number": "51142519900303001X"}, "number-doubtful"),
        ({"group": "rich"}, "act-not-understood"),
        ({"since": "2026-12-01"}, "date-not-to-come"),
        ({"village": "511425001999"}, "no-such-subject"),
        ({"village": VILLAGE[:9]}, "who-is-entered"),
        ({"signing": None}, "who-is-entered"),
        ({"request": "clear"}, "whose-stay-changes"),
        ({"signing": "cannot-sign"}, "signed-or-why-not"),
        (
            {"signing": "cannot-sign", "unsigned_because": "住院", "source": "application"},
            "signed-or-why-not",
        ),
    ]
    for words, problem in wrong:
        answer = await ask_to_enter(register, ZHOU_JIE, **somebody(1, **words))
        said = answer.json()
        found = said.get("needs") or [said["type"].rpartition("/")[2]]
        assert found == [problem], (words, answer.text)
    nobody = staff("odd", {"cases:read"})
    assert (await ask_to_enter(register, nobody, **somebody(1))).status_code == 403
    assert register.rows("SELECT count(*) AS n FROM low_income_person") == [{"n": 0}]
