"""Social-insurance subsidy 社会保险补贴: part of the contributions of a low-income worker."""

from policies.arithmetic import Table
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="urban-employment-plan EM-03")
def employment_insurance_decided(on_employment_insurance: int) -> int:
    """The social-insurance subsidy was granted for this person."""
    return on_employment_insurance


@must_be(at_least=1)
@person(source="practice month of death")
def employment_insurance_in_life(payable_in_life: int) -> int:
    """The social-insurance subsidy is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=1)
@person(source="urban-employment-plan EM-02")
def employment_insurance_low_income(in_low_income_population: int) -> int:
    """The person at work is low-income in the month of the contributions."""
    return in_low_income_population


@must_be(at_least=1)
@person(source="urban-employment-plan EM-03")
def employment_insurance_counts(employment_insurance_for: Table, work_kind: int) -> int:
    """The work is of a kind whose contributions are subsidised."""
    return employment_insurance_for[work_kind]


@must_be(more_than=0)
@person(source="urban-employment-plan EM-03")
def employment_insurance_paid_fen(contributions_paid_fen_monthly: int) -> int:
    """The contributions of the month were paid before they are refunded."""
    return contributions_paid_fen_monthly


@award
@person(source="urban-employment-plan EM-03")
def employment_insurance_award_fen_monthly(
    employment_insurance_subsidy_fen_monthly: int, contributions_paid_fen_monthly: int
) -> int:
    """The subsidy toward this month's contributions, no more than what was paid."""
    return min(employment_insurance_subsidy_fen_monthly, contributions_paid_fen_monthly)
