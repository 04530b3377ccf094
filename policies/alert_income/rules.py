"""Income 收入高于低保标准: the lists say a household on dibao receives the standard or more."""

from policies.arithmetic import MONTHS_A_YEAR, Table
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="dibao-measures-2021 difference")
def alert_income_on_dibao(on_dibao: int) -> int:
    """The warning of income is about a household on dibao."""
    return on_dibao


@household(source="arithmetic")
def alert_income_standard_fen_yearly(
    dibao_household_standard_fen: int, dibao_standard_is_yearly: Table, registration: int
) -> int:
    """The standard of the whole household for a year, whatever stretch it is set for."""
    if dibao_standard_is_yearly[registration] == 1:
        return dibao_household_standard_fen
    return dibao_household_standard_fen * MONTHS_A_YEAR


@must_be(at_least=0)
@household(source="dibao-measures-2021 difference")
def alert_income_above_fen_yearly(
    sum_of_listed_income_fen_monthly: int, alert_income_standard_fen_yearly: int
) -> int:
    """How far the income on the lists lies above the standard in a year."""
    return sum_of_listed_income_fen_monthly * MONTHS_A_YEAR - alert_income_standard_fen_yearly


@award
@household(source="guangxi-low-income-plan six months")
def alert_income_raised(alert_income_above_fen_yearly: int) -> int:
    """Somebody has to look at what this household lives on."""
    return 1 if alert_income_above_fen_yearly >= 0 else 0
