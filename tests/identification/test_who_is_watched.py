"""Whom the lists watch: whoever is paid, whatever it is that is paid."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
import pytest

import policies
from services.identification.casework.paths import STATUS, endable
from services.identification.comparison import keyed_files, matching, population
from services.identification.comparison.feeds import read_feeds
from services.identification.comparison.keyed_files import KeyedWriter
from services.identification.comparison.population import Origin
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.low_income.groups import all_groups
from shared import secrets
from shared.ids import new_id
from tests.identification.caseworkers import HE_JUN, Walk, an_application
from tests.identification.lists import MAKER, MONTH, alerts, compared, delivered
from tests.identification.makers import VILLAGE, a_csv, a_household, a_person, id_number, rows_of
from tests.identification.register import COUNTY, Register
from tests.identification.test_changes import told
from tests.identification.test_statuses import ALONE, EDGE
from tests.identification.watched import entered, somebody

TODAY: Final = date(2026, 9, 25)
PAID: Final = [
    (name, flag)
    for name, grant in endable().items()
    if grant.kind != STATUS
    for flag in grant.flags
]
ALIVE: Final = {"born_on": 1965_03_04, "died_on": "not-applicable", "registration": 2}


class Lists:
    """Some people and some lists, compared without a register."""

    def __init__(self, folder: Path) -> None:
        secrets.make_keys(folder, "identification")
        self._pseudonyms = Pseudonyms(secrets.KeyRing.open(folder))
        self._folder, self._feeds = folder, read_feeds()
        self._law = policies.load(COUNTY)
        self._people = population.Columns(population.decided_facts(self._law.facts))
        self._paths: dict[str, Path] = {}

    def person(
        self, order: int, facts: Mapping[str, Any], origin: Origin = Origin.REGISTER
    ) -> tuple[str, UUID]:
        """Somebody by themselves, with what was decided; their number and their id."""
        number, person = id_number(order), new_id()
        self._people.add(number, person, person, VILLAGE, {**ALIVE, **facts}, origin)
        return number, person

    def deliver(self, feed: str, *rows: tuple[str, Mapping[str, int]]) -> None:
        """A list that names them."""
        path = self._folder / f"{feed}.parquet"
        with KeyedWriter(path, self._feeds[feed]) as writer:
            for order, (number, values) in enumerate(rows):
                key = self._pseudonyms.one(number)
                kept = {each.name: pa.array([values.get(each.name)], pa.int64())
                        for each in self._feeds[feed].kept}  # fmt: skip
                writer.add(
                    {
                        keyed_files.KEY: pa.array([key], pa.binary(16)).cast(pa.uuid()),
                        keyed_files.ROW: pa.array([order], pa.int32()),
                        keyed_files.IDENTITY: pa.array([order + 1], pa.uint64()),
                        **kept,
                    }
                )
        self._paths[feed] = path

    def raised(self) -> dict[str, set[UUID]]:
        """Of whom each warning is raised."""
        table = self._people.table(self._pseudonyms)
        found = matching.compare(table, self._paths, self._feeds, self._law, MONTH, TODAY)
        ids = found.people.table.column("person_id").to_pylist()
        return {
            each.kind: {UUID(bytes=ids[place]) for place in each.places.tolist()}
            for each in found.watched.raised
        }


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """Nobody on any list yet."""
    return Lists(tmp_path)


@pytest.mark.parametrize(("feed", "kind", "row"), [
    ("deaths", "alert_death", {"died_on": 2026_09_02}),
    ("prisoners", "alert_custody", {"since": 2026_08_02}),
    ("other-counties", "alert_double", {"since": 2026_08_02}),
])  # fmt: skip
def test_whatever_is_paid_every_month_whoever_holds_it_is_watched(
    lists: Lists, feed: str, kind: str, row: Mapping[str, int]
) -> None:
    holders = [lists.person(order, {flag: 1}) for order, (_, flag) in enumerate(PAID, 1)]
    nobody = lists.person(900, {})
    lists.deliver(feed, *[(number, row) for number, _ in (*holders, nobody)])
    assert lists.raised()[kind] == {person for _, person in holders}, PAID


@pytest.mark.parametrize("flag", ["on_edge", "on_rigid_spending"])
def test_a_household_found_low_income_by_what_it_has_is_watched_as_on_dibao(
    lists: Lists, flag: str
) -> None:
    (number, whoever), (other, _) = lists.person(1, {flag: 1}), lists.person(2, {})
    rows: dict[str, dict[str, int]] = {
        "deaths": {"died_on": 2026_09_02},
        "prisoners": {"since": 2026_08_02},
        "public-payroll": {"pay": 900_000},
        "farm-machinery": {"worth": 90_000_000},
    }
    for feed, row in rows.items():
        lists.deliver(feed, (number, row), (other, row))
    for feed in ("vehicles", "property"):
        lists.deliver(feed, *[(each, {}) for each in [other, *[number] * 9]])
    raised = {kind: whose for kind, whose in lists.raised().items() if whose}
    assert raised == {
        f"alert_{kind}": {whoever}
        for kind in ("death", "custody", "payroll", "machinery", "vehicles", "homes")
    }


async def test_the_dead_of_the_low_income_database_are_asked_about_whoever_put_them_there(
    register: Register,
) -> None:
    walk = await Walk(register, "edge", EDGE).confirming(means={"pigs_count": 3})
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民低〔2026〕1号")
    decision = await told(register, granted["receipt"])
    home = a_household("h-9", a_person(91), a_person(92))
    await register.imported(a_csv(rows_of(home)))
    at_home = {**somebody(92), "id_number": id_number(92)}
    for words in (somebody(70), at_home):
        await entered(register, **words)
    head = an_application()["members"][0]["id_number"]
    dead = (head, id_number(70, "19900303"), id_number(91), id_number(92))
    when = {"month": str(decision.from_month), "as_of": "2026-10-02"}
    await delivered(register, "deaths", *[(each, "2026-09-02") for each in dead], **when)
    await compared(register, when["month"])
    raised = await alerts(register)
    assert {each["kind"] for each in raised} == {"alert_death"}
    ids = [(await register.get("/people", query=each)).json()["items"] for each in dead]
    people = [each[0]["person_id"] if each else None for each in ids]
    # Of the home of h-9 only one stands in the database.
    wanted = {people[0], people[3], None}
    assert (people[1], {each["person_id"] for each in raised}, len(raised)) == (None, wanted, 3)


def test_the_nursing_subsidy_that_is_not_delivered_is_told_of_households_off_dibao_too(
    lists: Lists,
) -> None:
    severe, mild = lists.person(1, {}), lists.person(2, {})
    cared_for = lists.person(3, {"on_disability_nursing": 1})
    on_dibao = lists.person(4, {"on_dibao": 1})
    rows = [(severe[0], 2), (mild[0], 3), (cared_for[0], 1), (on_dibao[0], 3)]
    lists.deliver("disability-certificates", *[(each, {"grade": grade}) for each, grade in rows])
    assert lists.raised()["alert_disability"] == {severe[1], on_dibao[1]}


def test_a_register_of_the_poor_is_set_against_the_group_each_stands_in_themselves(
    lists: Lists,
) -> None:
    code = {name: each.code for name, each in all_groups().items()}
    poor, watched, out = {"standing": 1}, {"standing": 3}, {"standing": 2}
    both = lists.person(1, {"low_income_group": code["monitored"]})
    merely = lists.person(2, {"low_income_group": code["monitored"]})
    nowhere, gone = lists.person(3, {}), lists.person(4, {"died_on": 2026_09_02})
    other = lists.person(5, {"low_income_group": code["other"]}, Origin.LOW_INCOME)
    by_means = [
        lists.person(order, {"low_income_group": code[name]}, Origin.LOW_INCOME)
        for order, name in enumerate(("tekun", "dibao", "edge", "expenditure"), 6)
    ]
    edge, twice = lists.person(20, {"on_edge": 1}), lists.person(21, {})
    rows = [(both, watched), (merely, poor), (nowhere, watched), (gone, poor), (other, watched)]
    rows += [(each, poor) for each in (*by_means, edge)] + [(twice, watched), (twice, out)]
    lists.deliver("registered-poor", *[(number, row) for (number, _), row in rows])
    assert lists.raised()["alert_registered_poor"] == {merely[1], nowhere[1], other[1]}
    # What an older file calls poor still is warned of as before, until the list is delivered anew.
    lists.deliver("registered-poor", (both[0], poor))
    assert lists.raised()["alert_registered_poor"] == {both[1]}


async def test_whoever_is_registered_poor_and_on_dibao_alone_stands_in_one_batch(
    register: Register,
) -> None:
    head = an_application()["members"][0]["id_number"]
    walk = await Walk(register, "single-person", ALONE).confirming()
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民单〔2026〕1号")
    decision = await told(register, granted["receipt"])
    home = a_household("h-9", a_person(91), a_person(92))
    await register.imported(a_csv(rows_of(home)))
    month = str(decision.from_month)
    when = {"month": month, "as_of": "2026-10-02"}
    await delivered(register, "deaths", (id_number(9), "2026-09-01"), **when)
    bill = (head, "v-1", "住院", "200.00", "2026-08", "")
    await delivered(register, "hospital-bills", bill, **when)
    poor = (head, id_number(91))
    await delivered(register, "registered-poor", *((each, "未脱贫") for each in poor), **when)
    found = await compared(register, month)
    listed = {}
    for name in ("1", "2", "3", "4", "assisted-only", "registered-only"):
        path = f"/comparisons/{found['comparison_id']}/batches/{name}"
        items = (await register.get(path, MAKER)).json()["items"]
        listed[name] = [each["person_id"] for each in items]
    ids = [(await register.get("/people", query=each)).json()["items"] for each in poor]
    alone, other = (each[0]["person_id"] for each in ids)
    assert listed == {
        "1": [alone], "2": [], "3": [], "4": [], "assisted-only": [], "registered-only": [other],
    }  # fmt: skip
    assert found["batches"] == {"1": 1, "assisted-only": 0, "registered-only": 1}
    # Nobody calls on the household of somebody who is on dibao, if alone.
    kinds = [(each["kind"], each["household_id"]) for each in await alerts(register)]
    assert [kind for kind, _ in kinds] == ["alert_registered_poor"]
    assert kinds[0][1] != granted["household_id"]
