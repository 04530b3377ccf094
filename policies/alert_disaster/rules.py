"""Struck by disaster 受灾家庭未救助: a disaster of the last months, and in no assistance."""

from policies.arithmetic import NOT_APPLICABLE, SEVERELY_DAMAGED, month_of
from policies.marks import award, explanation, household, must_be, person


@must_be(at_least=1)
@household(source="low-income-opinions-2023 watching over")
def alert_disaster_unassisted(sum_of_in_assistance_by_means: int) -> int:
    """The warning of a disaster is about a household without dibao and tekun."""
    return 1 if sum_of_in_assistance_by_means == 0 else 0


@person(source="shangrao-county-plan newly poor after disaster or illness")
def disaster_named(month_index: int, listed_disaster_on: int, alert_disaster_months: int) -> int:
    """The list names the person for a disaster of the months the place looks back on."""
    if listed_disaster_on == NOT_APPLICABLE:
        return 0
    return 1 if month_index - month_of(listed_disaster_on) <= alert_disaster_months else 0


@must_be(at_least=1)
@household(source="shangrao-county-plan newly poor after disaster or illness")
def alert_disaster_struck(sum_of_disaster_named: int) -> int:
    """How many members the list names for a disaster of these months."""
    return sum_of_disaster_named


@award
@household(source="low-income-opinions-2023 watching over")
def alert_disaster_raised(alert_disaster_struck: int) -> int:
    """Somebody has to call on this household, which a disaster has struck."""
    return 1 if alert_disaster_struck >= 1 else 0


@person(source="arithmetic")
def disaster_home_lost(disaster_named: int, listed_disaster_damage: int) -> int:
    """By the list the home of the person has collapsed or is severely damaged."""
    if disaster_named == 0:
        return 0
    return 1 if listed_disaster_damage <= SEVERELY_DAMAGED else 0


@explanation
@household(source="arithmetic")
def alert_disaster_home_lost(sum_of_disaster_home_lost: int) -> int:
    """Whether the household has lost its home by the list."""
    return 1 if sum_of_disaster_home_lost >= 1 else 0


@person(source="arithmetic")
def disaster_loss_named_fen(disaster_named: int, listed_disaster_loss_fen: int) -> int:
    """What the list says the person lost; nought where it does not say."""
    return listed_disaster_loss_fen if disaster_named == 1 else 0


@explanation
@household(source="arithmetic")
def alert_disaster_loss_fen(sum_of_disaster_loss_named_fen: int) -> int:
    """What the list says the household lost in all."""
    return sum_of_disaster_loss_named_fen
