"""Low-income population 低收入人口: the six groups, and how long a finding holds."""

from policies.arithmetic import NOT_APPLICABLE, month_of
from policies.marks import household, person


@person(source="low-income-opinions-2023 six groups")
def in_low_income_population(
    on_dibao: int,
    on_tekun: int,
    on_edge: int,
    on_rigid_spending: int,
    on_monitored_list: int,
    in_other_hardship: int,
) -> int:
    """A person is low-income whose household, or who alone, stands in any of the six groups."""
    if on_dibao == 1 or on_tekun == 1 or on_edge == 1:
        return 1
    return max(on_rigid_spending, on_monitored_list, in_other_hardship)


@household(source="guangxi-low-income-plan LE-07")
def low_income_finding_holds(
    low_income_found_on: int, low_income_valid_months: int, month_index: int
) -> int:
    """A finding of low income holds for its months, and anew whenever it is found again."""
    if low_income_found_on == NOT_APPLICABLE:
        return 0
    return 1 if month_index < month_of(low_income_found_on) + low_income_valid_months else 0


@household(source="low-income-opinions-2023 six groups")
def low_income_members(sum_of_in_low_income_population: int) -> int:
    """How many members of the household are in the low-income population."""
    return sum_of_in_low_income_population
