"""Dibao for one person alone 单人户低保: one member of a household just above dibao."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table, month_of, part_of, round_up
from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@person(source="gansu-city-opinions SP-01")
def single_person_decided(on_single_person: int) -> int:
    """The county has confirmed this person for dibao alone."""
    return on_single_person


@must_be(at_least=1)
@person(source="dibao-measures-2021 who may apply alone")
def single_person_in_this_place(single_person_allowed: int) -> int:
    """The place takes people into dibao alone."""
    return single_person_allowed


@must_be(at_least=1)
@person(source="dibao-measures-2021 end")
def single_person_in_life(payable_in_life: int) -> int:
    """Dibao alone is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=1)
@person(source="gansu-city-opinions SP-01")
def single_person_outside_others(on_dibao: int, on_tekun: int) -> int:
    """Nobody draws dibao alone beside a household's dibao or beside tekun."""
    return 0 if on_dibao == 1 or on_tekun == 1 else 1


@person(source="gansu-city-opinions SP-03")
def single_person_fade_out_month(single_person_left_on: int, month_index: int) -> int:
    """Which month of the fade-out this is; none while the ground stands."""
    if single_person_left_on == NOT_APPLICABLE:
        return 0
    return max(month_index - month_of(single_person_left_on), 0)


@must_be(at_least=1)
@person(source="gansu-city-opinions SP-03")
def single_person_fade_out_left_months(
    single_person_fade_out_month: int, dibao_fade_out_months: int
) -> int:
    """How many months of the fade-out are left, this one among them, once it has begun."""
    if single_person_fade_out_month == 0:
        return 1
    return dibao_fade_out_months - single_person_fade_out_month + 1


@must_be(at_least=1)
@person(source="gansu-city-opinions SP-01 SP-02 SP-03")
def single_person_ground(
    single_person_fade_out_month: int,
    single_person_from_register: int,
    severely_disabled: int,
    seriously_ill: int,
) -> int:
    """Why this person is on dibao alone."""
    if single_person_fade_out_month > 0:
        return 4
    if single_person_from_register == 1:
        return 3
    if severely_disabled == 1:
        return 1
    return 2 if seriously_ill == 1 else 0


@must_be(at_least=1)
@person(source="gansu-city-opinions SP-01 SP-03")
def single_person_household_low_income(
    single_person_ground: int, on_edge: int, in_low_income_population: int
) -> int:
    """The household is just above dibao; for the register of the poor any low-income group does."""
    if single_person_ground == 4:
        return 1
    return in_low_income_population if single_person_ground == 3 else on_edge


@household(source="dibao-measures-2021 members living together")
def single_person_household_members(sum_of_counts_for_dibao: int) -> int:
    """The members among whom a household's income is shared for the one who is on dibao alone."""
    return max(sum_of_counts_for_dibao, 1)


@person(source="gansu-city-opinions SP-01")
def single_person_income_fen(
    single_person_income: int,
    dibao_standard_is_yearly: Table,
    registration: int,
    own_income_fen_monthly: int,
    assessed_income_fen_yearly: int,
    assessed_income_fen_monthly: int,
    single_person_household_members: int,
) -> int:
    """The income of one, over the month or the year that the standard is for."""
    if dibao_standard_is_yearly[registration] == 1:
        if single_person_income == 1:
            return own_income_fen_monthly * MONTHS_A_YEAR
        return assessed_income_fen_yearly // single_person_household_members
    if single_person_income == 1:
        return own_income_fen_monthly
    return assessed_income_fen_monthly // single_person_household_members


@must_be(more_than=0)
@person(source="gansu-city-opinions SP-01")
def single_person_gap_fen(
    single_person_ground: int,
    single_person_last_paid_fen_monthly: int,
    dibao_standard_fen: int,
    single_person_income_fen: int,
) -> int:
    """How far the income of one lies below the standard; in a fade-out the last sum stands."""
    if single_person_ground == 4:
        return single_person_last_paid_fen_monthly
    return dibao_standard_fen - single_person_income_fen


@person(source="feixi-park-plan DB-06")
def single_person_topup_fen(
    single_person_gap_fen: int,
    dibao_standard_is_yearly: Table,
    registration: int,
    dibao_floor_per_head_fen_monthly: Table,
    dibao_floor_per_head_fen_yearly: Table,
) -> int:
    """The gap of one, or the floor a head where the gap is smaller."""
    if dibao_standard_is_yearly[registration] == 1:
        return max(single_person_gap_fen, dibao_floor_per_head_fen_yearly[registration])
    return max(single_person_gap_fen, dibao_floor_per_head_fen_monthly[registration])


@person(source="arithmetic parts of a year, the remainder in its last month")
def single_person_month_fen(
    single_person_topup_fen: int,
    dibao_standard_is_yearly: Table,
    registration: int,
    month_index: int,
) -> int:
    """The part of the top-up for one that falls on this month."""
    if dibao_standard_is_yearly[registration] == 0:
        return single_person_topup_fen
    return part_of(single_person_topup_fen, MONTHS_A_YEAR, month_index % MONTHS_A_YEAR + 1)


@award
@person(source="gansu-city-opinions SP-01")
def single_person_award_fen_monthly(
    single_person_ground: int,
    dibao_fade_out_tapers: int,
    dibao_fade_out_months: int,
    single_person_fade_out_left_months: int,
    single_person_last_paid_fen_monthly: int,
    single_person_month_fen: int,
    dibao_rounds_up_to_fen: int,
) -> int:
    """What dibao alone pays this month, rounded up; in a fade-out the last sum, or its part."""
    if single_person_ground != 4:
        return round_up(single_person_month_fen, dibao_rounds_up_to_fen)
    if dibao_fade_out_tapers == 0:
        return single_person_last_paid_fen_monthly
    left = single_person_last_paid_fen_monthly * single_person_fade_out_left_months
    return left // dibao_fade_out_months
