"""Disability: what a certificate says, for every programme that asks for it."""

from policies.arithmetic import INTELLECTUAL, MENTAL, NOT_APPLICABLE
from policies.marks import household, person


@person(source="disability-opinions-2015 certificate")
def disability_certified(disability_grade: int) -> int:
    """A person is certified as disabled when the certificate names a grade."""
    return 0 if disability_grade == NOT_APPLICABLE else 1


@person(source="dibao-measures-2021 who may apply alone")
def severely_disabled(disability_grade: int, disability_kind: int) -> int:
    """A person is severely disabled with grade 1 or 2, or with grade 3 intellectual or mental."""
    if disability_grade == NOT_APPLICABLE or disability_grade == 4:
        return 0
    if disability_grade <= 2:
        return 1
    return 1 if disability_kind == INTELLECTUAL or disability_kind == MENTAL else 0


@person(source="district-plan-2016 DA-02 DA-03")
def disability_locally_registered(
    disability_needs_local_registration: int, registered_here: int
) -> int:
    """A disabled person is registered here, where the place asks for it apart from the decision."""
    return 1 if disability_needs_local_registration == 0 else registered_here


@household(source="district-plan-2016 DA-08")
def disabled_members(sum_of_disability_certified: int) -> int:
    """How many members of the household hold a disability certificate."""
    return sum_of_disability_certified
