"""Registered poor 建档立卡未纳入低保: on the register of the poor and in no assistance."""

from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="township-cleanup-plan DB-12")
def alert_registered_poor_unassisted(sum_of_in_assistance_by_means: int) -> int:
    """The warning of registered poor is about a household without dibao and tekun."""
    return 1 if sum_of_in_assistance_by_means == 0 else 0


@person(source="township-cleanup-plan DB-12")
def still_registered_poor(listed_registered_poor: int, listed_out_of_poverty: int) -> int:
    """On the register of the poor, and not marked as out of poverty."""
    return 1 if listed_registered_poor == 1 and listed_out_of_poverty == 0 else 0


@must_be(at_least=1)
@household(source="township-cleanup-plan DB-12")
def alert_registered_poor_members(sum_of_still_registered_poor: int) -> int:
    """How many members are on the register of the poor and not out of poverty."""
    return sum_of_still_registered_poor


@award
@household(source="township-cleanup-plan DB-12")
def alert_registered_poor_raised(alert_registered_poor_members: int) -> int:
    """Somebody has to call on this household, which has so many registered poor."""
    return alert_registered_poor_members
