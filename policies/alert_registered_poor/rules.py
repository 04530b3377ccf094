"""Registered poor 建档立卡: on the register of the poor and nowhere in assistance or low income."""

from policies.arithmetic import MONITORED, NOT_APPLICABLE
from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="township-cleanup-plan DB-12")
def alert_registered_poor_unfound(sum_of_found_by_means: int) -> int:
    """The warning of registered poor is about a household nobody of which was found by means."""
    return 1 if sum_of_found_by_means == 0 else 0


@person(source="township-cleanup-plan DB-12")
def still_registered_poor(
    listed_registered_poor: int, listed_out_of_poverty: int, died_on: int
) -> int:
    """Alive, on the register of the poor, and not marked as out of poverty."""
    if died_on != NOT_APPLICABLE or listed_out_of_poverty == 1:
        return 0
    return listed_registered_poor


@person(source="low-income-opinions-2023 six groups")
def stands_as_registered(low_income_group: int, listed_monitored: int) -> int:
    """In a group found by means, or among the monitored as the register says too."""
    if low_income_group == NOT_APPLICABLE or low_income_group > MONITORED:
        return 0
    return listed_monitored if low_income_group == MONITORED else 1


@person(source="township-cleanup-plan DB-12")
def registered_poor_nowhere(still_registered_poor: int, stands_as_registered: int) -> int:
    """Still registered poor, and in no group of the database that answers to it."""
    return 1 if still_registered_poor == 1 and stands_as_registered == 0 else 0


@must_be(at_least=1)
@household(source="township-cleanup-plan DB-12")
def alert_registered_poor_members(sum_of_registered_poor_nowhere: int) -> int:
    """How many members are still registered poor and stand nowhere."""
    return sum_of_registered_poor_nowhere


@award
@household(source="township-cleanup-plan DB-12")
def alert_registered_poor_raised(alert_registered_poor_members: int) -> int:
    """Somebody has to call on this household, which has so many registered poor."""
    return alert_registered_poor_members
