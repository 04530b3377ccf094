"""Price-linked subsidy 价格临时补贴: a sum a head over a frozen list when prices have risen."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table, round_up, share_of
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="price-link-notice-2021 list")
def price_subsidy_listed(price_list_group: int) -> int:
    """The person stood on the list for the price-linked subsidy when it was frozen."""
    return 0 if price_list_group == NOT_APPLICABLE else 1


@must_be(at_least=1)
@person(source="price-link-notice-2021 list")
def price_subsidy_living(died_on: int, price_list_frozen_on: int) -> int:
    """The person lived on the day the list for the price-linked subsidy was frozen."""
    if died_on == NOT_APPLICABLE:
        return 1
    return 1 if died_on >= price_list_frozen_on else 0


@must_be(at_least=1)
@person(source="price-link-notice-2021 beginning")
def price_subsidy_begun(
    price_rise_basis_points: int,
    price_line_basis_points: int,
    price_food_rise_basis_points: int,
    price_food_line_basis_points: int,
) -> int:
    """Prices, or those of food, have risen in a year by as much as the line or more."""
    if price_rise_basis_points >= price_line_basis_points:
        return 1
    return 1 if price_food_rise_basis_points >= price_food_line_basis_points else 0


@person(source="price-link-notice-2021 sum")
def price_subsidy_base_fen_monthly(
    dibao_standard_is_yearly: Table,
    registration: int,
    dibao_standard_fen_monthly: Table,
    dibao_standard_fen_yearly: Table,
) -> int:
    """A month of the dibao standard, which the rise of prices is taken of."""
    if dibao_standard_is_yearly[registration] == 1:
        return dibao_standard_fen_yearly[registration] // MONTHS_A_YEAR
    return dibao_standard_fen_monthly[registration]


@person(source="price-link-notice-2021 sum")
def price_subsidy_sum_fen_monthly(
    price_subsidy_is_flat: int,
    price_subsidy_flat_fen_monthly: Table,
    price_list_group: int,
    price_subsidy_base_fen_monthly: int,
    price_low_income_rise_basis_points: int,
) -> int:
    """The rise of prices taken of a month's standard, or the sum the place gives the group."""
    if price_subsidy_is_flat == 1:
        return price_subsidy_flat_fen_monthly[price_list_group]
    return share_of(price_subsidy_base_fen_monthly, price_low_income_rise_basis_points)


@award
@person(source="practice rounding")
def price_subsidy_award_fen_monthly(
    price_subsidy_sum_fen_monthly: int, price_subsidy_rounds_up_to_fen: int
) -> int:
    """What the price-linked subsidy pays this month, rounded up to the step of the place."""
    return round_up(price_subsidy_sum_fen_monthly, price_subsidy_rounds_up_to_fen)
