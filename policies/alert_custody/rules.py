"""Prison 服刑人员仍在享: found by means or in assistance, and on the list of prisoners."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="low-income-opinions-2023 watching over")
def alert_custody_watched(in_assistance: int, found_by_means: int) -> int:
    """The warning of a prison sentence is about somebody in assistance, or found by means."""
    return 1 if in_assistance == 1 or found_by_means == 1 else 0


@must_be(at_least=1)
@person(source="practice whoever is in prison is kept there")
def alert_custody_listed(listed_in_custody_since: int) -> int:
    """The person stands on the list of those who serve a sentence."""
    return 0 if listed_in_custody_since == NOT_APPLICABLE else 1


@award
@person(source="practice whoever is in prison is kept there")
def alert_custody_raised(alert_custody_listed: int) -> int:
    """Somebody has to find out whether this person is in prison."""
    return alert_custody_listed
