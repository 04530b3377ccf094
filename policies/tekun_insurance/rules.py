"""Insurance for tekun at home 特困综合保险: a premium a year, paid to an insurer."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="gansu-city-opinions TK-11 IN-09")
def tekun_insurance_decided(on_tekun: int) -> int:
    """The insurance is for people on tekun."""
    return on_tekun


@must_be(at_least=1)
@person(source="gansu-city-opinions TK-11 IN-09")
def tekun_insurance_at_home(care_mode: int) -> int:
    """The insurance is for tekun at home, as a home insures those who live in it."""
    if care_mode == NOT_APPLICABLE:
        return 0
    return 1 if care_mode == 1 else 0


@must_be(at_least=1)
@person(source="practice month of death")
def tekun_insurance_in_life(payable_in_life: int) -> int:
    """Nobody is insured after the last payable month of a life."""
    return payable_in_life


@must_be(at_least=1)
@person(source="gansu-city-opinions IN-09")
def tekun_insurance_wanted(tekun_insured_this_year: int) -> int:
    """A year is insured once."""
    return 0 if tekun_insured_this_year == 1 else 1


@award
@person(source="gansu-city-opinions IN-09")
def tekun_insurance_award_fen(tekun_insurance_premium_fen_yearly: int) -> int:
    """What is paid to the insurer for this person on tekun at home."""
    return tekun_insurance_premium_fen_yearly
