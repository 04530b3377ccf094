"""Free public transport for elders 老年人免费乘坐公共交通: nothing to pay from an age."""

from policies.arithmetic import MONTHS_A_YEAR, WHOLE
from policies.marks import award, must_be, person


@must_be(at_least=0)
@person(source="qingshen-next-year OA-07")
def elder_transport_reached_months(age_months: int, elder_transport_free_from_years: int) -> int:
    """How many months ago the elder reached the age public transport is free from."""
    return age_months - elder_transport_free_from_years * MONTHS_A_YEAR


@award
@person(source="qingshen-next-year OA-07")
def elder_transport_off_basis_points(elder_transport_reached_months: int) -> int:
    """What is let off the fare of public transport: all of it, once the age is reached."""
    return WHOLE if elder_transport_reached_months >= 0 else 0
