"""Enterprises 企业超出规定: a household found by means with more than is allowed."""

from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="gansu-city-opinions DB-13")
def alert_enterprises_watched(household_found_by_means: int) -> int:
    """The warning of enterprises is about a household that was found by means."""
    return household_found_by_means


@person(source="gansu-city-opinions DB-13")
def enterprises_named(listed_enterprises_count: int) -> int:
    """What the list names of enterprises for one member."""
    return listed_enterprises_count


@household(source="gansu-city-opinions DB-13")
def enterprises_together(sum_of_enterprises_named: int) -> int:
    """What the list names of enterprises for all members together."""
    return sum_of_enterprises_named


@must_be(at_least=1)
@household(source="gansu-city-opinions DB-13")
def alert_enterprises_above(enterprises_together: int, means_enterprise_limit: int) -> int:
    """By how much the enterprises on the list go beyond what the place allows."""
    if enterprises_together <= 0:
        return 0
    return max(enterprises_together - means_enterprise_limit, 0)


@award
@household(source="gansu-city-opinions DB-13")
def alert_enterprises_raised(alert_enterprises_above: int) -> int:
    """Somebody has to look at the enterprises of this household."""
    return 1 if alert_enterprises_above > 0 else 0
