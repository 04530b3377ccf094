"""Dibao 最低生活保障: a household is topped up to the standard, or paid by its class."""

from policies.arithmetic import (
    MONTHS_A_YEAR,
    NOT_APPLICABLE,
    Table,
    days_of,
    month_of,
    part_of,
    round_up,
)
from policies.marks import award, explanation, household, must_be, person


@must_be(at_least=1)
@household(source="dibao-measures-2021 decision")
def dibao_decided(on_dibao: int) -> int:
    """The county has confirmed this household for dibao."""
    return on_dibao


@must_be(at_least=0)
@household(source="dibao-measures-2021 start of money")
def dibao_begun_months(
    dibao_reckons_start: int,
    dibao_confirmed_on: int,
    dibao_starts_after_months: int,
    month_index: int,
) -> int:
    """How many months ago dibao began: with the decision's month, or so many months after."""
    if dibao_reckons_start == 0:
        return 0
    return month_index - month_of(dibao_confirmed_on) - dibao_starts_after_months


@person(source="urban-employment-plan EM-13")
def accepts_work_for_dibao(
    dibao_asks_work_offers: int, able_to_work: int, work_offers_open: int
) -> int:
    """A member who can work has not refused too many suitable offers, where the place asks."""
    if dibao_asks_work_offers == 0 or able_to_work == 0:
        return 1
    return 1 if work_offers_open > 0 else 0


@person(source="tekun-opinions-2016")
def counts_for_dibao(
    payable_in_life: int,
    on_tekun: int,
    dibao_counts_tekun: int,
    accepts_work_for_dibao: int,
    dibao_asks_who_is_away: int,
    lives_in_household: int,
) -> int:
    """Each living member counts for dibao who is not on tekun, away, or refusing all work."""
    if payable_in_life == 0 or accepts_work_for_dibao == 0:
        return 0
    if on_tekun == 1 and dibao_counts_tekun == 0:
        return 0
    return 1 if dibao_asks_who_is_away == 0 else lives_in_household


@must_be(at_least=1)
@household(source="dibao-measures-2021 members living together")
def dibao_members(sum_of_counts_for_dibao: int) -> int:
    """The number of members dibao is reckoned for."""
    return sum_of_counts_for_dibao


@must_be(at_least=1)
@household(source="gansu-city-opinions DB-13")
def dibao_property_within_rules(
    dibao_asks_property: int,
    dibao_takes_reckoned_income: int,
    property_within_rules: int,
    means_property_within_rules: int,
) -> int:
    """The household's property is within the rules, as decided or as reckoned."""
    if dibao_asks_property == 0:
        return 1
    if dibao_takes_reckoned_income == 0:
        return property_within_rules
    return means_property_within_rules


@must_be(at_least=1)
@household(source="feixi-park-plan DB-05")
def dibao_minutes_stand(dibao_class: int, dibao_minutes_filed: int) -> int:
    """A sum that a committee has set has its minutes."""
    return dibao_minutes_filed if dibao_class == 2 else 1


@must_be(at_least=1)
@household(source="feixi-park-plan DB-05")
def dibao_sum_above_low_end(
    dibao_class: int,
    dibao_committee_fen: int,
    dibao_band_above_fen: int,
    dibao_band_reason_filed: int,
) -> int:
    """A sum that a committee has set lies above the low end, or has a written reason."""
    if dibao_class != 2:
        return 1
    if dibao_committee_fen > dibao_band_above_fen:
        return 1
    return dibao_band_reason_filed


@must_be(at_least=1)
@household(source="feixi-park-plan DB-05")
def dibao_sum_below_standard(
    dibao_class: int, dibao_committee_fen: int, dibao_standard_fen: int
) -> int:
    """A sum that a committee has set lies below the standard."""
    if dibao_class != 2:
        return 1
    return 1 if dibao_committee_fen < dibao_standard_fen else 0


