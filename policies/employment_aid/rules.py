"""Employment aid 就业援助: who the employment office takes on and places before others."""

from policies.arithmetic import MALE, MONTHS_A_YEAR, NOT_APPLICABLE, URBAN, month_of
from policies.marks import award, explanation, must_be, person


@must_be(at_least=1)
@person(source="urban-employment-plan EM-01")
def employment_aid_registered(on_employment_register: int) -> int:
    """The person stands on the employment office's list by name."""
    return on_employment_register


@must_be(at_least=1)
@person(source="urban-employment-plan EM-01")
def employment_aid_in_town(registration: int) -> int:
    """Employment aid is for people registered in town."""
    return 1 if registration == URBAN else 0


@must_be(at_least=1)
@person(source="urban-employment-plan EM-01")
def employment_aid_low_income(in_low_income_population: int) -> int:
    """Employment aid is for people in the low-income population."""
    return in_low_income_population


@must_be(at_least=1)
@person(source="gansu-city-opinions EM-07")
def employment_aid_able(able_to_work: int) -> int:
    """Employment aid is for people able to work."""
    return able_to_work


@must_be(more_than=0)
@person(source="urban-employment-plan EM-13")
def work_offers_open(work_offers_allowed: int, work_offers_refused: int) -> int:
    """How many more suitable offers in a row can be refused before help ends."""
    return work_offers_allowed - work_offers_refused


@person(source="urban-employment-plan EM-01")
def hard_to_place_by_age(
    sex: int,
    age_years: int,
    employment_aid_women_years: int,
    employment_aid_men_years: int,
) -> int:
    """A woman or a man has reached the age from which work is hard to find."""
    line = employment_aid_men_years if sex == MALE else employment_aid_women_years
    return 1 if age_years >= line else 0


@person(source="urban-employment-plan EM-01")
def months_unemployed(unemployed_since: int, month_index: int) -> int:
    """How many months the person has been out of work, from the month it began."""
    if unemployed_since == NOT_APPLICABLE:
        return 0
    return max(0, month_index - month_of(unemployed_since))


@person(source="urban-employment-plan DB-31")
def long_unemployed_on_dibao(
    on_dibao: int, months_unemployed: int, employment_aid_unemployed_months: int
) -> int:
    """Someone on dibao has been out of work as long as the place asks."""
    if on_dibao == 0:
        return 0
    return 1 if months_unemployed >= employment_aid_unemployed_months else 0


@must_be(at_least=1)
@person(source="urban-employment-plan EM-01")
def hard_to_place(
    disability_certified: int,
    is_unplaced_graduate: int,
    hard_to_place_by_age: int,
    long_unemployed_on_dibao: int,
) -> int:
    """Hard to place are the disabled, graduates, the elder, and the long unemployed on dibao."""
    if disability_certified == 1 or is_unplaced_graduate == 1:
        return 1
    if hard_to_place_by_age == 1:
        return 1
    return long_unemployed_on_dibao


@award
@person(source="urban-employment-plan EM-01")
def employment_aid_taken_on(hard_to_place: int) -> int:
    """The employment office takes the person on and places them before others."""
    return hard_to_place


@explanation
@person(source="arithmetic")
def employment_aid_years_unemployed(months_unemployed: int) -> int:
    """The whole years the person has been out of work."""
    return months_unemployed // MONTHS_A_YEAR
