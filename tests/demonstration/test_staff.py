"""Whoever tries the demonstration finds an account for every hand a case goes through."""

from collections import Counter
from pathlib import Path

import yaml

from demonstration.staff import ACCOUNTS, TOWN, VILLAGE
from gateway import words
from gateway.staff import AREA, NAME, ROLES

PLACES = Path(__file__).resolve().parents[2] / "demonstration" / "places"


def test_every_role_of_the_door_is_somebody_here() -> None:
    assert {account.role for account in ACCOUNTS.values()} == set(ROLES)


def test_two_investigators_work_in_the_town_of_the_village() -> None:
    roles = Counter((account.role, account.area) for account in ACCOUNTS.values())
    assert roles["township-officer", TOWN] == 2
    assert roles["village-worker", VILLAGE] == 1
    towns = yaml.safe_load((PLACES / "511425.yaml").read_text(encoding="utf-8"))["towns"]
    (villages,) = (town["villages"] for town in towns if town["code"] == TOWN)
    assert VILLAGE in {village["code"] for village in villages}


def test_every_account_can_be_registered_and_is_named_on_its_page() -> None:
    page = (PLACES.parent / "README.md").read_text(encoding="utf-8")
    for name, account in ACCOUNTS.items():
        assert NAME.fullmatch(name)
        assert AREA.fullmatch(account.area)
        assert f"`{name}`" in page


def test_every_role_has_a_word_on_the_desk() -> None:
    assert set(words.ROLES) == set(ROLES)
