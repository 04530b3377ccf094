"""Death 死亡人员仍在享: paid or low-income, and on a list of deaths the register knows not."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="low-income-opinions-2023 watching over")
def alert_death_watched(
    in_assistance: int, on_edge: int, on_rigid_spending: int, in_low_income_database: int
) -> int:
    """The warning of a death is about somebody in assistance or in the low-income population."""
    if in_assistance == 1 or on_edge == 1 or on_rigid_spending == 1:
        return 1
    return in_low_income_database


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
