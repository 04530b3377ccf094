"""Living subsidy for disabled people in hardship 困难残疾人生活补贴: a flat sum a month."""

from policies.arithmetic import RURAL
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="disability-opinions-2015 decision")
def disability_living_decided(on_disability_living: int) -> int:
    """The county has granted this person the living subsidy for disabled people."""
    return on_disability_living


@must_be(at_least=1)
@person(source="disability-opinions-2015 end")
def disability_living_in_life(payable_in_life: int) -> int:
    """The living subsidy is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=1)
@person(source="disability-opinions-2015 certificate")
def disability_living_certified(disability_certified: int) -> int:
    """The living subsidy is for a person who holds a disability certificate."""
    return disability_certified


@must_be(at_least=1)
@person(source="district-plan-2016 DA-02")
def disability_living_registered(disability_locally_registered: int) -> int:
    """The living subsidy is for people registered here, where the place asks for that."""
    return disability_locally_registered


@person(source="disability-opinions-2015 living")
def disability_living_ground(
    disability_living_reach: int,
    on_dibao: int,
    in_low_income_population: int,
    on_poverty_list: int,
    registration: int,
) -> int:
    """What the living subsidy rests on: dibao first, then a group the place takes in besides."""
    if on_dibao == 1:
        return 1
    if disability_living_reach == 2:
        return 2 if in_low_income_population == 1 else 0
    if disability_living_reach == 3:
        return 3 if on_poverty_list == 1 and registration == RURAL else 0
    return 0


@must_be(at_least=1)
@person(source="disability-opinions-2015 living")
def disability_living_in_hardship(disability_living_ground: int) -> int:
    """The living subsidy is for members of a household on dibao, or of a group taken in besides."""
    return 0 if disability_living_ground == 0 else 1


@must_be(at_least=1)
@person(source="disability-opinions-2015 not with tekun")
def disability_living_without_tekun(disability_living_with_tekun: int, on_tekun: int) -> int:
    """The living subsidy is not paid beside tekun, unless the place allows both."""
    return 1 if disability_living_with_tekun == 1 or on_tekun == 0 else 0


@award
@person(source="disability-opinions-2015 living")
def disability_living_award_fen_monthly(
    disability_living_ground: int,
    disability_living_rate_fen_monthly: int,
    disability_living_listed_rate_fen_monthly: int,
) -> int:
    """What the living subsidy pays this month: the rate of the group the person stands in."""
    if disability_living_ground == 3:
        return disability_living_listed_rate_fen_monthly
    return disability_living_rate_fen_monthly
