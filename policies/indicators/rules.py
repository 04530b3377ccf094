"""Indicators 指标: an actual figure beside its target, and a rate beside the one before it."""

from policies.arithmetic import Table, ratio_of
from policies.marks import household


@household(source="arithmetic")
def indicator_attained_basis_points(
    indicator_actual_hundredths: int, indicator_target_hundredths: int
) -> int:
    """An actual figure as a share of its target."""
    return ratio_of(indicator_actual_hundredths, indicator_target_hundredths)


@household(source="qingshen-summary DB-22 DB-23")
def indicator_dibao_average_basis_points(
    dibao_average_fen_monthly: Table, dibao_average_target_fen_monthly: Table, registration: int
) -> int:
    """What recipients of dibao drew on average, as a share of the target for it."""
    return ratio_of(
        dibao_average_fen_monthly[registration], dibao_average_target_fen_monthly[registration]
    )


@household(source="arithmetic")
def indicator_growth_basis_points(indicator_before_fen: int, indicator_after_fen: int) -> int:
    """By how much of itself a published rate has grown."""
    return ratio_of(indicator_after_fen - indicator_before_fen, indicator_before_fen)
