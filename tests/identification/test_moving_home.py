"""A household moves inside the county: its area, its queue and its file go, its money goes on."""

from typing import Any

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    OFFICER,
    SUN_LEI,
    TOWN_HEAD,
    WANG_FANG,
    WORKER,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    in_month,
    sets,
    staff,
)
from tests.identification.citizens import told as messages
from tests.identification.ledgers import GAO_FEI, MA_CHAO, Ledger
from tests.identification.makers import OTHER_VILLAGE, VILLAGE, id_number
from tests.identification.province import OTHER_TOWN, ZHOU_JIE, a_list, brought
from tests.identification.register import COUNTY, Register
from tests.identification.reporters import numbers_of
from tests.identification.rounds import begun, found, signed
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import told
from tests.identification.test_decided_since import stood
from tests.identification.test_exchange import a_warning
from tests.identification.watched import ask_to_enter, somebody, waiting

TAN_YAN = staff("tan-yan", {"cases:read", "cases:decide"}, VILLAGE[:9])
THERE = staff("there", TOWN_HEAD | {"cases:apply", "cases:survey"}, OTHER_VILLAGE[:9])
GRANT: dict[str, Any] = {"opinion": "grant", "reasons": "属实"}
DECISION: dict[str, Any] = {"decision_number": "青民变〔2026〕51号", "from_month": "2026-10"}


@pytest.fixture
async def walk(register: Register) -> Walk:
    """A change of h-1, on dibao in one township."""
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="change", household_id=household_id)
    await walk.look()
    return walk


async def moves(walk: Walk, **words: Any) -> dict[str, Any]:
    """Described: they live in the other township since today."""
    proof = await walk.paper(CHEN_HONG, "household-register")
    today = walk.register.app.state.clock.today().isoformat()
    said = {"village": OTHER_VILLAGE, "address": "南城镇1组", "moved_on": today, "proof_id": proof}
    return await walk.do(CHEN_HONG, "move-home", **{**said, **words})


async def decided(walk: Walk, from_month: str = "2026-10") -> None:
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", **{**DECISION, "from_month": from_month})


def where(register: Register, table: str, column: str = "village") -> set[str]:
    return {row[column] for row in register.rows(f"SELECT {column} FROM {table}")}  # noqa: S608  # A test's own words.


@pytest.mark.breaks("Nothing is left behind")
async def test_who_moves_is_theirs_who_are_there_and_is_paid_on(walk: Walk) -> None:
    review = await Walk(walk.register).open(
        category="review", household_id=walk.case["household_id"]
    )
    effect = (await moves(walk))["effect"]
    assert effect["households"][0]["moves"] == {
        "from": VILLAGE, "to": OTHER_VILLAGE, "registration": None,
    }  # fmt: skip
    assert [(e["receipt"], e["first"]) for e in effect["goes_along"]] == [
        (review.case["receipt"], False)
    ]
    path = f"/cases/{review.case['case_id']}"
    assert (await walk.register.get(path, THERE)).status_code == 404
    await decided(walk)
    assert where(walk.register, "household") == {OTHER_VILLAGE}
    assert walk.case["village"] == VILLAGE, "what decided it has a number of the old village"
    last = await told(walk.register)
    assert (last.village, last.facts["on_dibao"], str(last.from_month)) == (
        OTHER_VILLAGE, 1, "2026-10",
    )  # fmt: skip
    seen = (await walk.register.get(path, THERE)).json()
    assert seen["history"][-1]["name"]["zh"].startswith("县内迁居")
    assert (await walk.register.get(path, CHEN_HONG)).status_code == 404
    file = await walk.register.get(f"/households/{walk.case['household_id']}/file", THERE)
    assert file.status_code == 200, "one household, one file"


async def test_what_was_decided_before_is_read_by_who_is_there_now_and_stays_as_it_was(
    register: Register,
) -> None:
    before = await Walk(register).confirming()
    await before.do(HE_JUN, "confirm", decision_number="青民决〔2026〕301号")
    (home,) = register.rows("SELECT id FROM household")
    walk = await Walk(register).open(category="change", household_id=str(home["id"]))
    await walk.look()
    assert (await register.get(before.path, THERE)).status_code == 404
    await moves(walk)
    await decided(walk, "2026-11")
    assert (await register.get(before.path, THERE)).json()["state"] == "granted"
    assert (await register.get(before.path, CHEN_HONG)).status_code == 200
    rows = register.rows("SELECT village FROM case_file WHERE category = 'dibao'")
    assert rows == [{"village": VILLAGE}], "its numbers and letters are those of its village"
    receipt = before.case["receipt"]
    for sought in (receipt, "李伟", id_number(1)):
        for by in (THERE, CHEN_HONG):
            items = (await register.get("/cases", by, query=sought)).json()["items"]
            assert receipt in {each["receipt"] for each in items}, sought
    items = (await register.get("/cases", THERE, query=OTHER_VILLAGE)).json()["items"]
    assert receipt not in {each["receipt"] for each in items}, "a village's are those it decided"


