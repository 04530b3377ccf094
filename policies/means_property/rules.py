"""Property 家庭财产: whether what a household owns is within the rules of the place."""

from policies.arithmetic import Table
from policies.marks import household


@household(source="gansu-city-opinions DB-13")
def means_vehicles_within_rules(vehicles_count: int, means_vehicle_limit: int) -> int:
    """The household has no more vehicles than the place allows."""
    if vehicles_count == 0:
        return 1
    return 1 if vehicles_count <= means_vehicle_limit else 0


@household(source="gansu-city-opinions DB-13")
def means_homes_within_rules(other_homes_count: int, means_other_home_limit: int) -> int:
    """The household has no more homes besides its own than the place allows."""
    if other_homes_count == 0:
        return 1
    return 1 if other_homes_count <= means_other_home_limit else 0


@household(source="gansu-city-opinions DB-13")
def means_savings_within_rules(
    savings_fen: int, means_savings_limit_fen: Table, registration: int, means_members: int
) -> int:
    """The household has saved no more a head than the place allows."""
    if savings_fen == 0:
        return 1
    return 1 if savings_fen <= means_savings_limit_fen[registration] * means_members else 0


@household(source="gansu-city-opinions DB-13")
def means_machinery_within_rules(machinery_fen: int, means_machinery_limit_fen: int) -> int:
    """The household's large machines are worth no more than the place allows."""
    if machinery_fen == 0:
        return 1
    return 1 if machinery_fen <= means_machinery_limit_fen else 0


@household(source="gansu-city-opinions DB-13")
def means_enterprises_within_rules(enterprises_count: int, means_enterprise_limit: int) -> int:
    """The household holds no more registered enterprises than the place allows."""
    if enterprises_count == 0:
        return 1
    return 1 if enterprises_count <= means_enterprise_limit else 0


@household(source="gansu-city-opinions DB-13")
def means_property_within_rules(
    means_vehicles_within_rules: int,
    means_homes_within_rules: int,
    means_savings_within_rules: int,
    means_machinery_within_rules: int,
    means_enterprises_within_rules: int,
) -> int:
    """All that the household owns is within the rules of the place."""
    return min(
        means_vehicles_within_rules,
        means_homes_within_rules,
        means_savings_within_rules,
        means_machinery_within_rules,
        means_enterprises_within_rules,
    )
