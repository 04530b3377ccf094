"""What the tables need: each is asked for somewhere, and what brings it about can be done there."""

from collections.abc import Iterable, Mapping, Set
from typing import Any, Final

import pytest

from services.identification.casework.cases import needs_in_words as of_cases
from services.identification.casework.hands_left import BY_HAND
from services.identification.casework.needs.named import NEEDS as CASES
from services.identification.casework.paths import all_paths
from services.identification.comparison.alerts import NEEDS as ALERTS
from services.identification.comparison.alerts import needs_in_words as of_alerts
from services.identification.comparison.kinds import read_kinds
from services.identification.grammar.acts import Table
from services.identification.grammar.needs import Wanted
from services.identification.registers.needs import NEEDS as ENTRIES
from services.identification.registers.needs import needs_in_words as of_entries
from services.identification.registers.tables import all_registers

ROOMS: Final[Mapping[str, tuple[Iterable[Any], Set[str], Mapping[str, Wanted]]]] = {
    "cases": (all_paths().values(), CASES.keys(), of_cases()),
    "registers": (all_registers().values(), ENTRIES.keys(), of_entries()),
    "alerts": ([read_kinds().path], ALERTS.keys(), of_alerts()),
}


def asked_by(table: Table) -> set[str]:
    """Every need a table names; a register's opening has some of its own."""
    acts = [*table.acts.values(), *filter(None, [getattr(table, "opens", None)])]
    return {need for act in acts for need in (*act.needs, *act.when)}


@pytest.mark.parametrize("room", ROOMS)
def test_every_need_has_words_and_is_asked_for(room: str) -> None:
    tables, needs, words = ROOMS[room]
    asked = {need for table in tables for need in asked_by(table)}
    assert needs == words.keys()
    assert asked == needs


@pytest.mark.parametrize("room", ROOMS)
def test_what_brings_a_need_about_can_be_done_where_it_is_asked_for(room: str) -> None:
    tables, _, words = ROOMS[room]
    for name, need in words.items():
        asking = [table for table in tables if name in asked_by(table)]
        for act in need.by:
            assert any(act in table.acts for table in asking), f"{name}: no table has {act}"


def test_whatever_bars_somebody_for_good_is_asked_when_it_is_asked_who_is_left() -> None:
    asked = set[str]().union(*(asked_by(path) for path in all_paths().values()))
    bars = {each for each in asked if each.startswith(("not-the-", "not-who-", "yours-"))}
    assert bars - BY_HAND.keys() == {"not-the-writer"}, "of a telephone"