async def read(register: Register, path: str, by: Caller = HE_JUN, **asked: str) -> dict[str, Any]:
    answer = await register.get(path, by, **asked)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_who_moves_leaves_the_list_there_and_is_on_it_here_and_past_years_stay(
    walk: Walk,
) -> None:
    register, lines = walk.register, ("last_year", "came_in", "moved_in", "left", "moved_out")
    before = await read(register, "/year-lists/2026")
    in_month(register, 5)
    await moves(walk)
    await decided(walk, "2027-03")
    in_month(register, 2)
    assert await read(register, "/year-lists/2026") == before
    gone = await read(register, "/year-lists/2027", area=VILLAGE)
    here = await read(register, "/year-lists/2027", area=OTHER_VILLAGE)
    for shown, numbers, now in ((gone, [1, 0, 0, 0, 1], 0), (here, [0, 0, 1, 0, 0], 1)):
        assert [shown[name] for name in lines] == numbers
        assert (shown["this_year"], shown["adds_up"]) == (now, True)
    whole = await read(register, "/year-lists/2027")
    assert [whole[name] for name in lines] == [1, 0, 1, 0, 1], "nobody is new, and nobody left"
    assert (whole["this_year"], whole["adds_up"]) == (1, True)
    behind = await read(register, "/year-lists/2027/lines/moved_out", area=VILLAGE)
    (listed,) = behind["items"]
    assert (listed["village"], listed["from_month"]) == (VILLAGE, "2027-03")


async def test_a_month_tells_who_moved_from_one_township_to_another(walk: Walk) -> None:
    register = walk.register
    in_month(register, 5)
    await moves(walk)
    await decided(walk, "2027-03")
    in_month(register, 2)
    homes, change = "dibao-households", ("new", "moved-in", "stopped", "moved-out")
    of = {
        VILLAGE: (1, 0, [0, 0, 0, 1]),
        OTHER_VILLAGE: (0, 1, [0, 1, 0, 0]),
        COUNTY: (1, 1, [0, 1, 0, 1]),
    }
    for village, (then, now, moved) in of.items():
        by = staff("reads", {"reports:read"}, village[:9])
        february = numbers_of(await read(register, "/reports/month/2027-02", by))
        march = numbers_of(await read(register, "/reports/month/2027-03", by))
        assert (february[homes], march[homes]) == (then, now), village
        assert [march[f"{each}-households"] for each in change] == moved, village


@pytest.mark.breaks("Nothing is left behind")
async def test_the_only_card_of_who_moves_goes_along_though_it_is_closed(walk: Walk) -> None:
    register, home = walk.register, str(walk.case["household_id"])
    cards, pairing = Ledger(register, "household-card"), Ledger(register, "pairing")
    await cards.open(GAO_FEI, about=("household", home))
    await cards.do(GAO_FEI, "leave", reason="收入稳定")
    await pairing.open(GAO_FEI, about=("household", home))
    helper = {"owner": "sun-yu", "helper_kind": "cadre", "helper_unit": "县人社局"}
    await pairing.do(GAO_FEI, "assign", **helper)
    await pairing.do(GAO_FEI, "end", reason="搬走")
    await moves(walk)
    await decided(walk)
    assert (await register.get(pairing.path, MA_CHAO)).status_code == 404, "another may be opened"
    entered = await register.client.post(
        "/registers/household-card/missing", json={}, headers=register.headers(MA_CHAO)
    )
    assert (entered.status_code, entered.json()) == (200, {"entered": 1, "left": 0})
    assert (await cards.look(MA_CHAO))["state"] == "drafted"


@pytest.mark.breaks("Nothing is left behind")
async def test_what_the_province_warned_of_and_what_was_asked_of_the_database_goes_along(
    walk: Walk,
) -> None:
    register = walk.register
    await brought(register, "warnings", a_list("warnings", [a_warning("W-1", 1, name="李乙")]))
    request = await waiting(register, await ask_to_enter(register, ZHOU_JIE, **somebody(7)))
    await register.change(
        "UPDATE register_entry SET about_kind = 'low-income', about = (SELECT watched.id::text"
        " FROM low_income_person watched JOIN person USING (id_index) WHERE person.name = '李乙')"
    )
    await moves(walk)
    await decided(walk)
    items = "SELECT village, owner FROM exchange_item"
    assert register.rows(items) == [
        {"village": OTHER_VILLAGE, "owner": f"town:{OTHER_VILLAGE[:9]}"}
    ]
    assert (await register.get("/exchange/items", ZHOU_JIE)).json()["items"] == []
    assert (await register.get(request.path, OTHER_TOWN)).status_code == 200


