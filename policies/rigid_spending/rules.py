"""Hardship through unavoidable spending 刚性支出困难: by net income, or by a share of income."""

from policies.arithmetic import Table, share_of
from policies.marks import award, explanation, household, must_be


@must_be(at_least=1)
@household(source="rigid-spending-measures-2024 application")
def rigid_spending_asked(asks_for_low_income: int) -> int:
    """A household that has applied is looked at for unavoidable spending."""
    return asks_for_low_income


@must_be(at_least=1)
@household(source="rigid-spending-measures-2024 neither dibao nor edge")
def rigid_spending_beside_no_other(
    on_dibao: int, rigid_spending_beside_edge: int, on_edge: int
) -> int:
    """A household on dibao, or where the place says so on edge, has its status already."""
    if on_dibao == 1:
        return 0
    return 1 if rigid_spending_beside_edge == 1 or on_edge == 0 else 0


@must_be(at_least=1)
@household(source="rigid-spending-measures-2024 members living together")
def rigid_spending_members(sum_of_counts_for_dibao: int) -> int:
    """The members among whom income and spending are shared."""
    return sum_of_counts_for_dibao


@must_be(more_than=0)
@household(source="rigid-spending-measures-2024 disposable income")
def rigid_spending_below_disposable_fen_yearly(
    disposable_income_a_head_fen_yearly: Table,
    registration: int,
    rigid_spending_members: int,
    assessed_income_fen_yearly: int,
) -> int:
    """How far income lies below last year's disposable income for as many people."""
    ordinary = disposable_income_a_head_fen_yearly[registration] * rigid_spending_members
    return ordinary - assessed_income_fen_yearly


@household(source="guangxi-low-income-plan EX-02")
def rigid_spending_net_income_fen_yearly(
    assessed_income_fen_yearly: int, means_rigid_spending_fen_yearly: int
) -> int:
    """What unavoidable spending leaves of the assessed income, and never less than nothing."""
    return max(assessed_income_fen_yearly - means_rigid_spending_fen_yearly, 0)


@household(source="guangxi-low-income-plan EX-02")
def rigid_spending_line_fen_yearly(
    edge_line_a_head_fen_yearly: int, rigid_spending_members: int
) -> int:
    """The edge line of a year for as many people."""
    return edge_line_a_head_fen_yearly * rigid_spending_members


@household(source="rigid-spending-measures-2024 share of income")
def rigid_spending_share_fen_yearly(
    assessed_income_fen_yearly: int, rigid_spending_share_basis_points: int
) -> int:
    """The share of income that unavoidable spending may take."""
    return share_of(assessed_income_fen_yearly, rigid_spending_share_basis_points)


@must_be(more_than=0)
@household(source="rigid-spending-measures-2024 share of income")
def rigid_spending_excess_fen_yearly(
    rigid_spending_test: int,
    rigid_spending_line_fen_yearly: int,
    rigid_spending_net_income_fen_yearly: int,
    means_rigid_spending_fen_yearly: int,
    rigid_spending_share_fen_yearly: int,
) -> int:
    """How far spending goes beyond what the place's test lets a household bear."""
    if rigid_spending_test == 1:
        return rigid_spending_line_fen_yearly - rigid_spending_net_income_fen_yearly
    return means_rigid_spending_fen_yearly - rigid_spending_share_fen_yearly


@must_be(at_least=1)
@household(source="rigid-spending-measures-2024 property")
def rigid_spending_property(assessed_property_within_rules: int) -> int:
    """Property lies within the rules, however much is spent."""
    return assessed_property_within_rules


@award
@household(source="rigid-spending-measures-2024")
def rigid_spending_award(rigid_spending_test: int) -> int:
    """The status of a household in hardship through unavoidable spending, by the place's test."""
    return rigid_spending_test


@explanation
@household(source="arithmetic")
def rigid_spending_net_income_a_head_fen_yearly(
    rigid_spending_net_income_fen_yearly: int, rigid_spending_members: int
) -> int:
    """What unavoidable spending leaves a head in a year, the part of a fen left out."""
    return rigid_spending_net_income_fen_yearly // rigid_spending_members
