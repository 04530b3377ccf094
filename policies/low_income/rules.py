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


@household(source="dibao-measures-2021 income")
def assessed_income_fen_yearly(
    low_income_takes_reckoned_means: int, income_fen_yearly: int, means_income_fen_yearly: int
) -> int:
    """The household's income of twelve months, as the report states it or as it is reckoned."""
    if low_income_takes_reckoned_means == 1:
        return means_income_fen_yearly
    return income_fen_yearly


@household(source="dibao-measures-2021 income")
def assessed_income_fen_monthly(
    low_income_takes_reckoned_means: int, income_fen_monthly: int, means_income_fen_monthly: int
) -> int:
    """The household's income of a month, as decided or as it is reckoned."""
    if low_income_takes_reckoned_means == 1:
        return means_income_fen_monthly
    return income_fen_monthly


@household(source="gansu-city-opinions LE-01")
def assessed_property_within_rules(
    low_income_takes_reckoned_means: int,
    property_within_rules: int,
    means_property_within_rules: int,
) -> int:
    """Whether property lies within the rules, as the report states it or as it is reckoned."""
    if low_income_takes_reckoned_means == 1:
        return means_property_within_rules
    return property_within_rules
