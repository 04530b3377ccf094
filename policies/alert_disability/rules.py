"""A subsidy not delivered 残疾人补贴未落实: certified as disabled, due it, and without it."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="disability-opinions-2015 living")
def alert_disability_without_tekun(on_tekun: int) -> int:
    """The warning of a missing disability subsidy is about nobody who is kept by tekun."""
    return 1 - on_tekun


@must_be(at_least=1)
@person(source="disability-opinions-2015 certificate")
def alert_disability_listed(listed_disability_grade: int) -> int:
    """The list of certificates names a grade for this person."""
    return 0 if listed_disability_grade == NOT_APPLICABLE else 1


@person(source="disability-opinions-2015 nursing")
def alert_disability_nursing_due(
    listed_disability_grade: int, disability_nursing_mildest_grade: int
) -> int:
    """With a grade that the nursing subsidy reaches it would be due, in hardship or not."""
    if listed_disability_grade == NOT_APPLICABLE:
        return 0
    return 1 if listed_disability_grade <= disability_nursing_mildest_grade else 0


@must_be(at_least=1)
@person(source="low-income-opinions-2023 deliver what is due")
def alert_disability_missing(
    on_dibao: int,
    on_disability_living: int,
    on_disability_nursing: int,
    alert_disability_nursing_due: int,
) -> int:
    """How many of the two subsidies that would be due have not been decided: living on dibao."""
    living = 1 if on_dibao == 1 and on_disability_living == 0 else 0
    if alert_disability_nursing_due == 1 and on_disability_nursing == 0:
        return living + 1
    return living


@award
@person(source="low-income-opinions-2023 deliver what is due")
def alert_disability_raised(alert_disability_missing: int) -> int:
    """Somebody has to see that this person gets the disability subsidies that are due."""
    return alert_disability_missing
