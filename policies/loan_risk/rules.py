"""Loan risk compensation 小额信贷风险补偿: the lender's share of a poor household's lost loan."""

from policies.arithmetic import share_of
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="township-2019-plan ML-01")
def loan_risk_decided(on_loan_risk: int) -> int:
    """The risk fund found this household's loan lost."""
    return on_loan_risk


@must_be(at_least=1)
@household(source="township-2019-plan ML-01")
def loan_risk_listed(on_poverty_list: int) -> int:
    """The risk fund stands for loans of households on the register of the poor."""
    return on_poverty_list


@must_be(at_least=0)
@household(source="arithmetic")
def loan_not_lost_fen(loan_fen: int, loan_lost_fen: int) -> int:
    """What of the loan is not lost."""
    return loan_fen - loan_lost_fen


@award
@household(source="township-2019-plan ML-01")
def loan_risk_award_fen(
    loan_lost_fen: int, loan_cap_fen: int, loan_risk_share_basis_points: int
) -> int:
    """The share of the loss that the risk fund bears, to the lender."""
    return share_of(min(loan_lost_fen, loan_cap_fen), loan_risk_share_basis_points)
