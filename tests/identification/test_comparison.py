"""A month of lists raises the alerts it should and no others, once."""

from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import psycopg
import pytest

from services.identification.comparison import hits, keeping, keyed_files, matching, population
from services.identification.comparison.hits import People
from services.identification.comparison.pseudonyms import Pseudonyms
from shared import secrets
from shared.callers import Caller
from shared.ids import new_id
from tests.identification.caseworkers import CHEN_HONG, WANG_FANG, Walk, an_application
from tests.identification.lists import (
    AS_OF,
    COMPARER,
    MAKER,
    MONTH,
    a_register,
    alerts,
    compared,
    delivered,
    officer,
    work,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.watched import entered, somebody

ALERT_SCOPES: Final = ("alerts:read", "alerts:assign", "alerts:check", "alerts:decide")


async def settled(register: Register, alert: dict[str, Any]) -> None:
    """Somebody looked, and it was nothing."""
    one, other = (officer(name, *ALERT_SCOPES) for name in ("liu-qiang", "he-jun"))
    acts: list[tuple[Caller, str, dict[str, str]]] = [
        (other, "assign", {"officer": "liu-qiang"}),
        (one, "check", {"found": "not-so", "checked_on": AS_OF, "findings": "房已拆"}),
        (other, "dismiss", {"reasons": "房已拆"}),
        (other, "close", {}),
    ]
    for version, (by, act, words) in enumerate(acts):
        done = await register.client.post(
            f"/alerts/{alert['alert_id']}/acts/{act}",
            json={"version": version, "words": words},
            headers=register.headers(by),
        )
        assert done.status_code == 200, done.text


async def deliver_a_month(register: Register) -> None:
    """Deaths of one on dibao and of strangers, a car, a pay, a certificate, bills, a marriage."""
    await delivered(
        register, "deaths", (id_number(2), "2026-09-02"), (id_number(800), "2026-09-03")
    )
    await delivered(register, "vehicles", (id_number(3), "川Z12345", ""))
    await delivered(register, "public-payroll", (id_number(5), "u-1", "3000.00"))
    await delivered(register, "disability-certificates", (id_number(4), "一级", "2020-01-01"))
    await delivered(
        register, "hospital-bills", (id_number(6), "v-1", "住院", "31000.00", "2026-08")
    )
    await delivered(
        register, "marriages", (id_number(1), id_number(2), "2010-05-01", "结婚"),
        (id_number(3), id_number(5), "2011-05-01", "结婚"),
    )  # fmt: skip


@pytest.mark.shows("S03")
async def test_a_month_of_lists_raises_the_alerts_it_should_and_no_others(
    register: Register,
) -> None:
    people = await a_register(register)
    await deliver_a_month(register)
    found = await compared(register)
    raised = {(each["kind"], each["person_id"]) for each in await alerts(register)}
    assert raised == {
        ("alert_death", people[id_number(2)]),
        ("alert_vehicles", None),
        ("alert_disability", people[id_number(4)]),
        ("alert_hospital", None),
        ("alert_marriage", people[id_number(3)]),
    }
    assert (found["alerts_found"], found["alerts_new"], found["people"]) == (5, 5, 6)

    again = await compared(register)
    assert again["attempt"] == 1
    assert len(await alerts(register)) == 5
    # With a newer list the month is done again: what is new is raised, and nothing twice.
    await delivered(register, "deaths", (id_number(2), "2026-09-02"), (id_number(1), "2026-09-09"))
    later = await compared(register)
    assert (later["attempt"], later["alerts_found"], later["alerts_new"]) == (2, 6, 1)
    assert len(await alerts(register)) == 6
    context = register.app.state.context
    people_of = register.settings.files_dir / "population"
    assert len(list(people_of.glob("*"))) == 2
    await keeping.tidy(context.database, register.settings.files_dir)
    (left,) = people_of.glob("*")
    assert left.stem.endswith("-2")


@pytest.mark.shows("S05")
async def test_matched_only_here_and_only_there_add_up_to_what_came_in(register: Register) -> None:
    await a_register(register)
    await deliver_a_month(register)
    found = await compared(register)
    counts = {each["feed"]: each for each in found["feeds"]}
    deaths = counts["deaths"]
    assert (deaths["entries"], deaths["entries_matched"], deaths["entries_only_there"]) == (2, 1, 1)
    assert (deaths["people_matched"], deaths["people_only_here"]) == (1, 5)
    # A marriage tells of two people and is two entries.
    assert (counts["marriages"]["entries"], counts["marriages"]["entries_matched"]) == (4, 4)
    for each in counts.values():
        assert each["entries"] == each["entries_matched"] + each["entries_only_there"]
    path = f"/comparisons/{found['comparison_id']}/feeds/deaths"
    there = (await register.get(f"{path}/only-there", MAKER)).json()
    assert there["rows"] == [3]
    matched = (await register.get(f"{path}/matched", MAKER)).json()["items"]
    here = (await register.get(f"{path}/only-here", MAKER)).json()["items"]
    assert (len(matched), len(here)) == (1, 5)


@pytest.mark.shows("S05")
async def test_whoever_leaves_a_household_this_month_and_applies_alone_is_counted_once(
    register: Register,
) -> None:
    people = await a_register(register)
    with psycopg.connect(register.database.owner_url, autocommit=True) as owner:
        moved = (people[id_number(4)],)
        owner.execute("UPDATE membership SET until = '2026-10' WHERE person_id = %s", moved)
        owner.execute(
            "INSERT INTO membership (id, county, household_id, person_id, relation, since)"
            " SELECT gen_random_uuid(), county, id, %s, '其他', '2026-10' FROM household"
            " WHERE number = 'h-1'",
            moved,
        )
        owner.execute(
            "UPDATE membership SET until = '2026-10' WHERE person_id = %s", (people[id_number(2)],)
        )
    walk = await Walk(register).open()
    alone = {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(2)}
    await walk.do(CHEN_HONG, "write", application=an_application(members=[alone]))
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    await delivered(register, "vehicles", (id_number(2), "川Z1", ""), (id_number(4), "川Z2", ""))
    found = await compared(register)
    (vehicles,) = (each for each in found["feeds"] if each["feed"] == "vehicles")
    assert (found["people"], vehicles["entries"], vehicles["entries_matched"]) == (6, 2, 2)
    assert vehicles["entries_only_there"] == 0


async def test_a_list_that_is_not_as_it_was_keyed_is_not_compared_with(register: Register) -> None:
    await a_register(register)
    delivery = await delivered(register, "deaths", (id_number(2), "2026-09-01"))
    other = await delivered(register, "deaths", (id_number(9), "2026-09-01"), as_of="2026-09-23")
    paths = [
        keyed_files.path_of(register.settings.files_dir, UUID(each["delivery_id"]))
        for each in (delivery, other)
    ]
    paths[0].write_bytes(paths[1].read_bytes())
    words, headers = {"month": MONTH}, register.headers(COMPARER)
    opened = await register.client.post("/comparisons", json=words, headers=headers)
    await work(register)
    found = (await register.get(f"/comparisons/{opened.json()['comparison_id']}", MAKER)).json()
    assert (found["status"], found["refused_because"]) == ("refused", "list-changed: deaths")


async def test_both_entries_of_a_row_stand_on_one_page(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    rows = [(id_number(1), id_number(700), "2001-01-01", "离婚")]
    rows += [
        (id_number(2 * each, "19700101"), id_number(2 * each + 1, "19700101"), "2001-01-01", "离婚")
        for each in range(50, 250)
    ]
    await delivered(register, "marriages", *rows)
    found = await compared(register)
    (marriages,) = (each for each in found["feeds"] if each["feed"] == "marriages")
    path = f"/comparisons/{found['comparison_id']}/feeds/marriages/only-there"
    listed: list[int] = []
    after: int | None = -1
    while after is not None:
        page = (await register.get(path, MAKER, after=after)).json()
        listed, after = listed + page["rows"], page["next"]
    assert len(listed) == marriages["entries_only_there"] == 401


async def test_counts_that_do_not_add_up_are_refused_and_cannot_be_written(
    register: Register,
) -> None:
    delivery = await delivered(register, "vehicles", (id_number(2), "川Z1", ""))
    path = keyed_files.path_of(register.settings.files_dir, UUID(delivery["delivery_id"]))
    twice = population.Columns({})
    for _ in range(2):
        twice.add(id_number(2), new_id(), new_id(), VILLAGE, {})
    people = People.of(twice.table(Pseudonyms(register.app.state.keys)))
    span = hits.Span.of(date(2026, 9, 25), "2026-10")
    with hits.connect(people) as connection:
        found = hits.find(connection, register.app.state.feeds["vehicles"], path, span)
    with pytest.raises(matching.Unsound, match="vehicles: 2 \\+ 0 is not 1"):
        matching.insist_that_entries_add_up({"vehicles": found}, {"vehicles": 1})
    (named,) = register.rows(
        "SELECT pg_get_constraintdef(oid) AS words FROM pg_constraint"
        " WHERE conname = 'ck_comparison_feed_adds_up'"
    )
    assert "entries_only_there >= 0" in named["words"]


async def test_spouses_who_hold_another_home_together_are_asked_about_again(
    register: Register,
) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))

    async def held_together(*units: str) -> dict[str, Any]:
        rows = [(id_number(order), unit, "") for unit in units for order in (1, 2)]
        await delivered(register, "property", *rows)
        return await compared(register)

    assert (await held_together("A-1", "A-2", "A-3"))["alerts_new"] == 1
    (first,) = await alerts(register)
    await settled(register, first)
    found = await held_together("B-1", "B-2", "B-3")
    assert (found["alerts_found"], found["alerts_new"]) == (1, 1)
    # The same of each is the same of both, in whatever order the list names them.
    again = await held_together("B-3", "B-1", "B-2")
    assert (again["attempt"], again["alerts_found"], again["alerts_new"]) == (3, 1, 0)


