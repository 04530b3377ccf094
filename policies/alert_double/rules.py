"""Twice 跨县重复享受: in assistance here, and on the province's list of another county."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="low-income-opinions-2023 watching over")
def alert_double_in_assistance(in_assistance: int) -> int:
    """The warning of help given twice is about somebody in assistance here."""
    return in_assistance


@must_be(at_least=1)
@person(source="practice doubles across counties come as a list")
def alert_double_listed(listed_elsewhere_since: int) -> int:
    """The person stands on the list of those in assistance in another county."""
    return 0 if listed_elsewhere_since == NOT_APPLICABLE else 1


@award
@person(source="practice doubles across counties come as a list")
def alert_double_raised(alert_double_listed: int) -> int:
    """The two counties have to find out which of them helps this person."""
    return alert_double_listed