@household(source="dibao-measures-2021 standard")
def dibao_standard_fen(
    dibao_standard_is_yearly: Table,
    registration: int,
    dibao_standard_fen_monthly: Table,
    dibao_standard_fen_yearly: Table,
) -> int:
    """The standard a head for this kind of registration, by the month or by the year."""
    if dibao_standard_is_yearly[registration] == 1:
        return dibao_standard_fen_yearly[registration]
    return dibao_standard_fen_monthly[registration]


@household(source="dibao-measures-2021 standard")
def dibao_household_standard_fen(dibao_standard_fen: int, dibao_members: int) -> int:
    """The standard for every member who counts."""
    return dibao_standard_fen * dibao_members


@household(source="dibao-measures-2021 income")
def dibao_reckoned_income_fen_yearly(
    dibao_deducts_rigid_spending: int,
    means_income_fen_yearly: int,
    means_net_income_fen_yearly: int,
) -> int:
    """The year's income as reckoned, unavoidable spending deducted where the place says so."""
    if dibao_deducts_rigid_spending == 1:
        return means_net_income_fen_yearly
    return means_income_fen_yearly


@household(source="dibao-measures-2021 income")
def dibao_income_fen(
    dibao_class: int,
    dibao_takes_reckoned_income: int,
    dibao_standard_is_yearly: Table,
    registration: int,
    income_fen_monthly: int,
    income_fen_yearly: int,
    dibao_reckoned_income_fen_yearly: int,
) -> int:
    """The household's income over the standard's month or year; none is asked of class 1."""
    if dibao_class == 1:
        return 0
    if dibao_takes_reckoned_income == 1:
        if dibao_standard_is_yearly[registration] == 1:
            return dibao_reckoned_income_fen_yearly
        return dibao_reckoned_income_fen_yearly // MONTHS_A_YEAR
    if dibao_standard_is_yearly[registration] == 1:
        return income_fen_yearly
    return income_fen_monthly


@must_be(more_than=0)
@household(source="dibao-measures-2021 difference")
def dibao_gap_fen(dibao_household_standard_fen: int, dibao_income_fen: int) -> int:
    """How far the household's income lies below the standard for its members."""
    return dibao_household_standard_fen - dibao_income_fen


@household(source="feixi-park-plan DB-06")
def dibao_floor_fen(
    dibao_standard_is_yearly: Table,
    registration: int,
    dibao_floor_per_head_fen_monthly: Table,
    dibao_floor_per_head_fen_yearly: Table,
    dibao_members: int,
) -> int:
    """The least that is paid to a household that qualifies, for every member who counts."""
    if dibao_standard_is_yearly[registration] == 1:
        return dibao_floor_per_head_fen_yearly[registration] * dibao_members
    return dibao_floor_per_head_fen_monthly[registration] * dibao_members


@household(source="feixi-park-plan DB-05 DB-06")
def dibao_topup_fen(
    dibao_class: int,
    dibao_committee_fen: int,
    dibao_members: int,
    dibao_gap_fen: int,
    dibao_floor_fen: int,
) -> int:
    """The gap, or the floor where the gap is smaller; for class 2 what the committee has set."""
    if dibao_class == 2:
        return dibao_committee_fen * dibao_members
    return max(dibao_gap_fen, dibao_floor_fen)


@household(source="practice classed extra and uplift")
def dibao_owed_fen(
    dibao_topup_fen: int,
    sum_of_dibao_extra_fen: int,
    dibao_uplift_per_head_fen: int,
    dibao_members: int,
) -> int:
    """The top-up with the extra for some members and the uplift for each."""
    return dibao_topup_fen + sum_of_dibao_extra_fen + dibao_uplift_per_head_fen * dibao_members


