"""Training subsidy 职业培训补贴: once, for a completed course and a passed examination."""

from policies.arithmetic import NOT_APPLICABLE, month_of
from policies.marks import award, explanation, must_be, person


@must_be(at_least=1)
@person(source="urban-employment-plan EM-04")
def employment_training_decided(on_employment_training: int) -> int:
    """The training subsidy was granted for this person."""
    return on_employment_training


@must_be(at_least=1)
@person(source="gansu-city-opinions EM-07")
def employment_training_group(
    employment_training_for: int, in_low_income_population: int, disabled_members: int
) -> int:
    """The person is in the group whose training this place subsidises."""
    return min(1, disabled_members) if employment_training_for == 2 else in_low_income_population


@must_be(at_least=1)
@person(source="urban-employment-plan EM-04")
def employment_training_completed(training_completed_on: int, month_index: int) -> int:
    """The course was completed, in this month or before."""
    if training_completed_on == NOT_APPLICABLE:
        return 0
    return 1 if month_of(training_completed_on) <= month_index else 0


@must_be(at_least=0)
@person(source="district-plan-2016 DA-09")
def employment_training_places_left(
    employment_training_has_quota: int,
    employment_training_quota: int,
    employment_training_place: int,
) -> int:
    """How many training subsidies are left behind this person's, where there is a quota."""
    if employment_training_has_quota == 0:
        return 0
    return employment_training_quota - employment_training_place


@person(source="urban-employment-plan EM-04")
def employment_examination_fen(
    skill_examination_passed: int, employment_examination_subsidy_fen: int
) -> int:
    """What the examination brings, once it is passed."""
    return employment_examination_subsidy_fen if skill_examination_passed == 1 else 0


@award
@person(source="urban-employment-plan EM-04")
def employment_training_award_fen(
    employment_training_subsidy_fen: int, employment_examination_fen: int
) -> int:
    """The training subsidy: for the course, and for the examination."""
    return employment_training_subsidy_fen + employment_examination_fen


@explanation
@person(source="district-plan-2016 DA-09")
def employment_training_budget_fen(
    employment_training_has_quota: int,
    employment_training_quota: int,
    employment_training_subsidy_fen: int,
) -> int:
    """What the training subsidies of everybody in the quota come to together."""
    if employment_training_has_quota == 0:
        return employment_training_subsidy_fen
    return employment_training_quota * employment_training_subsidy_fen
