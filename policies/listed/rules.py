"""Listed elsewhere 他部门名单: who is in assistance, and what other lists say they receive."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE
from policies.marks import household, person


@person(source="low-income-opinions-2023 watching over")
def in_assistance_by_means(on_dibao: int, on_single_person: int, on_tekun: int) -> int:
    """Whoever is on dibao, dibao alone or tekun is in assistance because of what they have."""
    return 1 if on_dibao == 1 or on_single_person == 1 or on_tekun == 1 else 0


@household(source="low-income-opinions-2023 watching over")
def household_found_by_means(on_dibao: int, on_edge: int, on_rigid_spending: int) -> int:
    """A household on dibao, just above it, or in hard spending was found so by what it has."""
    return 1 if on_dibao == 1 or on_edge == 1 or on_rigid_spending == 1 else 0


@person(source="low-income-opinions-2023 watching over")
def found_by_means(in_assistance_by_means: int, on_edge: int, on_rigid_spending: int) -> int:
    """Whoever is in assistance by means, or of a household just above dibao or in hard spending."""
    return 1 if in_assistance_by_means == 1 or on_edge == 1 or on_rigid_spending == 1 else 0


@person(source="low-income-opinions-2023 six groups")
def in_low_income_database(low_income_group: int) -> int:
    """Whoever is in one of the six groups stands in the low-income database."""
    return 0 if low_income_group == NOT_APPLICABLE else 1


@person(source="low-income-opinions-2023 watching over")
def in_assistance(
    in_assistance_by_means: int,
    on_children_living: int,
    on_disability_living: int,
    on_disability_nursing: int,
    on_old_age: int,
) -> int:
    """Whoever has anything decided that is paid every month is in assistance."""
    if in_assistance_by_means == 1 or on_children_living == 1 or on_old_age == 1:
        return 1
    return 1 if on_disability_living == 1 or on_disability_nursing == 1 else 0


@person(source="township-cleanup-plan public payroll, machinery and subsidies")
def listed_income_fen_monthly(
    listed_public_pay_fen_monthly: int,
    listed_unemployment_pay_fen_monthly: int,
    listed_subsidies_fen_yearly: int,
) -> int:
    """What other lists say a person receives in a month, subsidies shared over the year."""
    regular = listed_public_pay_fen_monthly + listed_unemployment_pay_fen_monthly
    return regular + listed_subsidies_fen_yearly // MONTHS_A_YEAR


@household(source="low-income-opinions-2023 watching over")
def members_in_assistance(sum_of_in_assistance: int) -> int:
    """How many members of the household have anything decided that is paid every month."""
    return sum_of_in_assistance
