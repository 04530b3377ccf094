"""Who is watched (监测对象) by the rural department and in the database, or on one list only."""

from typing import Any, Final

import policies
from services.identification.low_income.groups import all_groups
from tests.identification.caseworkers import WANG_FANG, Walk, later
from tests.identification.lists import MAKER, alerts, compared, delivered
from tests.identification.makers import a_csv, a_household, a_person, id_number, on_dibao, rows_of
from tests.identification.province import ZHOU_JIE
from tests.identification.register import COUNTY, Register
from tests.identification.test_alerts import act as do
from tests.identification.watched import act, entered, somebody

HERE: Final = "monitored-only-here"
THERE: Final = "monitored-only-there"
WATCHED: Final = "监测对象"
POOR: Final = "registered-poor"


def alone(order: int) -> str:
    """The number of somebody the database alone knows."""
    return id_number(order, "19900303")


async def a_county(register: Register) -> dict[str, str]:
    """A household on dibao, two that are not, an application, and people of the database alone;
    everybody's number by the id the lists show, where there is one."""
    homes = [
        a_household("h-1", a_person(1), a_person(2), **on_dibao()),
        a_household("h-3", a_person(5), a_person(6), a_person(7)),
        a_household("h-4", a_person(8, died_on="2026-09-12"), a_person(9), a_person(10)),
    ]
    found = await register.imported(a_csv(rows_of(*homes)))
    assert found["status"] == "imported", found
    members = [
        {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(51)},
        {"key": "wife", "name": "张三", "relation": "配偶", "id_number": id_number(52)},
    ]
    walk = await Walk(register).accepted(members=members)
    await walk.authorise()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    ids = {}
    for order in (5, 7, 10, 51, 52):
        await entered(register, **somebody(order, id_number=id_number(order)))
    for order in (70, 71, 72, 73):
        known = await entered(register, **somebody(order))
        ids[known["low_income_id"]] = alone(order)
    for order in (1, 2, 5, 6, 7, 8, 9, 10):
        items = (await register.get("/people", query=id_number(order))).json()["items"]
        ids[items[0]["person_id"]] = id_number(order)
    return ids


async def stays_of(register: Register, number: str) -> str:
    """The page of somebody of the database."""
    asked = {"Search-For": number}
    headers = {**register.headers(ZHOU_JIE), **asked}
    found = (await register.client.get("/low-income", headers=headers)).json()
    (one,) = found["items"]
    return f"/low-income/{one['low_income_id']}"


async def behind(register: Register, found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The people of a list."""
    path = f"/comparisons/{found['comparison_id']}/batches/{name}"
    items: list[dict[str, Any]] = (await register.get(path, MAKER)).json()["items"]
    return items


def test_the_law_knows_the_groups_of_the_database_by_their_own_names() -> None:
    codes = policies.load(COUNTY).facts["low_income_group"].codes
    ours = [(each.code, each.name, each.zh, each.en) for each in all_groups().values()]
    assert [(n, e.name, e.words.zh, e.words.en) for n, e in codes.items()] == ours


async def test_whoever_is_watched_on_one_of_the_two_lists_is_named_and_on_both_left_alone(
    register: Register,
) -> None:
    ids = await a_county(register)
    later(register, 3)
    for order, words in ((10, {"request": "clear"}), (73, {"request": "move", "group": "other"})):
        number = id_number(order) if order == 10 else alone(order)
        path = await stays_of(register, number)
        done = await act(register, path, ZHOU_JIE, words.pop("request"), reason="复核", **words)
        assert done.status_code == 200, done.text
    listed = [id_number(order) for order in (1, 5, 6, 8, 10, 51, 700)]
    listed += [alone(72), alone(73)]
    rows = [(each, WATCHED) for each in listed] + [(alone(71), "未脱贫"), (id_number(9), "已脱贫")]
    await delivered(register, "deaths", (id_number(51), "2026-09-02"))
    await delivered(register, POOR, *rows)
    found = await compared(register)
    here, there = [await behind(register, found, name) for name in (HERE, THERE)]
    assert [found["batches"][name] for name in (HERE, THERE)] == [len(here), len(there)]
    # Of h-3, 7 is in the database only and 6 on the list only; who was cleared before the month is
    # in no group, whoever is on dibao is in a stronger one, and nobody asks after the dead.
    named = [each for each in here if not each["applicant"]]
    assert {ids[each["person_id"]] for each in named} == {id_number(7), alone(70), alone(71)}
    assert [each["low_income"] for each in named].count(True) == 2
    (applicant,) = (each for each in here if each["applicant"])
    assert {ids[each["person_id"]] for each in there} == {
        id_number(6), id_number(10), alone(73),
    }  # fmt: skip

    weights = register.rows(
        "SELECT a.weight, h.number, a.low_income_id FROM alert a"
        " LEFT JOIN household h ON h.id = a.household_id WHERE a.kind = 'alert_registered_poor'"
    )
    of = {each["number"] or ids[str(each["low_income_id"])]: each["weight"] for each in weights}
    assert of == {"h-3": 1, "h-4": 1, alone(71): 1, alone(73): 1}
    # An applicant of the database may be dead like anybody who stands there; it may be who would be
    # told, and so nobody is.
    (death,) = (each for each in await alerts(register) if each["kind"] == "alert_death")
    assert (death["case_id"], death["person_id"]) == (applicant["household_id"], None)
    for name, words in (("assign", {"officer": "liu-qiang"}), ("ask", {"asked_how": "上门告知"})):
        assert (await do(register, death, MAKER, name, **words)).status_code == 200
    assert register.told("answer-wanted") == []

    # A register that calls nobody watched, as one kept before it was told apart, names nobody.
    later(register, 30)
    when = {"month": "2026-11", "as_of": "2026-10-24"}
    await delivered(register, "deaths", (id_number(9), "2026-09-01"), **when)
    await delivered(register, POOR, *((each, "未脱贫") for each in listed), **when)
    found = await compared(register, "2026-11")
    assert {HERE, THERE} & found["batches"].keys() == set()
    path = f"/comparisons/{found['comparison_id']}/batches/{HERE}"
    assert (await register.get(path, MAKER)).status_code == 404
    assert found["batches"]["registered-only"] == len(
        await behind(register, found, "registered-only")
    )
    # October stays as it was: 7, who was cleared since, was watched here in it.
    path = await stays_of(register, id_number(7))
    assert (await act(register, path, ZHOU_JIE, "clear", reason="复核")).status_code == 200
    await delivered(register, POOR, *rows[:-1], as_of="2026-09-25")
    again = await compared(register)
    assert (again["attempt"], again["batches"][HERE]) == (2, len(here))
    people = {each["person_id"] for each in await behind(register, again, HERE)}
    assert people == {each["person_id"] for each in here}
