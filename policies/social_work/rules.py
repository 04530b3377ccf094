"""Social work for low-income people 低收入人口社会工作服务: four kinds of help without money."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="gansu-city-opinions SV-03")
def social_work_low_income(in_low_income_population: int, payable_in_life: int) -> int:
    """Social work is for living people of the low-income population."""
    return min(in_low_income_population, payable_in_life)


@award
@person(source="gansu-city-opinions SV-03")
def social_work_given(social_work_low_income: int) -> int:
    """The person may have social work: counselling, resources, skills, inclusion."""
    return social_work_low_income
