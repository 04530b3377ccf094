"""School meals 营养膳食补助: a rate a day for the days a pupil attended."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="guiding-education-plan ED-04")
def nutrition_listed(in_nutrition_scheme: int) -> int:
    """School meals are for pupils in the rural nutrition scheme."""
    return in_nutrition_scheme


@must_be(at_least=1)
@person(source="guiding-education-plan ED-04")
def nutrition_stage_counts(school_stage: int) -> int:
    """School meals belong to compulsory school: primary and junior middle."""
    return 1 if school_stage == 2 or school_stage == 3 else 0


@must_be(more_than=0)
@person(source="guiding-education-plan ED-04")
def nutrition_days(school_days_attended: int) -> int:
    """Only days the pupil attended count, so neither absence nor holidays are paid."""
    return school_days_attended


@award
@person(source="guiding-education-plan ED-04")
def nutrition_award_fen(nutrition_fen_daily: int, nutrition_days: int) -> int:
    """What school meals pay for this month: the rate a day times the days attended."""
    return nutrition_fen_daily * nutrition_days
