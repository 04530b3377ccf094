"""Rent subsidy 住房租赁补贴: money toward the rent of an urban low-income household."""

from policies.arithmetic import URBAN
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def housing_rent_decided(on_housing_rent: int) -> int:
    """This household was granted the rent subsidy."""
    return on_housing_rent


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def housing_rent_in_town(registration: int) -> int:
    """The rent subsidy is for households registered in town."""
    return 1 if registration == URBAN else 0


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def housing_rent_low_income(low_income_members: int) -> int:
    """The rent subsidy asks for somebody in the low-income population at home."""
    return min(1, low_income_members)


@must_be(more_than=0)
@household(source="gansu-city-opinions HO-01")
def housing_shortage_hundredths(
    housing_area_line_hundredths: int, home_area_per_head_hundredths: int
) -> int:
    """How many square metres a head the household lacks to the line of the place."""
    return housing_area_line_hundredths - home_area_per_head_hundredths


@must_be(at_least=1)
@household(source="gansu-city-opinions HO-01")
def housing_rent_instead_of_public_home(in_public_rental: int) -> int:
    """The rent subsidy is for who does not rent a public home."""
    return 1 - in_public_rental


@award
@household(source="gansu-city-opinions HO-01")
def housing_rent_award_fen_monthly(
    housing_rent_subsidy_fen_monthly: int, rent_fen_monthly: int
) -> int:
    """The rent subsidy of this month: the place's sum, but no more than the rent paid."""
    return min(housing_rent_subsidy_fen_monthly, rent_fen_monthly)
