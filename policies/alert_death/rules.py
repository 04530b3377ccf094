"""Death 死亡人员仍在享: in assistance, and on a list of deaths the register knows nothing of."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="low-income-opinions-2023 watching over")
def alert_death_in_assistance(in_assistance: int) -> int:
    """The warning of a death is about somebody in assistance."""
    return in_assistance


@must_be(at_least=1)
@person(source="practice a death is looked into before money ends")
def alert_death_not_known(died_on: int) -> int:
    """The register itself knows of no death."""
    return 1 if died_on == NOT_APPLICABLE else 0


@must_be(at_least=1)
@person(source="practice a death is looked into before money ends")
def alert_death_listed(listed_died_on: int) -> int:
    """The person stands on a list of deaths."""
    return 0 if listed_died_on == NOT_APPLICABLE else 1


@award
@person(source="practice a death is looked into before money ends")
def alert_death_raised(alert_death_listed: int) -> int:
    """Somebody has to find out whether this person has died."""
    return alert_death_listed