@pytest.mark.breaks("Nothing is left behind")
async def test_an_open_round_finds_them_where_they_are_now(walk: Walk) -> None:
    register = walk.register
    head = staff("gao-yu", {"cases:read", "cases:decide", "cases:review", "cases:accept"})
    in_month(register, 1)
    of_county = await begun(register, head, area=COUNTY)
    half_signed = await begun(register, head, area=COUNTY, campaign="year-end")
    of_town = await begun(register)
    assert (await found(register, of_county, THERE)).status_code == 404
    assert (await found(register, half_signed)).status_code == 201
    await moves(walk)
    await decided(walk)
    rows = register.rows("SELECT round_id::text, village FROM campaign_household")
    assert {each["round_id"]: each["village"] for each in rows} == {
        of_county: OTHER_VILLAGE, half_signed: VILLAGE, of_town: VILLAGE,
    }  # fmt: skip
    answer = await found(register, of_county, THERE)
    assert answer.status_code == 201, answer.text
    assert (await signed(register, half_signed)).status_code == 201, "by who was there"
    assert (await found(register, of_town, finding="left")).status_code == 201
    answer = await signed(register, of_town, finding="left")
    assert answer.status_code == 201, answer.text
    rows = register.rows(
        "SELECT area, led.village FROM register_entry JOIN case_file led"
        " ON led.id = led_to_id AND led.category = 'exit'"
    )
    assert rows == [{"area": OTHER_VILLAGE[:9], "village": OTHER_VILLAGE}], "it is put right there"


@pytest.mark.breaks("Nothing is left behind")
async def test_what_is_before_the_county_or_on_a_board_is_decided_first(walk: Walk) -> None:
    other = Walk(walk.register, "tekun")
    await other.open()
    people = walk.case["application"]["members"]
    members = [
        {
            "key": f"m{order}",
            "id_number": id_number(order),
            **{n: one[n] for n in ("name", "relation")},
        }
        for order, one in enumerate(people, start=1)
    ]
    said = an_application(members=members, whose="m1")
    await other.do(CHEN_HONG, "write", application=said)
    await other.do(CHEN_HONG, "submit")
    await other.do(WANG_FANG, "accept")
    await walk.register.change("UPDATE case_file SET state = 'posted' WHERE category = 'tekun'")
    effect = (await moves(walk))["effect"]
    assert [(e["receipt"], e["first"]) for e in effect["goes_along"]] == [
        (other.case["receipt"], True)
    ]
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    answer = await walk.ask(HE_JUN, "confirm", **DECISION)
    assert answer.json()["type"] == "/problems/case-to-decide-first"
    assert answer.json()["receipts"] == [other.case["receipt"]]
    assert where(walk.register, "household") == {VILLAGE}
    await walk.register.change("UPDATE case_file SET state = 'surveying' WHERE category = 'tekun'")
    given = "{since: 2021-07-01, category: change, authority: township-entrusted}"
    sets(walk.register, f"delegation: [{given}]")
    answer = await walk.ask(TAN_YAN, "confirm", **DECISION)
    assert answer.json()["type"] == "/problems/moves-beyond-you"
    await walk.do(HE_JUN, "confirm", **DECISION)
    rows = walk.register.rows("SELECT village FROM case_file WHERE category = 'tekun'")
    assert rows == [{"village": OTHER_VILLAGE}]


async def test_where_townships_decide_themselves_a_move_between_two_is_the_countys(
    walk: Walk,
) -> None:
    given = "{since: 2021-07-01, category: change, authority: township-transferred}"
    sets(walk.register, f"delegation: [{given}]")
    await moves(walk)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", **GRANT)
    answer = await walk.ask(TAN_YAN, "confirm", **DECISION)
    assert answer.json()["needs"] == ["authority-of-its-day"]
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert where(walk.register, "household") == {OTHER_VILLAGE}
    within = await Walk(walk.register).open(THERE, category="change", household_number="h-1")
    proof = await within.paper(THERE, "household-register")
    said = {"village": "511425102208", "address": "2组", "moved_on": "2026-09-25"}
    await within.do(THERE, "move-home", **said, proof_id=proof)
    await within.do(THERE, "submit")
    await within.do(staff("two", TOWN_HEAD, OTHER_VILLAGE[:9]), "propose", **GRANT)
    decision = {**DECISION, "decision_number": "汉阳变〔2026〕1号"}
    answer = await within.ask(HE_JUN, "confirm", **decision)
    assert answer.json()["needs"] == ["authority-of-its-day"]
    own = staff("tang-wei", {"cases:read", "cases:decide"}, OTHER_VILLAGE[:9])
    await within.do(own, "confirm", **decision)


