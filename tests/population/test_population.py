"""The made-up population is one that a real office could have, and the same each time."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

from demonstration.population import workbook
from demonstration.population.canaries import Canaries
from demonstration.population.households import Household, Person
from demonstration.population.roster import Population
from demonstration.population.shares import villages
from shared.months import Month


@pytest.fixture(scope="module")
def county() -> list[Household]:
    return list(Population(12_000, 7).households())


@pytest.fixture(scope="module")
def people(county: list[Household]) -> list[Person]:
    return [person for household in county for person in household.people]


def test_there_are_exactly_as_many_people_as_asked_for() -> None:
    for wanted in (1, 59, 1_234):
        made = Population(wanted, 3).households()
        assert sum(len(household.people) for household in made) == wanted


def test_the_same_seed_writes_the_same_bytes_and_another_writes_others(tmp_path: Path) -> None:
    places = villages("511425")
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        workbook.write(tmp_path / name, Population(800, seed).households(), places)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "again").read_bytes()
    assert (tmp_path / "one").read_bytes() != (tmp_path / "other").read_bytes()


def test_every_id_number_is_valid_and_given_once(people: list[Person]) -> None:
    numbers = Counter(person.id_number for person in people)
    assert numbers.most_common(1)[0][1] == 1
    assert all(ric.is_valid(number) for number in numbers)
    assert {"512630", "511130", "511425"} <= {number[:6] for number in numbers}


def test_between_six_and_nine_in_a_hundred_are_on_something(county: list[Household]) -> None:
    on = sum(h.dibao or p.assisted for h in county for p in h.people)
    everybody = sum(len(household.people) for household in county)
    assert 6 <= 100 * on / everybody <= 9


def test_households_have_one_head_who_stands_first_and_at_most_fifteen_members(
    county: list[Household],
) -> None:
    for household in county:
        assert [p.relation for p in household.people].count("户主") == 1
        assert household.people[0].relation == "户主"
        assert len(household.people) <= 15
    assert max(len(household.people) for household in county) >= 10


def test_people_are_as_different_as_in_life(people: list[Person], county: list[Household]) -> None:
    assert any(set(person.name) & set("𠮷䶮㛃") for person in people)
    assert any("·" in person.name and len(person.name) >= 12 for person in people)
    assert any(person.died_on for person in people)
    assert any(person.until for person in people)
    assert {person.self_care for person in people} >= {"全自理", "半护理", "全护理"}
    assert {household.urban for household in county} == {True, False}
    rights = {person.account.relation for person in people if person.account}
    assert rights >= {None, "监护人", "机构", "照料人", "代领人"}
    assert any(person.assisted and person.account is None for person in people)


def test_cards_check_passbooks_do_not_and_homes_have_a_credit_code(people: list[Person]) -> None:
    accounts = [person.account for person in people if person.account]
    cards = [account.number for account in accounts if account.kind == "卡"]
    books = [account.number for account in accounts if account.kind == "存折"]
    assert cards
    assert all(luhn.is_valid(number) for number in cards)
    assert books
    assert not any(luhn.is_valid(number) for number in books)
    homes = {account.holder_number for account in accounts if account.relation == "机构"}
    assert all(code is not None and uscc.is_valid(code) for code in homes)


def test_children_and_the_severely_mentally_disabled_are_paid_through_a_guardian(
    people: list[Person],
) -> None:
    day = date(2026, 9, 20)
    for person in people:
        if person.relation != "户主" and person.account and person.age_on(day) < 18:
            assert person.account.relation == "监护人"
            assert person.account.paper


def test_a_later_month_keeps_the_people_and_changes_a_few(county: list[Household]) -> None:
    later = list(Population(12_000, 7, month=Month(2026, 12)).households())
    assert [h.number for h in later] == [h.number for h in county]
    changed = 0
    for before, after in zip(county, later, strict=True):
        kept = [p.id_number for p in after.people][: len(before.people)]
        assert kept == [p.id_number for p in before.people]
        changed += before != after
    assert 0 < changed < len(county) / 20


def test_canaries_are_numbers_of_people_on_assistance(tmp_path: Path) -> None:
    canaries = Canaries(7, wanted=20)
    county = list(canaries.watch(Population(5_000, 7).households()))
    canaries.write(tmp_path / "canaries.json")
    planted = json.loads((tmp_path / "canaries.json").read_text())
    assisted = {p.id_number for h in county if h.assisted for p in h.people}
    assert len(planted["id_numbers"]) == 20
    assert set(planted["id_numbers"]) <= assisted
    assert len(planted["account_numbers"]) >= 15
