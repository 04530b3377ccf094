"""Hospital bills 高额医疗费用未救助: large bills in a household that is in no assistance."""

from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="low-income-opinions-2023 watching over")
def alert_hospital_unassisted(sum_of_in_assistance_by_means: int) -> int:
    """The warning of hospital bills is about a household without dibao and tekun."""
    return 1 if sum_of_in_assistance_by_means == 0 else 0


@person(source="low-income-opinions-2023 watching over")
def hospital_named_fen(listed_hospital_own_fen: int) -> int:
    """What one member has borne of their hospital bills in twelve months."""
    return listed_hospital_own_fen


@household(source="arithmetic")
def alert_hospital_own_fen(sum_of_hospital_named_fen: int) -> int:
    """What the household has borne of its hospital bills in twelve months."""
    return sum_of_hospital_named_fen


@must_be(at_least=1)
@household(source="low-income-opinions-2023 watching over")
def alert_hospital_billed_fen(alert_hospital_own_fen: int) -> int:
    """The list names hospital bills for this household."""
    return alert_hospital_own_fen


@must_be(at_least=0)
@household(source="low-income-opinions-2023 watching over")
def alert_hospital_above_fen(alert_hospital_own_fen: int, alert_hospital_from_fen: int) -> int:
    """How far the bills lie above the line from which the place looks at them."""
    return alert_hospital_own_fen - alert_hospital_from_fen


@award
@household(source="low-income-opinions-2023 watching over")
def alert_hospital_raised(alert_hospital_above_fen: int) -> int:
    """Somebody has to call on this household and offer to apply for it."""
    return 1 if alert_hospital_above_fen >= 0 else 0
