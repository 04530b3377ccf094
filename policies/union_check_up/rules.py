"""Medical check of employees 职工健康体检: a full check, once a year."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="forestry-union-summary SV-09")
def check_up_member(is_union_member: int) -> int:
    """The medical check is for the union's members."""
    return is_union_member


@must_be(at_least=1)
@person(source="practice once a year")
def check_up_not_had(checked_up_this_year: int) -> int:
    """The medical check of this year has not been had yet."""
    return 1 - checked_up_this_year


@award
@person(source="forestry-union-summary SV-09")
def check_ups_due(check_up_not_had: int) -> int:
    """One full medical check this year."""
    return check_up_not_had
