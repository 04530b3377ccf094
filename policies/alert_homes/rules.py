"""Homes 住房超出规定: a household found by means with more than is allowed."""

from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="gansu-city-opinions DB-13")
def alert_homes_watched(household_found_by_means: int) -> int:
    """The warning of homes is about a household that was found by means."""
    return household_found_by_means


@person(source="gansu-city-opinions DB-13")
def homes_named(listed_homes_count: int) -> int:
    """What the list names of homes for one member."""
    return listed_homes_count


@household(source="gansu-city-opinions DB-13")
def homes_together(sum_of_homes_named: int) -> int:
    """What the list names of homes for all members together."""
    return sum_of_homes_named


@must_be(at_least=1)
@household(source="gansu-city-opinions DB-13")
def alert_homes_above(homes_together: int, means_other_home_limit: int) -> int:
    """By how much the homes on the list go beyond what the place allows."""
    if homes_together <= 1:
        return 0
    return max(homes_together - 1 - means_other_home_limit, 0)


@award
@household(source="gansu-city-opinions DB-13")
def alert_homes_raised(alert_homes_above: int) -> int:
    """Somebody has to look at the homes of this household."""
    return 1 if alert_homes_above > 0 else 0
