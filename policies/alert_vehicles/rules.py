"""Vehicles 车辆超出规定: a household found by means with more than is allowed."""

from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="gansu-city-opinions DB-13")
def alert_vehicles_watched(household_found_by_means: int) -> int:
    """The warning of vehicles is about a household that was found by means."""
    return household_found_by_means


@person(source="gansu-city-opinions DB-13")
def vehicles_named(listed_vehicles_count: int) -> int:
    """What the list names of vehicles for one member."""
    return listed_vehicles_count


@household(source="gansu-city-opinions DB-13")
def vehicles_together(sum_of_vehicles_named: int) -> int:
    """What the list names of vehicles for all members together."""
    return sum_of_vehicles_named


@must_be(at_least=1)
@household(source="gansu-city-opinions DB-13")
def alert_vehicles_above(vehicles_together: int, means_vehicle_limit: int) -> int:
    """By how much the vehicles on the list go beyond what the place allows."""
    if vehicles_together <= 0:
        return 0
    return max(vehicles_together - means_vehicle_limit, 0)


@award
@household(source="gansu-city-opinions DB-13")
def alert_vehicles_raised(alert_vehicles_above: int) -> int:
    """Somebody has to look at the vehicles of this household."""
    return 1 if alert_vehicles_above > 0 else 0
