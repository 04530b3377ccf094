"""Fade-out of dibao 低保渐退: for some months after income rose above the standard."""

from policies.arithmetic import NOT_APPLICABLE, month_of
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="guangxi-low-income-plan LE-05")
def dibao_fade_out_decided(dibao_above_standard_on: int) -> int:
    """The county has found that this household rose above the standard of dibao."""
    return 0 if dibao_above_standard_on == NOT_APPLICABLE else 1


@must_be(at_least=1)
@household(source="guangxi-low-income-plan LE-05")
def dibao_fade_out_is_off_dibao(on_dibao: int) -> int:
    """A fade-out ends when the household is on dibao again."""
    return 1 - on_dibao


@must_be(at_least=1)
@household(source="guangxi-low-income-plan LE-05")
def dibao_fade_out_members(sum_of_payable_in_life: int) -> int:
    """Somebody of the household is living, in a fade-out as in dibao."""
    return sum_of_payable_in_life


@must_be(at_least=1)
@household(source="guangxi-low-income-plan LE-05")
def dibao_fade_out_month(dibao_above_standard_on: int, month_index: int) -> int:
    """Which month of the fade-out this is, counted from the one after the finding."""
    if dibao_above_standard_on == NOT_APPLICABLE:
        return 0
    return month_index - month_of(dibao_above_standard_on)


@must_be(at_least=1)
@household(source="guangxi-low-income-plan LE-05")
def dibao_fade_out_months_left(dibao_fade_out_months: int, dibao_fade_out_month: int) -> int:
    """How many months of the fade-out are left, this one among them."""
    return dibao_fade_out_months - dibao_fade_out_month + 1


@award
@household(source="guangxi-low-income-plan LE-05")
def dibao_fade_out_award_fen_monthly(
    dibao_fade_out_tapers: int,
    dibao_last_paid_fen_monthly: int,
    dibao_fade_out_months: int,
    dibao_fade_out_months_left: int,
) -> int:
    """The last month's dibao, kept, or less by an equal part each month after the first."""
    if dibao_fade_out_tapers == 0:
        return dibao_last_paid_fen_monthly
    return dibao_last_paid_fen_monthly * dibao_fade_out_months_left // dibao_fade_out_months
