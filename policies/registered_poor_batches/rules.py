"""Four batches 四个批次: the registered poor who are in assistance, each in exactly one group."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="township-cleanup-plan DB-12")
def batch_in_assistance(in_assistance_by_means: int) -> int:
    """The batches are of people on dibao or tekun."""
    return in_assistance_by_means


@must_be(at_least=1)
@person(source="township-cleanup-plan DB-12")
def batch_registered(listed_registered_poor: int) -> int:
    """The batches are of people on the register of the poor."""
    return listed_registered_poor


@person(source="township-cleanup-plan DB-12")
def batch_by_spending(listed_hospital_own_fen: int, alert_hospital_from_fen: int) -> int:
    """The person's own hospital bills reach the line the place watches for."""
    if listed_hospital_own_fen == 0:
        return 0
    return 1 if listed_hospital_own_fen >= alert_hospital_from_fen else 0


@award
@person(source="township-cleanup-plan DB-12")
def registered_poor_batch(
    listed_out_of_poverty: int, severely_disabled: int, on_tekun: int, batch_by_spending: int
) -> int:
    """The one batch a registered poor person in assistance belongs to."""
    if listed_out_of_poverty == 1:
        return 4
    if on_tekun == 1 or severely_disabled == 1:
        return 3
    return 2 if batch_by_spending == 1 else 1