@household(source="feixi-park-plan DB-08")
def dibao_quarter_fen(
    dibao_owed_fen: int, dibao_standard_is_yearly: Table, registration: int, month_index: int
) -> int:
    """What is owed for this quarter: a part of the year, or three months."""
    if dibao_standard_is_yearly[registration] == 0:
        return 3 * dibao_owed_fen
    return part_of(dibao_owed_fen, 4, month_index % MONTHS_A_YEAR // 3 + 1)


@household(source="arithmetic parts of a year, the remainder in its last month")
def dibao_month_fen(
    dibao_owed_fen: int,
    dibao_standard_is_yearly: Table,
    registration: int,
    dibao_pays_by_quarter: int,
    dibao_quarter_fen: int,
    month_index: int,
) -> int:
    """The part of what is owed that falls on this month."""
    if dibao_standard_is_yearly[registration] == 0:
        return dibao_owed_fen
    if dibao_pays_by_quarter == 1:
        return part_of(dibao_quarter_fen, 3, month_index % 3 + 1)
    return part_of(dibao_owed_fen, MONTHS_A_YEAR, month_index % MONTHS_A_YEAR + 1)


@household(source="feixi-park-plan DB-08")
def dibao_first_month_cut_fen(
    dibao_first_month_by_day: int,
    dibao_reckons_start: int,
    dibao_starts_after_months: int,
    dibao_confirmed_on: int,
    dibao_pays_by_quarter: int,
    dibao_quarter_fen: int,
    dibao_month_fen: int,
) -> int:
    """What the first month loses for the days before the approval, where days are counted."""
    if dibao_first_month_by_day == 0 or dibao_reckons_start == 0:
        return 0
    if dibao_starts_after_months > 0:
        return 0
    part = dibao_quarter_fen // 3 if dibao_pays_by_quarter == 1 else dibao_month_fen
    return part * (dibao_confirmed_on % 100 - 1) // days_of(month_of(dibao_confirmed_on))


@household(source="feixi-park-plan DB-08")
def dibao_quarter_so_far_fen(
    dibao_quarter_fen: int, dibao_begun_months: int, dibao_reckons_start: int, month_index: int
) -> int:
    """What the months of this quarter come to, up to this one, since dibao began."""
    even = dibao_quarter_fen // 3
    so_far = dibao_quarter_fen if month_index % 3 == 2 else even * (month_index % 3 + 1)
    if dibao_reckons_start == 0:
        return so_far
    return so_far - even * max(month_index % 3 - dibao_begun_months, 0)


@household(source="feixi-park-plan DB-08")
def dibao_quarter_is_paid(month_index: int, dibao_ends_on: int) -> int:
    """A quarter is paid with its last month, or with the last month that dibao is granted for."""
    if dibao_ends_on == NOT_APPLICABLE:
        return 1 if month_index % 3 == 2 else 0
    if month_index == month_of(dibao_ends_on):
        return 1
    return 1 if month_index % 3 == 2 and month_index < month_of(dibao_ends_on) else 0


@household(source="feixi-park-plan DB-08")
def dibao_due_fen(
    dibao_pays_by_quarter: int,
    dibao_month_fen: int,
    dibao_begun_months: int,
    dibao_first_month_cut_fen: int,
    dibao_quarter_is_paid: int,
    dibao_quarter_so_far_fen: int,
    month_index: int,
) -> int:
    """What falls due: the month's part, or at the end of a quarter what the quarter came to."""
    if dibao_pays_by_quarter == 0:
        return dibao_month_fen - (dibao_first_month_cut_fen if dibao_begun_months == 0 else 0)
    if dibao_quarter_is_paid == 0:
        return 0
    if dibao_begun_months > month_index % 3:
        return dibao_quarter_so_far_fen
    return dibao_quarter_so_far_fen - dibao_first_month_cut_fen


@award
@household(source="practice rounding")
def dibao_award_fen_monthly(dibao_due_fen: int, dibao_rounds_up_to_fen: int) -> int:
    """What dibao pays this month, rounded up to the step of the place."""
    return round_up(max(dibao_due_fen, 0), dibao_rounds_up_to_fen)


@explanation
@household(source="arithmetic")
def dibao_income_per_head_fen(dibao_income_fen: int, dibao_members: int) -> int:
    """The household's income shared among the members who count, the part of a fen left out."""
    return dibao_income_fen // dibao_members


@explanation
@household(source="arithmetic")
def dibao_gap_per_head_fen(dibao_standard_fen: int, dibao_income_per_head_fen: int) -> int:
    """How far income a head lies below the standard a head."""
    return dibao_standard_fen - dibao_income_per_head_fen
