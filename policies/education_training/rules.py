"""A free place to learn a trade 免费职业教育: for poor leavers of junior middle school who wish."""

from policies.arithmetic import URBAN
from policies.marks import award, explanation, must_be, person


@must_be(at_least=1)
@person(source="town-double-arrival-plan ED-17")
def education_training_listed(education_on_list: int) -> int:
    """Free places are for people on the list that education aid goes by."""
    return education_on_list


@must_be(at_least=1)
@person(source="town-double-arrival-plan ED-17")
def education_training_registered(education_training_rural_only: int, registration: int) -> int:
    """In some places free places are for rural families only."""
    if education_training_rural_only == 0:
        return 1
    return 0 if registration == URBAN else 1


@must_be(at_least=1)
@person(source="nanchang-education-plan ED-15")
def education_training_schooled(finished_nine_years: int) -> int:
    """Nine years of school come first."""
    return finished_nine_years


@must_be(at_least=1)
@person(source="town-double-arrival-plan ED-17")
def education_training_wished(wishes_trade_school: int) -> int:
    """Nobody is sent who does not wish to go."""
    return wishes_trade_school


@award
@person(source="nanchang-education-plan ED-15")
def education_training_places(education_training_wished: int) -> int:
    """One free place in a school that teaches a trade."""
    return education_training_wished


@explanation
@person(source="nanchang-education-plan ED-15")
def education_training_school_years(
    education_training_vocational_years: int, education_training_higher_years: int
) -> int:
    """How many years of school it makes in all, the nine before it included."""
    return 9 + education_training_vocational_years + education_training_higher_years
