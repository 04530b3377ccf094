"""Loan interest 小额信贷贴息: a poor household's interest, while its loan is regular."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, month_of, part_of, share_of
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="township-2019-plan ML-01")
def loan_interest_listed(on_poverty_list: int) -> int:
    """Loan interest is paid for households on the register of the poor."""
    return on_poverty_list


@must_be(at_least=1)
@household(source="arithmetic")
def loan_month(loan_from: int, month_index: int) -> int:
    """Which month of the loan this is, the month it began in being the first."""
    if loan_from == NOT_APPLICABLE:
        return 0
    return month_index - month_of(loan_from) + 1


@household(source="microcredit-notice-2017 up to three years")
def loan_subsidised_months(loan_from: int, loan_until: int, loan_longest_months: int) -> int:
    """The months of the loan for which interest is paid: its term, or the longest one allowed."""
    if loan_from == NOT_APPLICABLE or loan_until == NOT_APPLICABLE:
        return loan_longest_months
    return min(month_of(loan_until) - month_of(loan_from), loan_longest_months)


@must_be(at_least=0)
@household(source="township-2019-plan ML-01")
def loan_months_left(loan_subsidised_months: int, loan_month: int) -> int:
    """How many subsidised months of the loan follow this one."""
    return loan_subsidised_months - loan_month


@must_be(at_least=1)
@household(source="township-2019-plan ML-01")
def loan_interest_regular(loan_is_regular: int) -> int:
    """The loan is regular in this month."""
    return loan_is_regular


@household(source="township-2019-plan ML-01")
def loan_interest_fen_yearly(
    loan_fen: int,
    loan_cap_fen: int,
    loan_rate_basis_points: int,
    loan_subsidised_rate_basis_points: int,
) -> int:
    """A year's interest on the loan, up to the cap and the rate that are subsidised."""
    return share_of(
        min(loan_fen, loan_cap_fen),
        min(loan_rate_basis_points, loan_subsidised_rate_basis_points),
    )


@award
@household(source="arithmetic parts of a year, the remainder in its last month")
def loan_interest_award_fen(loan_interest_fen_yearly: int, loan_month: int) -> int:
    """This month's part of the year's interest."""
    return part_of(loan_interest_fen_yearly, MONTHS_A_YEAR, (loan_month - 1) % MONTHS_A_YEAR + 1)
