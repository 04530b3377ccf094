"""Proactive discovery: a lead with an owner and a clock, an application that is opened of itself,
and the time from the report to help."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
    staff,
)
from tests.identification.ledgers import HEAD, LEDGERS, Ledger
from tests.identification.lists import a_register, alerts, compared, delivered, officer
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    rows_of,
)
from tests.identification.province import MA_LAN, OTHER_TOWN, SUN_YU, a_list, brought, read
from tests.identification.register import Register
from tests.identification.reporters import lines_of, records, report
from tests.identification.test_alerts import act as alert_act
from tests.identification.test_alerts import heard

TODAY = "2026-09-25"
LIN_HAI = staff("lin-hai", LEDGERS | {"cases:read", "cases:apply"}, VILLAGE)
"""Of the village, who visits."""
XU_LAN = staff("xu-lan", HEAD | {"cases:read", "cases:review"}, VILLAGE[:9])


def found(**words: Any) -> dict[str, Any]:
    """What a visit found."""
    return {
        "source": "visit",
        "found_on": TODAY,
        "visitor": "林海",
        "name": "李伟",
        "id_number": id_number(1),
        "programme": "dibao",
        "situation": "独居，摔伤后无法劳动",
        **words,
    }


@pytest.mark.shows("S15")
async def test_a_lead_has_an_owner_and_without_a_result_is_on_the_overdue_list(
    register: Register,
) -> None:
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    assert (leads.entry["number"], leads.entry["owner"]) == ("XS-2026-0001", "staff:lin-hai")
    assert leads.entry["state_due_on"] == "2026-09-30"
    assert await leads.listed(XU_LAN, list="overdue") == []
    later(register, 30)
    assert await leads.listed(XU_LAN, list="overdue") == ["XS-2026-0001"]
    await leads.look(XU_LAN)
    await leads.do(XU_LAN, "hand-on", owner="wang-fang", reason="林海请假")
    taken = await leads.ask(LIN_HAI, "contact", contacted_on=TODAY, findings="x")
    assert taken.json()["needs"] == ["nobodys-or-mine"]
    await leads.do(XU_LAN, "hand-on", owner="lin-hai", reason="已回")
    await leads.look(LIN_HAI)
    await leads.do(LIN_HAI, "contact", contacted_on="2026-10-20", findings="属实")
    await leads.do(LIN_HAI, "not-eligible", reasons="儿女有赡养能力")
    assert await leads.listed(XU_LAN, list="overdue") == []
    late = (await leads.counts(XU_LAN))["states"]
    assert {each["state"]: each["count"] for each in late}["not-eligible"] == 1


@pytest.mark.shows("S15", "S50")
@pytest.mark.breaks("A relative settles no lead")
async def test_of_a_near_relative_another_settles_the_lead(register: Register) -> None:
    await a_known_household(register, "h-1", 1, 2)
    # The brother lives with whom the lead is about; whose number it says is enough.
    filing = {"relation": "sibling", "name": "李丙", "id_number": id_number(2)}
    answer = await register.client.post(
        "/relatives", json=filing, headers=register.headers(LIN_HAI)
    )
    assert answer.status_code == 201, answer.text
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    words = {"contacted_on": TODAY, "findings": "核实"}
    assert (await leads.ask(LIN_HAI, "contact", **words)).json()["needs"] == ["not-a-relative"]
    await leads.look(XU_LAN)
    await leads.do(XU_LAN, "hand-on", owner="xu-lan", reason="回避")
    await leads.do(XU_LAN, "contact", **words)
    await leads.do(XU_LAN, "hand-on", owner="lin-hai", reason="继续")
    for act, said in (("not-eligible", {"reasons": "x"}), ("decline", {})):
        refused = await leads.ask(LIN_HAI, act, **said)
        assert refused.json()["needs"] == ["not-a-relative"], act


@pytest.mark.shows("S15", "S62")
async def test_who_was_at_their_home_for_a_lead_came_by_for_the_pairing(
    register: Register,
) -> None:
    household = await a_known_household(register, "h-1", 1, 2)
    pairing = await Ledger(register, "pairing").open(XU_LAN, about=("household", household))
    visits = "unvisited"
    seen = {"contacted_on": TODAY, "findings": "屋漏"}
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    await leads.do(LIN_HAI, "contact", **seen, at_home=True)
    assert not [each for each in leads.entry["says"] if each["field"] == "pairing_visit"]
    await pairing.do(XU_LAN, "assign", owner="lin-hai", helper_kind="cadre", helper_unit="县人社局")
    assert await pairing.listed(XU_LAN, list=visits) == ["BF-2026-0001"]
    await leads.do(LIN_HAI, "contact", **seen)
    assert await pairing.listed(XU_LAN, list=visits) == ["BF-2026-0001"], "by telephone"
    await leads.do(LIN_HAI, "contact", **seen, at_home=True)
    assert await pairing.listed(XU_LAN, list=visits) == []
    said = {each["field"]: each["said"] for each in leads.entry["says"]}
    assert said["pairing_visit"] == "BF-2026-0001"
    (visit,) = [each for each in (await pairing.look(XU_LAN))["history"] if each["act"] == "visit"]
    assert (visit["words"]["visited_on"], visit["words"]["content"]) == (
        TODAY, "XS-2026-0001：屋漏",
    )  # fmt: skip


async def test_who_was_at_a_home_that_another_helps_keeps_what_they_found(
    register: Register,
) -> None:
    household = await a_known_household(register, "h-1", 1, 2)
    pairing = await Ledger(register, "pairing").open(XU_LAN, about=("household", household))
    await pairing.do(XU_LAN, "assign", owner="sun-yu", helper_kind="cadre", helper_unit="县人社局")
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    done = await leads.do(LIN_HAI, "contact", contacted_on=TODAY, findings="屋漏", at_home=True)
    assert done["state"] == "contacted"
    assert not [each for each in done["says"] if each["field"] == "pairing_visit"]
    assert await pairing.listed(XU_LAN, list="unvisited") == ["BF-2026-0001"]


@pytest.mark.shows("S15", "S60")
async def test_whoever_is_newly_poor_is_taken_into_pairing_from_the_lead(
    register: Register,
) -> None:
    struck = [a_household(f"h-{n}", a_person(n), a_person(n + 1)) for n in (1, 3)]
    await register.imported(a_csv(rows_of(*struck)))
    flood = found(source="hotline", situation="洪水冲毁住房", programme="temporary")
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **flood)
    assert (await leads.ask(LIN_HAI, "pair")).json()["type"] == "/problems/not-here"
    seen = {"contacted_on": TODAY, "findings": "房屋倒塌"}
    await leads.do(LIN_HAI, "contact", **seen)
    theirs = await leads.ask(LIN_HAI, "pair", household="h-3")
    assert theirs.json()["type"] == "/problems/not-their-pairing", "it says whose need it is"
    paired = await leads.do(LIN_HAI, "pair")
    said = {each["field"]: each["said"] for each in paired["says"]}
    assert (paired["state"], said["household"], said["pairing"]) == (
        "contacted", "h-1", "BF-2026-0001",
    )  # fmt: skip
    (entry,) = (await register.get("/registers/pairing", XU_LAN)).json()["items"]
    assert (entry["number"], entry["state"], entry["about_words"]) == (
        "BF-2026-0001", "unassigned", "h-1",
    )  # fmt: skip
    await leads.do(LIN_HAI, "open-application")
    again = await leads.do(LIN_HAI, "pair")
    assert again["history"][-1]["words"]["pairing"] == "BF-2026-0001", "it is paired already"
    assert await leads.listed(XU_LAN, list="paired") == ["XS-2026-0001"]
    # Nobody knows the number of whoever called for the neighbours.
    unknown = found(id_number=None, name="邻居")
    other = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **unknown)
    await other.do(LIN_HAI, "contact", **seen)
    for words, refused in (
        ({}, "household-not-said"),
        ({"household": "h-9"}, "no-such-household"),
        ({"pairing": "BF-2026-0002"}, "not-their-pairing"),
    ):
        answer = await other.ask(LIN_HAI, "pair", **words)
        assert answer.json()["type"] == f"/problems/{refused}"
    second = await other.do(LIN_HAI, "pair", household="h-3")
    assert second["history"][-1]["words"]["pairing"] == "BF-2026-0002"
    named = await other.do(LIN_HAI, "pair", pairing="bf-2026-0001")
    assert named["history"][-1]["words"] == {"household": "h-1", "pairing": "BF-2026-0001"}
    answer = await leads.ask(LIN_HAI, "pair", pairing="BF-2026-0002")
    assert answer.json()["type"] == "/problems/not-their-pairing", "it is another household's"


@pytest.mark.shows("S16")
async def test_a_lead_opens_its_application_and_the_time_to_help_is_measured(
    register: Register,
) -> None:
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    await leads.look(LIN_HAI)
    early = await leads.ask(LIN_HAI, "open-application")
    assert early.json()["type"] == "/problems/not-here"
    later(register, 1)
    await leads.do(LIN_HAI, "contact", contacted_on="2026-09-26", findings="属实")
    opened = await leads.do(LIN_HAI, "open-application")
    assert opened["state"] == "opened"
    words = opened["history"][-1]["words"]
    walk = Walk(register, case={"case_id": words["case_id"]})
    case = await walk.look(CHEN_HONG)
    assert (case["receipt"], case["channel"]) == (words["receipt"], "lead")
    assert case["application"]["reason"] == "独居，摔伤后无法劳动"
    assert [each["name"] for each in case["application"]["members"]] == ["李伟"]
    second = await Ledger(register, "lead").open(
        LIN_HAI, about=("village", VILLAGE), **found(name="张三", id_number=id_number(9))
    )
    before = (await register.get("/lead-times", XU_LAN, month="2026-09")).json()
    assert (before["leads"], before["helped"], before["median_hours_to_help"]) == (2, 0, None)
    await _granted(walk, register)
    times = (await register.get("/lead-times", XU_LAN, month="2026-09")).json()
    assert (times["leads"], times["opened"], times["helped"]) == (2, 1, 1)
    (helped,) = [each for each in times["items"] if each["case_id"]]
    assert helped["hours_to_help"] == times["median_hours_to_help"] == 24 * 8
    assert helped["receipt"] == words["receipt"]
    (waits,) = [each for each in times["items"] if each["number"] == second.entry["number"]]
    assert waits["hours_to_help"] is None


@pytest.mark.shows("S15")
async def test_what_became_of_leads_is_told_of_the_applications_they_led_to(
    register: Register,
) -> None:
    async def told(quarter: str) -> tuple[int, int, int | None, int]:
        register.app.state.shelf.forget()
        lines = lines_of(await report(register, f"/reports/quarter/{quarter}"))
        rate = lines["leads-admitted-rate"]["basis_points"]
        numbers = [lines[each]["number"] for each in ("leads-decided", "leads-admitted", "leads")]
        return numbers[0], numbers[1], rate, numbers[2]

    # The village writes the application of its own; the lead meets it, and it stays the village's.
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    await leads.do(LIN_HAI, "contact", contacted_on=TODAY, findings="属实")
    opened = await leads.do(LIN_HAI, "open-application")
    assert opened["history"][-1]["words"]["receipt"] == walk.case["receipt"]
    await _granted(walk, register)
    assert (await walk.look())["channel"] != "lead"
    for order in (5, 9):
        words = found(id_number=id_number(order), found_on="2026-10-02")
        other = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **words)
        await other.do(LIN_HAI, "contact", contacted_on="2026-10-02", findings="x")
        await other.do(LIN_HAI, "not-eligible", reasons="不符合")
    assert await told("2026-Q3") == (0, 0, None, 1), "nobody had decided anything by then"
    assert await told("2026-Q4") == (1, 1, 10_000, 2)
    path = "/reports/quarter/2026-Q4"
    (behind,) = await records(register, "leads-admitted", path=path)
    assert behind["receipt"] == walk.case["receipt"]


async def test_a_lead_about_a_household_brings_everybody_who_lives_there(
    register: Register,
) -> None:
    household = await a_known_household(register)
    leads = await Ledger(register, "lead").open(
        LIN_HAI, about=("household", "h-1"), **found(programme="temporary", id_number=None)
    )
    await leads.look(LIN_HAI)
    await leads.do(LIN_HAI, "contact", contacted_on=TODAY, findings="属实")
    opened = await leads.do(LIN_HAI, "open-application")
    case = (
        await register.get(f"/cases/{opened['history'][-1]['words']['case_id']}", LIN_HAI)
    ).json()
    assert (case["category"], case["household_id"]) == ("temporary", household)
    assert len(case["application"]["members"]) == 2


async def test_the_number_of_a_found_person_is_shown_to_caseworkers_only(
    register: Register,
) -> None:
    leads = await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **found())
    clerk = staff("clerk", LEDGERS, VILLAGE)
    seen = await leads.look(clerk)
    assert "id_number" in seen["hidden"]
    assert id_number(1) not in str(seen)
    read = f"{leads.path}/numbers"
    assert (await register.get(read, clerk)).json()["id_numbers"] == []
    assert id_number(1) not in str(await leads.look(LIN_HAI))
    assert (await register.get(read, LIN_HAI)).json()["id_numbers"] == [id_number(1)]
    (looked, _) = register.audited("numbers-looked-at")
    assert looked["actor"] == clerk.subject
    assert (await register.get(leads.path, OTHER_TOWN)).status_code == 404
    rows = register.rows("SELECT content_sealed FROM register_entry")
    assert id_number(1) not in str(rows)


@pytest.mark.shows("S15")
async def test_a_warning_of_new_hardship_is_a_lead_whose_result_answers_the_list(
    register: Register,
) -> None:
    await a_known_household(register, "h-1", 11)
    rows = [
        {
            "warning_number": f"W{order}",
            "name": "李戊",
            "id_number": id_number(order),
            "kind": kind,
            "detail": "住院自付三万元",
            "warned_on": TODAY,
            "village": VILLAGE,
        }
        for order, kind in ((11, "large-expense"), (12, "new-hardship"), (13, "vehicle"))
    ]
    came = await brought(register, "warnings", a_list("warnings", rows))
    leads = Ledger(register, "lead")
    assert await leads.listed(XU_LAN, list="ownerless") == ["XS-2026-0002", "XS-2026-0001"]
    items = (await register.get("/registers/lead", XU_LAN)).json()["items"]
    assert [each["shown"]["programme"] for each in items] == ["dibao", "temporary"]
    for each, act in zip(items, ("decline", "open-application"), strict=True):
        leads.entry = each
        await leads.look(LIN_HAI)
        await leads.do(LIN_HAI, "contact", contacted_on=TODAY, findings="已联系")
        assert leads.entry["owner"] == "staff:lin-hai"
        await leads.do(LIN_HAI, act)
    waiting = (await register.get("/exchange/items", SUN_YU, state="open")).json()["items"]
    assert [each["key"] for each in waiting] == ["W13"], "the others were answered by their leads"
    back = await register.get(f"/exchange/files/{came['file_id']}/answers", SUN_YU)
    said = {each["warning_number"]: each["outcome"] for each in read("warnings", back.content)}
    assert said == {"W11": "4", "W12": "7", "W13": ""}


@pytest.mark.shows("S04")
async def test_an_alert_acted_on_begins_a_lead_and_clears_a_group(
    register: Register,
) -> None:
    listed = {"name": "李明", "id_number": id_number(7), "village": VILLAGE, "since": TODAY}
    await brought(register, "low-income-edge", a_list("low-income-edge", [listed]))
    people = await a_register(register)
    aged = a_household("h-4", a_person(7, old_age="是"), **decided())
    await register.imported(a_csv(rows_of(aged)))
    await delivered(
        register, "hospital-bills", (id_number(6), "v-1", "住院", "31000.00", "2026-08")
    )
    await delivered(register, "deaths", (id_number(7), "2026-09-02"))
    await compared(register)
    checker = officer("hu-yan", "alerts:check", "alerts:read")
    head = officer("he-jun", "alerts:decide", "alerts:assign", "alerts:read")
    for each in await alerts(register, head):
        outcome = {"alert_hospital": "start", "alert_death": "clear"}.get(each["kind"])
        if outcome is None:
            continue
        assert (
            await alert_act(register, each, head, "assign", officer="hu-yan")
        ).status_code == 200
        await heard(register, each, "属实")
        checked = {"found": "so", "checked_on": TODAY, "findings": "属实"}
        for by, name, words in (
            (checker, "check", checked),
            (head, "act", {"outcome": outcome, "reasons": "核查属实"}),
        ):
            answer = await alert_act(register, each, by, name, **words)
            assert answer.status_code == 200, answer.text
    (lead,) = (await register.get("/registers/lead", XU_LAN)).json()["items"]
    assert (lead["about"], lead["owner"]) == (people[id_number(5)], None)
    assert (lead["shown"]["source"], lead["shown"]["programme"]) == ("alert", "temporary")
    found = (await register.get("/low-income", MA_LAN, query=id_number(7))).json()["items"]
    assert [each["current"] for each in found] == [None]
    others = (await register.get("/low-income", MA_LAN, query=id_number(1))).json()["items"]
    assert others[0]["current"]["group"] == "dibao", "only a decision ends what a decision began"


async def _granted(walk: Walk, register: Register) -> None:
    """The application goes its way to the decision."""
    await walk.look()
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    letter = await walk.paper(WANG_FANG, "authorisation")
    signed = {"document_id": letter, "signed_on": TODAY}
    await walk.do(WANG_FANG, "authorise", person_key="head", **signed)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(
        ZHANG_LI, "propose", opinion="grant", income_fen_monthly=18000, reasons="符合条件"
    )
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    later(register, 0)
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕8号")