async def test_a_move_goes_to_another_village_of_the_county(walk: Walk) -> None:
    proof = await walk.paper(CHEN_HONG, "household-register")
    words: dict[str, Any] = {"address": "某处", "moved_on": "2026-09-01", "proof_id": proof}
    for village in (VILLAGE, "511425001999", "510104001001"):
        answer = await walk.ask(CHEN_HONG, "move-home", village=village, **words)
        assert answer.json()["type"] == "/problems/act-not-understood", village


async def test_who_is_registered_otherwise_by_it_is_looked_into(walk: Walk) -> None:
    await moves(walk, registration="urban")
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "surveying"
    await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert (await told(walk.register)).facts["registration"] == 1


async def test_months_before_they_moved_stay_those_of_where_they_were_registered(
    register: Register,
) -> None:
    household_id = await a_known_household(register, "h-1", 1, 2, 3, from_month="2026-01")
    in_month(register, 2)
    walk = await Walk(register).open(category="change", household_id=household_id)
    await moves(walk, registration="urban")
    await walk.do(CHEN_HONG, "submit")
    await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", **{**DECISION, "from_month": "2026-12"})
    there = staff("county-window", WORKER | OFFICER, COUNTY)
    death = Walk(register)
    await death.open(there, category="exit", household_id=household_id, village=None)
    *_, died = (await death.look(HE_JUN))["application"]["members"]
    await death.do(there, "death", person_key=died["key"], died_on="2026-10-20")
    await death.paper(there, "finding-proof")
    await death.do(HE_JUN, "end", decision_number="青民退〔2026〕1号", from_month="2026-11")
    months = ("2026-10", "2026-11", "2026-12")
    said = [(await stood(register, month)).facts["registration"] for month in months]
    assert said == [2, 2, 1], "what is decided of November since makes nobody urban by then"


async def test_whoever_asked_is_told_that_it_came_back(walk: Walk) -> None:
    await moves(walk)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "reopen", reason="村名有误")
    assert messages(walk.register)[-1]["happened"] == "sent-back"
    assert (await walk.look())["state"] == "open"


@pytest.mark.breaks("Nothing is put back blindly")
@pytest.mark.parametrize("outcome", ["set-aside", "win"])
@pytest.mark.parametrize("moves_on", [False, True])
async def test_a_move_that_was_wrong_is_undone_unless_they_moved_on_since(
    walk: Walk, outcome: str, moves_on: bool
) -> None:
    review = await Walk(walk.register).open(
        category="review", household_id=walk.case["household_id"]
    )
    await moves(walk)
    await decided(walk)
    if moves_on:
        third = "511425102208"
        again = await Walk(walk.register).open(THERE, category="change", household_number="h-1")
        proof = await again.paper(THERE, "household-register")
        said = {"village": third, "address": "南城镇2组", "moved_on": "2026-09-25"}
        await again.do(THERE, "move-home", **said, proof_id=proof)
        await again.do(THERE, "submit")
        await again.do(staff("two", TOWN_HEAD, OTHER_VILLAGE[:9]), "propose", **GRANT)
        await again.do(HE_JUN, "confirm", decision_number="c-52", from_month="2026-10")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won = {"from_month": "2026-10"} if outcome == "win" else {}
    await appeal.do(SUN_LEI, outcome, **OUTCOME, **won)
    there = third if moves_on else VILLAGE
    assert where(walk.register, "household") == {there}
    rows = walk.register.rows("SELECT village FROM case_file WHERE category = 'review'")
    assert rows == [{"village": there}], "what is open of them goes along"
    assert review.case["village"] == VILLAGE


async def test_who_was_seen_at_home_or_heard_before_a_move_was_seen_also_after_it(
    walk: Walk,
) -> None:
    register = walk.register
    desk = staff("gao-yu", {"cases:read", "cases:review"}, OTHER_VILLAGE[:9])

    async def seen_on() -> set[str]:
        answer = await read(register, "/reviews", desk, month="2028-12")
        return {
            each["last_seen_on"] for village in answer["villages"] for each in village["households"]
        }

    in_month(register, 1)
    round_id = await begun(register)
    assert (await found(register, round_id)).status_code == 201
    assert (await signed(register, round_id)).status_code == 201
    await moves(walk)
    await decided(walk)
    assert await seen_on() == {"2026-10-01"}, "by the round"

    in_month(register, 1)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "uphold", **OUTCOME)
    await register.change(
        "UPDATE case_file SET village = (SELECT village FROM campaign_household)"
        " WHERE category = 'appeal'"
    )
    assert await seen_on() == {"2026-11-01"}, "by whoever heard an appeal where they lived then"
