"""A subsidy not delivered 残疾人补贴未落实: certified as disabled, on dibao, and without it."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="disability-opinions-2015 living")
def alert_disability_on_dibao(on_dibao: int, on_tekun: int) -> int:
    """The warning of a missing disability subsidy is about dibao households, tekun apart."""
    return 1 if on_dibao == 1 and on_tekun == 0 else 0


@must_be(at_least=1)
@person(source="disability-opinions-2015 certificate")
def alert_disability_listed(listed_disability_grade: int) -> int:
    """The list of certificates names a grade for this person."""
    return 0 if listed_disability_grade == NOT_APPLICABLE else 1


@person(source="disability-opinions-2015 nursing")
def alert_disability_nursing_due(listed_disability_grade: int) -> int:
    """With grade 1 or 2 on the list the nursing subsidy would be due."""
    if listed_disability_grade == NOT_APPLICABLE:
        return 0
    return 1 if listed_disability_grade <= 2 else 0


@must_be(at_least=1)
@person(source="low-income-opinions-2023 deliver what is due")
def alert_disability_missing(
    on_disability_living: int, on_disability_nursing: int, alert_disability_nursing_due: int
) -> int:
    """How many of the two subsidies that would be due have not been decided."""
    living = 1 if on_disability_living == 0 else 0
    if alert_disability_nursing_due == 1 and on_disability_nursing == 0:
        return living + 1
    return living


@award
@person(source="low-income-opinions-2023 deliver what is due")
def alert_disability_raised(alert_disability_missing: int) -> int:
    """Somebody has to see that this person gets the disability subsidies that are due."""
    return alert_disability_missing
