"""Post subsidy 岗位补贴: a sum a month to the employer, for each low-income person placed."""

from policies.arithmetic import Table
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="urban-employment-plan EM-02")
def employment_post_decided(on_employment_post: int) -> int:
    """The employer's claim for this person was granted."""
    return on_employment_post


@must_be(at_least=1)
@person(source="practice month of death")
def employment_post_in_life(payable_in_life: int) -> int:
    """The post subsidy is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=1)
@person(source="urban-employment-plan EM-02")
def employment_post_low_income(in_low_income_population: int) -> int:
    """The person in the post is low-income in this very month."""
    return in_low_income_population


@must_be(at_least=1)
@person(source="urban-employment-plan EM-05")
def employment_post_counts(employment_post_for: Table, work_kind: int) -> int:
    """The work is of a kind that brings its employer the post subsidy."""
    return employment_post_for[work_kind]


@award
@person(source="urban-employment-plan EM-02")
def employment_post_award_fen_monthly(employment_post_subsidy_fen_monthly: int) -> int:
    """The post subsidy of this month for this person, to the employer."""
    return employment_post_subsidy_fen_monthly
