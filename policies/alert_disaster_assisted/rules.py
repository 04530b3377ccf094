"""In assistance and struck 在享家庭受灾: dibao or tekun, and a disaster of the last months."""

from policies.marks import award, explanation, household, must_be


@must_be(at_least=1)
@household(source="low-income-opinions-2023 watching over")
def alert_disaster_assisted_members(sum_of_in_assistance_by_means: int) -> int:
    """How many members of the household that was struck are on dibao or tekun."""
    return sum_of_in_assistance_by_means


@must_be(at_least=1)
@household(source="low-income-opinions-2023 help at once")
def alert_disaster_assisted_struck(alert_disaster_struck: int) -> int:
    """The list names the household in assistance for a disaster of the last months."""
    return alert_disaster_struck


@award
@household(source="low-income-opinions-2023 help at once")
def alert_disaster_assisted_raised(alert_disaster_assisted_struck: int) -> int:
    """Somebody has to help this household, which is in assistance and was struck besides."""
    return 1 if alert_disaster_assisted_struck >= 1 else 0


@explanation
@household(source="arithmetic")
def alert_disaster_assisted_home_lost(alert_disaster_home_lost: int) -> int:
    """Whether the household in assistance is without its home."""
    return alert_disaster_home_lost


@explanation
@household(source="arithmetic")
def alert_disaster_assisted_loss_fen(alert_disaster_loss_fen: int) -> int:
    """What the household in assistance lost by the list."""
    return alert_disaster_loss_fen
