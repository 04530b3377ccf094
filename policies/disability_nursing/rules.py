"""Nursing subsidy for the severely disabled 重度残疾人护理补贴: a sum a month by grade."""

from policies.arithmetic import INTELLECTUAL, MENTAL, Table
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="disability-opinions-2015 decision")
def disability_nursing_decided(on_disability_nursing: int) -> int:
    """The county has granted this person the nursing subsidy for the severely disabled."""
    return on_disability_nursing


@must_be(at_least=1)
@person(source="disability-opinions-2015 end")
def disability_nursing_in_life(payable_in_life: int) -> int:
    """The nursing subsidy is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=1)
@person(source="disability-opinions-2015 certificate")
def disability_nursing_certified(disability_certified: int) -> int:
    """The nursing subsidy is for a person who holds a disability certificate."""
    return disability_certified


@must_be(at_least=1)
@person(source="district-plan-2016 DA-03")
def disability_nursing_registered(disability_locally_registered: int) -> int:
    """The nursing subsidy is for people registered here, where the place asks for that."""
    return disability_locally_registered


@person(source="disability-opinions-2015 nursing")
def disability_nursing_mildest_grade_taken(
    disability_nursing_mildest_grade: int,
    disability_nursing_mildest_grade_of_mind: int,
    disability_kind: int,
) -> int:
    """The mildest grade the nursing subsidy reaches for this kind of disability."""
    if disability_kind == INTELLECTUAL:
        return disability_nursing_mildest_grade_of_mind
    if disability_kind == MENTAL:
        return disability_nursing_mildest_grade_of_mind
    return disability_nursing_mildest_grade


@must_be(at_least=0)
@person(source="disability-opinions-2015 nursing")
def disability_nursing_grades_inside(
    disability_nursing_mildest_grade_taken: int, disability_grade: int
) -> int:
    """How many grades this disability lies inside the reach of the nursing subsidy."""
    return disability_nursing_mildest_grade_taken - disability_grade


@must_be(at_least=1)
@person(source="disability-opinions-2015 not with tekun")
def disability_nursing_without_tekun(disability_nursing_with_tekun: int, on_tekun: int) -> int:
    """The nursing subsidy is not paid beside tekun, unless the place allows both."""
    return 1 if disability_nursing_with_tekun == 1 or on_tekun == 0 else 0


@award
@person(source="disability-opinions-2015 nursing")
def disability_nursing_award_fen_monthly(
    disability_nursing_rate_fen_monthly: Table, disability_grade: int
) -> int:
    """What the nursing subsidy pays this month: the rate of the grade."""
    return disability_nursing_rate_fen_monthly[disability_grade]
