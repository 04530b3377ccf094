"""Activity money of rural elders 农村老年人活动经费: a small sum a year."""

from policies.arithmetic import MONTHS_A_YEAR, RURAL
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="qingshen-summary OA-01")
def elder_activity_rural(registration: int) -> int:
    """Activity money is for elders of rural registration."""
    return 1 if registration == RURAL else 0


@must_be(at_least=0)
@person(source="qingshen-summary OA-01")
def elder_activity_reached_months(age_months: int, elder_activity_from_years: int) -> int:
    """How many months ago the person reached the age activity money begins at."""
    return age_months - elder_activity_from_years * MONTHS_A_YEAR


@must_be(at_least=1)
@person(source="practice month of death")
def elder_activity_in_life(payable_in_life: int) -> int:
    """Activity money is not given after death."""
    return payable_in_life


@award
@person(source="qingshen-summary OA-01")
def elder_activity_award_fen_yearly(elder_activity_fen_yearly: int) -> int:
    """What the elder has for activities this year: the sum of the place."""
    return elder_activity_fen_yearly
