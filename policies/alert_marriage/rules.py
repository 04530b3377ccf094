"""Marriage records 配偶未登记为共同生活成员: a spouse on record who is no member."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="dibao-measures-2021 members living together")
def alert_marriage_in_assistance(in_assistance_by_means: int) -> int:
    """The warning of a spouse left out is about somebody on dibao or tekun."""
    return in_assistance_by_means


@must_be(at_least=1)
@person(source="dibao-measures-2021 members living together")
def alert_marriage_listed(listed_married_on: int) -> int:
    """The marriage records name a marriage of this person that stands."""
    return 0 if listed_married_on == NOT_APPLICABLE else 1


@must_be(at_least=1)
@person(source="dibao-measures-2021 members living together")
def alert_marriage_spouse_missing(listed_spouse_lives_here: int) -> int:
    """The spouse is no member of the same household."""
    return 1 if listed_spouse_lives_here == 0 else 0


@award
@person(source="dibao-measures-2021 members living together")
def alert_marriage_raised(alert_marriage_spouse_missing: int) -> int:
    """Somebody has to find out with whom this person lives."""
    return alert_marriage_spouse_missing
