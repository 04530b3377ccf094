"""Disability: what a certificate says, for every programme that asks for it."""

from policies.arithmetic import INTELLECTUAL, MENTAL, NOT_APPLICABLE
from policies.marks import person


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
