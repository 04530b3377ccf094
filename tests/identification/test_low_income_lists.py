"""Lists of the province beside what is decided here: whom they bring in, and whom they do not."""

import asyncio
from typing import Any

import httpx

from tests.identification.caseworkers import CHEN_HONG, HE_JUN, Walk, later
from tests.identification.makers import (
    OTHER_VILLAGE,
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import (
    MA_LAN,
    SUN_YU,
    ZHOU_JIE,
    a_list,
    bring,
    brought,
    fetched,
    post,
)
from tests.identification.register import Register
from tests.identification.test_low_income import listed
from tests.identification.watched import TODAY, act, ask_to_enter, entered, somebody, with_paper


async def on_list(register: Register, group: str, *orders: int, **words: Any) -> dict[str, Any]:
    """A list of the province that is applied: who stands on it, in this group."""
    template = f"low-income-{group}"
    return await brought(register, template, a_list(template, listed(*orders, **words)))


async def in_database(register: Register, order: int) -> dict[str, Any]:
    """Somebody of the database, with every group they were in."""
    found = (await register.get("/low-income", SUN_YU, query=id_number(order))).json()["items"]
    whole: dict[str, Any] = (
        await register.get(f"/low-income/{found[0]['low_income_id']}", SUN_YU)
    ).json()
    return whole


async def group_of(register: Register, order: int) -> tuple[str, str] | None:
    """The group somebody is in and where that is from."""
    now = (await in_database(register, order))["current"]
    return (now["group"], now["source"]) if now else None


async def reported(register: Register) -> set[str]:
    """The ID numbers that the roster to the province certifies."""
    answer = await post(register, "/exchange/outgoing", SUN_YU, template="households")
    if answer.status_code == 409:
        return set()
    _, rows = await fetched(register, "households")
    return {each["id_number"] for each in rows} - {""}


def why_not(file: dict[str, Any]) -> list[tuple[int, str]]:
    """The rows of a file that were not taken, and why."""
    return [(each["row"], each["code"]) for each in file["faults"]]


async def test_a_list_brings_nobody_back_who_died_and_names_the_row(register: Register) -> None:
    dead = a_person(2, died_on="2026-09-15")
    for second in (a_person(2), dead):
        home = a_household("h-1", a_person(1, name="赵二"), second, **on_dibao())
        await register.imported(a_csv(rows_of(home)))
    file = await on_list(register, "dibao", 1, 2)
    assert (file["counts"]["conflicts"], why_not(file)) == (1, [(3, "recorded-dead")])
    assert await group_of(register, 2) is None
    assert await reported(register) == {id_number(1)}
    differs = (await register.get("/low-income/lists", SUN_YU)).json()["conflicts"]
    assert [(each["on_lists"], each["in"]) for each in differs] == [(["dibao"], None)]


async def test_nobody_enters_whoever_the_register_knows_as_dead(register: Register) -> None:
    home = a_household("h-1", a_person(1), a_person(2, died_on="2026-09-15"))
    await register.imported(a_csv(rows_of(home)))
    refused = await ask_to_enter(register, ZHOU_JIE, **somebody(2, id_number=id_number(2)))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/recorded-dead")
    file = await on_list(register, "edge", 2)
    assert why_not(file) == [(2, "recorded-dead")]
    assert register.rows("SELECT count(*) AS n FROM low_income_person") == [{"n": 0}]


async def test_no_hand_moves_or_holds_whoever_died_since(register: Register) -> None:
    person = await entered(register, **somebody(2, id_number=id_number(2)))
    path = f"/low-income/{person['low_income_id']}"
    await register.imported(a_csv(rows_of(a_household("h-1", a_person(1), a_person(2)))))
    await register.change("UPDATE person SET died_on = '2026-09-20' WHERE name = '李明'")
    later(register, 10)
    for name, words in (("extend", {}), ("move", {"group": "other"})):
        refused = await act(register, path, ZHOU_JIE, name, reason="x", **words)
        assert refused.json()["type"] == "/problems/recorded-dead", name
    gone = await act(register, path, ZHOU_JIE, "clear", reason="已去世")
    assert gone.status_code == 200, gone.text


async def test_a_list_brings_nobody_back_whom_a_decision_took_out(register: Register) -> None:
    walk = await granted(register)
    leaving = await Walk(register).open(
        CHEN_HONG, category="exit", household_id=walk.case["household_id"]
    )
    await leaving.found(
        "wrongly-in", ends="dibao", found_on=later(register, 0).isoformat(), findings="错保"
    )
    await leaving.do(
        HE_JUN, "remove", decision_number="9号", from_month="2026-11", reasons="不符合条件"
    )
    assert await reported(register) == set()
    file = await on_list(register, "dibao", 1)
    assert why_not(file) == [(2, "decided-otherwise")]
    assert await group_of(register, 1) is None
    assert await reported(register) == set()


async def test_a_list_of_a_status_that_no_decision_spoke_of_brings_people_in(
    register: Register,
) -> None:
    head = a_person(1, name="赵二")
    home = a_household("h-1", head, a_person(2, old_age="是"), **decided())
    await register.imported(a_csv(rows_of(home)))
    file = await on_list(register, "edge", 1)
    assert (file["counts"]["entered"], file["faults"]) == (1, [])
    refused = await on_list(register, "dibao", 1)
    assert why_not(refused) == [(2, "decided-otherwise")]
    assert await group_of(register, 1) == ("edge", "list")


async def granted(register: Register) -> Walk:
    """A household that dibao is granted to."""
    walk = await Walk(register).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕8号")
    return walk


async def test_what_a_list_said_first_becomes_the_decisions_once_it_is_decided(
    register: Register,
) -> None:
    await on_list(register, "dibao", 1, 11)
    await register.imported(a_csv(rows_of(a_household("h-9", a_person(11), **on_dibao()))))
    await granted(register)
    assert await group_of(register, 1) == ("dibao", "decision")
    assert await group_of(register, 11) == ("dibao", "roster")
    history = (await in_database(register, 1))["history"]
    assert [(each["source"], each["since"], each["until"]) for each in history] == [
        ("decision", "2026-11-01", None),
        ("list", "2026-03-01", "2026-10-31"),
    ]
    for order in (1, 11):
        path = f"/low-income/{(await in_database(register, order))['low_income_id']}"
        later(register, 30)
        refused = await act(register, path, ZHOU_JIE, "clear", reason="x")
        assert refused.json()["type"] == "/problems/only-by-decision"


async def test_no_hand_clears_whom_a_decision_draws_wherever_the_stay_is_from(
    register: Register,
) -> None:
    await granted(register)
    await register.change("UPDATE low_income_entry SET source = 'list', since = '2026-03-01'")
    path = f"/low-income/{(await in_database(register, 1))['low_income_id']}"
    refused = await act(register, path, ZHOU_JIE, "clear", reason="x")
    assert refused.json()["type"] == "/problems/only-by-decision"


async def test_a_list_ends_nothing_that_was_decided(register: Register) -> None:
    await granted(register)
    file = await on_list(register, "tekun", 1)
    assert (file["counts"]["moved"], why_not(file)) == (0, [(2, "decided-otherwise")])
    assert await group_of(register, 1) == ("dibao", "decision")
    await on_list(register, "dibao", 1)
    await on_list(register, "dibao", 60)
    assert (await register.get("/low-income/lists", SUN_YU)).json()["gone"] == []


async def test_nobody_is_in_two_groups_on_one_day(register: Register) -> None:
    await on_list(register, "dibao", 1)
    path = f"/low-income/{(await in_database(register, 1))['low_income_id']}"
    assert (await act(register, path, ZHOU_JIE, "clear", reason="错")).status_code == 200
    again = somebody(1, id_number=id_number(1), since=TODAY)
    refused = await ask_to_enter(register, ZHOU_JIE, **again)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/day-taken")
    await on_list(register, "edge", 1)
    later(register, 1)
    stays = (await in_database(register, 1))["history"]
    assert [(each["group"], each["since"], each["until"]) for each in stays] == [
        ("edge", "2026-09-26", None),
        ("dibao", "2026-03-01", TODAY),
    ]


async def test_who_left_is_entered_again_from_the_day_after(register: Register) -> None:
    person = await entered(register, **somebody(1))
    path = f"/low-income/{person['low_income_id']}"
    await act(register, path, ZHOU_JIE, "clear", reason="错")
    day = later(register, 1).isoformat()
    back = await entered(register, **somebody(1, since=day))
    assert back["current"]["since"] == day


async def at_once(register: Register, *asked: tuple[str, bytes]) -> list[httpx.Response]:
    """Files that come at the same moment."""
    return await asyncio.gather(*(bring(register, *each) for each in asked))


async def test_lists_that_come_at_the_same_moment_are_both_applied(register: Register) -> None:
    for first in (100, 300, 500):
        orders = range(first, first + 150)
        files = [
            (template, a_list(template, listed(*each)))
            for template, each in (
                ("low-income-dibao", orders),
                ("low-income-edge", orders[::-1]),
                ("low-income-tekun", orders[:20]),
            )
        ]
        answers = await at_once(register, *files)
        assert [each.json().get("state") for each in answers] == ["applied"] * 3
    now = "SELECT group_name, count(*) AS n FROM low_income_entry WHERE until IS NULL GROUP BY 1"
    assert register.rows(f"{now} ORDER BY 1") == [
        {"group_name": "dibao", "n": 390},
        {"group_name": "tekun", "n": 60},
    ]


async def test_a_list_and_an_officer_at_the_same_moment_both_come_through(
    register: Register,
) -> None:
    for order in (100, 300, 500):
        content = a_list("low-income-dibao", listed(*range(order, order + 100)))
        words = somebody(order + 99, id_number=id_number(order + 99))
        request = await with_paper(register, **words)
        listing, agreed = await asyncio.gather(
            bring(register, "low-income-dibao", content), request.ask(MA_LAN, "agree")
        )
        assert listing.json().get("state") == "applied", listing.text
        assert agreed.json().get("type") in {None, "/problems/already-entered"}
        assert await group_of(register, order + 99) == ("dibao", "list")


async def test_a_list_moves_and_renames_nobody_whom_the_register_knows(register: Register) -> None:
    home = a_household(
        "h-1", a_person(1, name="李乙", registration="城镇"), **on_dibao(), village=OTHER_VILLAGE
    )
    await register.imported(a_csv(rows_of(home)))
    file = await on_list(register, "dibao", 1)
    assert (file["counts"]["same"], why_not(file)) == (1, [(2, "registered-otherwise")])
    (known,) = register.rows("SELECT name, village, registration FROM low_income_person")
    assert known == {"name": "李乙", "village": OTHER_VILLAGE, "registration": 1}
    unsaid = {"name": "李乙", "village": OTHER_VILLAGE, "registration": None}
    file = await on_list(register, "dibao", 1, **unsaid)
    assert why_not(file) == []
    assert register.rows("SELECT name, village, registration FROM low_income_person") == [known]


async def test_a_list_changes_whom_the_database_alone_knows_in_what_it_says(
    register: Register,
) -> None:
    await on_list(register, "edge", 1, registration="urban")
    file = await on_list(register, "edge", 1, name="赵新", village=OTHER_VILLAGE, registration=None)
    assert (file["counts"]["same"], why_not(file)) == (1, [])
    (known,) = register.rows("SELECT name, village, registration FROM low_income_person")
    assert known == {"name": "赵新", "village": OTHER_VILLAGE, "registration": 1}
