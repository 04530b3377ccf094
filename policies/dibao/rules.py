"""Dibao 最低生活保障: a household is topped up to the standard, with a floor."""

from policies.arithmetic import Table, round_up
from policies.marks import award, explanation, household, must_be, person


@must_be(at_least=1)
@household(source="dibao-measures-2021 decision")
def dibao_decided(on_dibao: int) -> int:
    """The county has confirmed this household for dibao."""
    return on_dibao


@person(source="tekun-opinions-2016")
def counts_for_dibao(payable_in_life: int, on_tekun: int, dibao_counts_tekun: int) -> int:
    """Each living member counts for dibao, but not one whom tekun keeps."""
    if payable_in_life == 0:
        return 0
    return 1 if on_tekun == 0 or dibao_counts_tekun == 1 else 0


@must_be(at_least=1)
@household(source="dibao-measures-2021 members living together")
def dibao_members(sum_of_counts_for_dibao: int) -> int:
    """The number of members dibao is reckoned for."""
    return sum_of_counts_for_dibao


@household(source="dibao-measures-2021 standard")
def dibao_household_standard_fen_monthly(
    dibao_standard_fen_monthly: Table, registration: int, dibao_members: int
) -> int:
    """The standard for this kind of registration, for every member who counts."""
    return dibao_standard_fen_monthly[registration] * dibao_members


@must_be(more_than=0)
@household(source="dibao-measures-2021 difference")
def dibao_gap_fen_monthly(
    dibao_household_standard_fen_monthly: int, income_fen_monthly: int
) -> int:
    """How far the household's income lies below the standard for its members."""
    return dibao_household_standard_fen_monthly - income_fen_monthly


@household(source="feixi-park-plan DB-06")
def dibao_floor_fen_monthly(
    dibao_floor_per_head_fen_monthly: Table, registration: int, dibao_members: int
) -> int:
    """The least that is paid to a household that qualifies, for every member who counts."""
    return dibao_floor_per_head_fen_monthly[registration] * dibao_members


@household(source="feixi-park-plan DB-06")
def dibao_topup_fen_monthly(dibao_gap_fen_monthly: int, dibao_floor_fen_monthly: int) -> int:
    """The gap, or the floor where the gap is smaller."""
    return max(dibao_gap_fen_monthly, dibao_floor_fen_monthly)


@award
@household(source="practice rounding")
def dibao_award_fen_monthly(dibao_topup_fen_monthly: int, dibao_rounds_up_to_fen: int) -> int:
    """What dibao pays this month, rounded up to the step of the place."""
    return round_up(dibao_topup_fen_monthly, dibao_rounds_up_to_fen)


@explanation
@household(source="arithmetic")
def dibao_income_per_head_fen_monthly(income_fen_monthly: int, dibao_members: int) -> int:
    """The household's income shared among the members who count, the part of a fen left out."""
    return income_fen_monthly // dibao_members


@explanation
@household(source="arithmetic")
def dibao_gap_per_head_fen_monthly(
    dibao_standard_fen_monthly: Table, registration: int, dibao_income_per_head_fen_monthly: int
) -> int:
    """How far income a head lies below the standard a head."""
    return dibao_standard_fen_monthly[registration] - dibao_income_per_head_fen_monthly
