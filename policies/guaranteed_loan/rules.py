"""Guaranteed loan 小额担保贷款: how large a loan is guaranteed for the low-income self-employed."""

from policies.arithmetic import SELF_EMPLOYED
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="urban-employment-plan ML-03")
def guaranteed_loan_decided(on_guaranteed_loan: int) -> int:
    """The guarantee of a loan was granted to this person."""
    return on_guaranteed_loan


@must_be(at_least=1)
@person(source="urban-employment-plan ML-03")
def guaranteed_loan_low_income(in_low_income_population: int) -> int:
    """Loans are guaranteed for people in the low-income population."""
    return in_low_income_population


@must_be(at_least=1)
@person(source="urban-employment-plan EM-06")
def guaranteed_loan_own_work(work_kind: int) -> int:
    """Loans are guaranteed for work of one's own."""
    return 1 if work_kind == SELF_EMPLOYED else 0


@award
@person(source="urban-employment-plan ML-03")
def guaranteed_loan_fen(guaranteed_loan_asked_fen: int, guaranteed_loan_cap_fen: int) -> int:
    """The loan that is guaranteed: what was asked for, up to the cap."""
    return min(guaranteed_loan_asked_fen, guaranteed_loan_cap_fen)
