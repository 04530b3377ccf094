"""Disaster relief 受灾人员救助: six kinds, by heads, by the dead or by the home."""

from policies.arithmetic import COMFORT, REBUILDING, Table
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="assistance-measures-2014 disaster")
def disaster_decided(on_disaster_aid: int) -> int:
    """The losses of this household were checked, and relief was granted."""
    return on_disaster_aid


@must_be(at_least=1)
@household(source="gansu-city-opinions DR-01")
def disaster_kind_given(disaster_kind_offered: Table, disaster_kind: int) -> int:
    """The kind of relief that was decided is one this place gives."""
    return disaster_kind_offered[disaster_kind]


@must_be(at_least=1)
@household(source="gansu-city-opinions DR-01")
def disaster_units(disaster_kind: int, disaster_dead: int, sum_of_payable_in_life: int) -> int:
    """Comfort money counts the dead, rebuilding the home, and every other kind the living."""
    if disaster_kind == COMFORT:
        return disaster_dead
    return 1 if disaster_kind == REBUILDING else sum_of_payable_in_life


@award
@household(source="gansu-city-opinions DR-01")
def disaster_award_fen(
    disaster_kind: int,
    disaster_aid_fen: Table,
    disaster_rebuilding_fen: Table,
    home_damage: int,
    disaster_units: int,
) -> int:
    """What the household gets after the disaster: a sum a head, or one for its damaged home."""
    if disaster_kind == REBUILDING:
        return disaster_rebuilding_fen[home_damage]
    return disaster_aid_fen[disaster_kind] * disaster_units