async def billed(
    register: Register, *bills: tuple[str, str, str], care: str = "住院"
) -> tuple[Any, Any]:
    """How many alerts a list of bills (stay, own share, month) raises, and how many are new."""
    rows = [(id_number(6), stay, care, own, month) for stay, own, month in bills]
    await delivered(register, "hospital-bills", *rows)
    found = await compared(register)
    return found["alerts_found"], found["alerts_new"]


@pytest.mark.breaks("An alert is raised once")
async def test_of_one_stay_an_alert_is_raised_once_however_long_its_list_grows(
    register: Register,
) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    first = ("v-1", "31000.00", "2026-08")
    assert await billed(register, first) == (1, 1)
    (alert,) = await alerts(register)
    await settled(register, alert)
    more = ("v-1", "9000.00", "2026-09")
    assert await billed(register, first, more) == (1, 0), "the same stay, and a higher bill"
    other = ("v-2", "2000.00", "2026-09")
    assert await billed(register, first, more, other) == (1, 1), "another stay"
    assert await billed(register, ("v-2", "33000.00", "2026-09")) == (1, 0), "which is known by now"
    assert await billed(register, first, other) == (1, 0), "and so are both together"


async def test_ordinary_outpatient_visits_prove_no_hardship(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    visits = [("v-1", "31000.00", "2026-08"), ("v-2", "9000.00", "2026-08")]
    assert await billed(register, *visits, care="普通门诊") == (0, 0)
    assert await billed(register, *visits, care="门诊慢特病") == (1, 1)
    rows = [(id_number(6), "v-1", "住院", "29000.00", "2026-08")]
    rows += [(id_number(6), f"v-{n}", "急诊", "5000.00", "2026-08") for n in range(2, 5)]
    await delivered(register, "hospital-bills", *rows)
    assert (await compared(register))["alerts_found"] == 0, "1,000 yuan short of the line"


async def test_what_spouses_hold_together_is_one_thing(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    rows = [(id_number(order), "A-1", "") for order in (1, 2)]
    # Whoever holds one home of their own and one with a spouse holds two, as one household.
    rows += [(id_number(3), unit, "") for unit in ("B-1", "B-2")] + [(id_number(4), "B-1", "")]
    await delivered(register, "property", *rows)
    await delivered(
        register, "farm-machinery",
        *((id_number(order), "川M1", "15000.00") for order in (1, 2)),
    )  # fmt: skip
    found = await compared(register)
    assert found["alerts_found"] == 1
    (alert,) = await alerts(register)
    shown = (await register.get(f"/alerts/{alert['alert_id']}", MAKER)).json()
    (homes,) = (each for each in shown["workings"] if each["quantity"] == "homes_together")
    assert (alert["kind"], homes["value"]) == ("alert_homes", 2)
    (property_,) = (each for each in found["feeds"] if each["feed"] == "property")
    assert (property_["entries_matched"], property_["people_matched"]) == (5, 4)


async def test_of_a_couple_the_latest_record_decides(register: Register) -> None:
    people = await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    stranger, other = id_number(700), id_number(701)
    await delivered(
        register,
        "marriages",
        (id_number(1), stranger, "2015-01-01", "离婚"),
        (id_number(1), stranger, "2001-01-01", "结婚"),
        (id_number(2), stranger, "2001-01-01", "结婚"),
        (id_number(2), stranger, "2015-01-01", "离婚"),
        (id_number(2), stranger, "2016-01-01", "复婚"),
        (id_number(3), stranger, "2001-01-01", "离婚"),
        (id_number(3), other, "2000-01-01", "结婚"),
        (id_number(4), stranger, "2001-01-01", "结婚"),
        (id_number(4), stranger, "2001-01-01", "离婚"),
    )
    found = await compared(register)
    assert {each["person_id"] for each in await alerts(register)} == {
        people[id_number(order)] for order in (2, 3)
    }
    (marriages,) = (each for each in found["feeds"] if each["feed"] == "marriages")
    assert (marriages["entries"], marriages["entries_matched"]) == (18, 9)


async def test_a_list_that_did_not_come_raises_nothing_and_is_counted(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(1), "2026-09-02"))
    found = await compared(register)
    assert [each["kind"] for each in await alerts(register)] == ["alert_death"]
    assert found["unjudged"]["alert_payroll"] == {"unknown-listed_public_pay_fen_monthly": 2}
    why = found["reason_words"]["unknown-listed_public_pay_fen_monthly"]["zh"]
    assert why == "不知道“财政供养名单上的月工资”"
    assert found["unjudged"].keys() <= found["kind_words"].keys()
    standings = {each["feed"]: each["standing"] for each in found["feeds"]}
    assert (standings["deaths"], standings["vehicles"]) == ("fresh", "missing")


async def test_a_list_too_old_stops_is_used_or_is_unknown_as_its_table_says(
    register: Register,
) -> None:
    await a_register(register)

    async def opening() -> httpx.Response:
        words, headers = {"month": MONTH}, register.headers(COMPARER)
        return await register.client.post("/comparisons", json=words, headers=headers)

    stopped = await opening()
    assert (stopped.status_code, stopped.json()["feeds"]) == (409, ["deaths"])
    await delivered(register, "deaths", (id_number(1), "2026-07-01"), as_of="2026-07-31")
    old = await opening()
    assert old.json()["type"] == "/problems/lists-missing"
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    await delivered(
        register, "public-payroll", (id_number(3), "u-1", "3000.00"),
        month="2026-07", as_of="2026-07-31",
    )  # fmt: skip
    await delivered(
        register, "disability-certificates", (id_number(4), "一级", ""),
        month="2026-07", as_of="2026-07-31",
    )  # fmt: skip
    found = await compared(register)
    standings = {each["feed"]: each["standing"] for each in found["feeds"]}
    assert standings["public-payroll"] == "last-known"
    assert standings["disability-certificates"] == "missing"
    assert found["lists"]["public-payroll"]["as_of"] == "2026-07-31"
    assert [each["kind"] for each in await alerts(register)] == ["alert_payroll"]
    assert found["unjudged"]["alert_disability"] == {"unknown-listed_disability_grade": 2}


@pytest.mark.shows("S51", "S85")
async def test_each_registered_poor_person_on_dibao_stands_in_exactly_one_batch(
    register: Register,
) -> None:
    people = await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    await delivered(register, "hospital-bills", (id_number(2), "v-1", "住院", "35000", "2026-08"))
    await delivered(
        register, "registered-poor", (id_number(1), "未脱贫"), (id_number(2), "监测对象"),
        (id_number(3), "已脱贫"), (id_number(5), "未脱贫"), (id_number(700), "未脱贫"),
    )  # fmt: skip
    await delivered(register, "marriages", (id_number(3), id_number(6), "2020-05-20", "结婚"),
                    (id_number(1), id_number(2), "2001-01-01", "离婚"))  # fmt: skip
    found = await compared(register)
    apart = {"assisted-only": 1, "registered-only": 1}
    watched = {"monitored-only-here": 0, "monitored-only-there": 0}
    assert found["batches"] == {"1": 1, "2": 1, "4": 1, **apart, **watched}

    async def listed(name: str) -> set[str]:
        path = f"/comparisons/{found['comparison_id']}/batches/{name}"
        items = (await register.get(path, MAKER)).json()["items"]
        return {each["person_id"] for each in items}

    batches = [await listed(str(number)) for number in (1, 2, 3, 4)]
    assert batches == [{people[id_number(order)]} for order in (1, 2)] + [
        set(), {people[id_number(3)]},
    ]  # fmt: skip
    assert await listed("assisted-only") == {people[id_number(4)]}
    assert await listed("registered-only") == {people[id_number(5)]}
    there = f"/comparisons/{found['comparison_id']}/feeds/registered-poor/only-there"
    assert (await register.get(there, MAKER)).json()["rows"] == [6]
    # A spouse by the records who is no member; a divorce is no marriage that stands.
    raised = {(each["kind"], each["person_id"]) for each in await alerts(register)}
    assert ("alert_marriage", people[id_number(3)]) in raised
    assert [kind for kind, _ in raised].count("alert_marriage") == 1


@pytest.mark.breaks("Authorised before compared")
async def test_applicants_and_people_of_low_income_are_looked_at_too(register: Register) -> None:
    draft = await Walk(register).open()
    unsigned = {"key": "head", "name": "张三", "relation": "户主", "id_number": id_number(52)}
    await draft.do(CHEN_HONG, "write", application=an_application(members=[unsigned]))
    members = [
        {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(51)},
        {
            "key": "wife", "name": "阿依", "relation": "配偶", "temporary_code": "T511425-1",
            "no_id_reason": "外省未上户", "born_on": "1970-01-01",
        },
    ]  # fmt: skip
    walk = await Walk(register).accepted(members=members)
    await walk.authorise()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await entered(register, **somebody(70))
    poor = id_number(70, "19900303")
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    ill = (id_number(51), id_number(52), poor)
    stays = [(number, "v-1", "住院", "40000", "2026-08") for number in ill]
    await delivered(register, "hospital-bills", *stays)
    found = await compared(register)
    assert found["people"] == 2, "nobody is compared before every adult of theirs has signed"
    raised = await alerts(register)
    assert {each["kind"] for each in raised} == {"alert_hospital"}
    by_case = next(each for each in raised if each["case_id"])
    other = next(each for each in raised if each["low_income_id"])
    assert (by_case["case_id"], by_case["household_id"]) == (walk.case["case_id"], None)
    assert (len(raised), other["household_id"], other["case_id"]) == (2, None, None)
    shown = (await register.get(f"/alerts/{by_case['alert_id']}", MAKER)).json()
    assert shown["workings"]


def test_what_stands_in_for_a_number_is_nobodys_key(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path, "identification")
    pseudonyms = Pseudonyms(secrets.KeyRing.open(tmp_path))
    coded = pseudonyms.one("T12345197001016789")
    assert coded != pseudonyms.one("T12345197001016780")
    numbers = [id_number(order) for order in range(1, 200)]
    keyed = pseudonyms.of(numbers, date(2026, 9, 25))
    keys = {bytes(key) for key in keyed.keys}
    assert (len(keys), coded in keys) == (199, False)
    assert keys == {pseudonyms.one(number) for number in numbers}
