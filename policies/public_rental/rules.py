"""Public rental 公共租赁住房: a public home for an urban low-income household short of housing."""

from policies.arithmetic import URBAN
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def public_rental_allotted(in_public_rental: int) -> int:
    """A public home was allotted to this household."""
    return in_public_rental


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def public_rental_in_town(registration: int) -> int:
    """Public homes are for households registered in town."""
    return 1 if registration == URBAN else 0


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def public_rental_low_income(low_income_members: int) -> int:
    """A public home asks for somebody in the low-income population in the household."""
    return min(1, low_income_members)


@must_be(more_than=0)
@household(source="gansu-city-opinions HO-01")
def public_rental_shortage_hundredths(housing_shortage_hundredths: int) -> int:
    """How many square metres a head the household lacked before it had a public home."""
    return housing_shortage_hundredths


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def public_rental_without_subsidy(on_housing_rent: int) -> int:
    """A public home is for who does not draw the rent subsidy."""
    return 1 - on_housing_rent


@award
@household(source="gansu-city-opinions HO-01")
def public_rental_homes(public_rental_allotted: int) -> int:
    """One public home, at the rent set for public homes."""
    return public_rental_allotted
