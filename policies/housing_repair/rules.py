"""Housing repair 危房改造补助: once, for the only and unsafe home of a rural household."""

from policies.arithmetic import NOT_APPLICABLE, RURAL, Table, month_of
from policies.marks import award, explanation, household, must_be


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-02")
def housing_repair_decided(on_housing_repair: int) -> int:
    """This household stands in the plan for repairing homes."""
    return on_housing_repair


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-02")
def housing_repair_in_country(registration: int) -> int:
    """Homes are repaired for households registered in the country."""
    return 1 if registration == RURAL else 0


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-02")
def housing_repair_group(
    housing_repair_for: int, on_poverty_list: int, low_income_members: int
) -> int:
    """The household is in the group whose homes this place repairs."""
    return on_poverty_list if housing_repair_for == 2 else min(1, low_income_members)


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-02")
def housing_repair_only_home_unsafe(home_unsafe: int, home_is_only: int) -> int:
    """The home was found unsafe, and the household has no other."""
    return min(home_unsafe, home_is_only)


@must_be(at_least=1)
@household(source="practice a home is helped once")
def housing_repair_first_time(home_repaired_before: int) -> int:
    """A household has a repair subsidy once."""
    return 1 - home_repaired_before


@must_be(at_least=0)
@household(source="town-double-arrival-plan HO-03")
def housing_repair_places_left(
    housing_repair_has_quota: int, housing_repair_quota: int, housing_repair_place: int
) -> int:
    """How many places of the quota lie behind this household's, where there is a quota."""
    return housing_repair_quota - housing_repair_place if housing_repair_has_quota == 1 else 0


@must_be(at_least=1)
@household(source="village-2019-plan HO-04")
def housing_repair_finished(housing_work_finished_on: int, month_index: int) -> int:
    """The work was accepted, in this month or before."""
    if housing_work_finished_on == NOT_APPLICABLE:
        return 0
    return 1 if month_of(housing_work_finished_on) <= month_index else 0


@award
@household(source="gansu-city-opinions HO-02")
def housing_repair_award_fen(
    housing_repair_fen: Table, housing_work: int, housing_work_cost_fen: int
) -> int:
    """The repair subsidy for this kind of work, but no more than the work cost."""
    return min(housing_repair_fen[housing_work], housing_work_cost_fen)


@explanation
@household(source="town-double-arrival-plan HO-03")
def housing_repair_own_fen(housing_work_cost_fen: int, housing_repair_award_fen: int) -> int:
    """The household's own money: what the subsidy leaves of the cost."""
    return housing_work_cost_fen - housing_repair_award_fen
