"""In assistance and ill 在享家庭高额医疗费用: dibao or tekun, and large bills of their own."""

from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="low-income-opinions-2023 watching over")
def alert_hospital_assisted_members(sum_of_in_assistance_by_means: int) -> int:
    """How many members of the household with the bills are on dibao or tekun."""
    return sum_of_in_assistance_by_means


@must_be(at_least=1)
@household(source="low-income-opinions-2023 watching over")
def alert_hospital_assisted_billed_fen(alert_hospital_own_fen: int) -> int:
    """The list names hospital bills for this household in assistance."""
    return alert_hospital_own_fen


@must_be(at_least=0)
@household(source="low-income-opinions-2023 help at once")
def alert_hospital_assisted_above_fen(
    alert_hospital_own_fen: int, alert_hospital_assisted_from_fen: int
) -> int:
    """How far the bills lie above the line for a household in assistance."""
    return alert_hospital_own_fen - alert_hospital_assisted_from_fen


@award
@household(source="low-income-opinions-2023 help at once")
def alert_hospital_assisted_raised(alert_hospital_assisted_above_fen: int) -> int:
    """Somebody has to help this household with what the hospital costs it."""
    return 1 if alert_hospital_assisted_above_fen >= 0 else 0
