"""Fees nobody pays 普惠性免费教育: what the nation waives for every pupil of a stage."""

from policies.arithmetic import NOT_APPLICABLE, Table
from policies.marks import award, must_be, person


@must_be(more_than=0)
@person(source="guiding-education-plan ED-10")
def education_universal_fees(school_stage: int, education_universal_waivers: Table) -> int:
    """At some stages of school the nation waives fees for every pupil."""
    return 0 if school_stage == NOT_APPLICABLE else education_universal_waivers[school_stage]


@award
@person(source="guiding-education-plan ED-10")
def education_universal_award(education_universal_fees: int) -> int:
    """How many fees this pupil does not pay, because nobody does."""
    return education_universal_fees
