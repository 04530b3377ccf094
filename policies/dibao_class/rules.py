"""Classes of dibao 低保分类: by hardship, where the place pays by class and not by difference."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import household, person


@person(source="feixi-park-plan DB-09")
def dibao_severely_disabled(disability_grade: int) -> int:
    """For dibao a disability of grade 1 or 2 is severe."""
    if disability_grade == NOT_APPLICABLE:
        return 0
    return 1 if disability_grade <= 2 else 0


@household(source="feixi-park-plan DB-04 DB-05 DB-06")
def dibao_class(
    dibao_pays_by_class: int,
    household_lacks_labour: int,
    household_lacks_income_source: int,
    household_lacks_able_supporter: int,
    household_is_single_parent: int,
    sum_of_dibao_severely_disabled: int,
    sum_of_seriously_ill: int,
) -> int:
    """Class 1 lacks labour, income and supporters; class 2 has one hard burden; class 3 neither."""
    if dibao_pays_by_class == 0:
        return 0
    without = household_lacks_labour + household_lacks_income_source
    if without + household_lacks_able_supporter == 3:
        return 1
    if household_is_single_parent == 1 or sum_of_dibao_severely_disabled > 0:
        return 2
    return 2 if sum_of_seriously_ill > 0 else 3
