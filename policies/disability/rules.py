"""Disability: what a certificate says, for every programme that asks for it."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import person


@person(source="disability-opinions-2015 certificate")
def disability_certified(disability_grade: int) -> int:
    """A person is certified as disabled when the certificate names a grade."""
    return 0 if disability_grade == NOT_APPLICABLE else 1
