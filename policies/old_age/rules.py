"""Old-age allowance 高龄津贴: a sum by age band, each band with its own period."""

from policies.arithmetic import MONTHS_A_YEAR, Table, part_of
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="old-age-law-2018 decision")
def old_age_decided(on_old_age: int) -> int:
    """The county has granted this person the old-age allowance."""
    return on_old_age


@must_be(at_least=1)
@person(source="old-age-law-2018 end")
def old_age_in_life(payable_in_life: int) -> int:
    """The old-age allowance is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=0)
@person(source="old-age-law-2018 allowance from 80")
def old_age_reached_months(age_months: int, old_age_first_years: int) -> int:
    """How many months ago the person reached the first age band."""
    return age_months - old_age_first_years * MONTHS_A_YEAR


@person(source="old-age-law-2018 bands")
def old_age_band(age_years: int, old_age_second_years: int, old_age_third_years: int) -> int:
    """The age band the person stands in this month."""
    if age_years >= old_age_third_years:
        return 3
    return 2 if age_years >= old_age_second_years else 1


@person(source="arithmetic")
def old_age_month_of_period(
    month_index: int, old_age_period_months: Table, old_age_band: int
) -> int:
    """Which month of the band's period this is, counted from January."""
    return month_index % old_age_period_months[old_age_band] + 1


@award
@person(source="arithmetic parts of a year, the remainder in its last month")
def old_age_award_fen_monthly(
    old_age_sum_fen: Table,
    old_age_period_months: Table,
    old_age_band: int,
    old_age_month_of_period: int,
) -> int:
    """What the old-age allowance pays this month: the part of the band's sum that falls on it."""
    return part_of(
        old_age_sum_fen[old_age_band],
        old_age_period_months[old_age_band],
        old_age_month_of_period,
    )
