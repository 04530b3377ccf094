"""Dividend under a contract 产业分红: an enterprise's payments to a poor household, in parts."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, month_of, part_of
from policies.marks import award, explanation, household, must_be


@must_be(at_least=1)
@household(source="village-2019-plan PK-03")
def dividend_listed(on_poverty_list: int) -> int:
    """Dividends under a contract are for households on the register of the poor."""
    return on_poverty_list


@must_be(at_least=1)
@household(source="village-2019-plan PK-03")
def dividend_contract_in_force(dividend_from: int, dividend_until: int, month_index: int) -> int:
    """A contract with an enterprise is in force in this month, its last month included."""
    if dividend_from == NOT_APPLICABLE:
        return 0
    if month_of(dividend_from) > month_index:
        return 0
    if dividend_until == NOT_APPLICABLE:
        return 1
    return 1 if month_index <= month_of(dividend_until) else 0


@household(source="arithmetic")
def dividend_month_of_year(dividend_from: int, month_index: int) -> int:
    """Which month of the contract's year this is, counted from the month it began in."""
    if dividend_from == NOT_APPLICABLE:
        return 0
    return (month_index - month_of(dividend_from)) % MONTHS_A_YEAR + 1


@household(source="arithmetic")
def dividend_parts_fallen_due(dividend_month_of_year: int, dividend_parts: int) -> int:
    """How many parts of the dividend have fallen due in the contract's year, this month's too."""
    return dividend_month_of_year * dividend_parts // MONTHS_A_YEAR


@must_be(at_least=1)
@household(source="village-2019-plan PK-03")
def dividend_due(
    dividend_month_of_year: int, dividend_parts: int, dividend_parts_fallen_due: int
) -> int:
    """A part of the dividend falls due in the last month of its stretch of the year."""
    before = (dividend_month_of_year - 1) * dividend_parts // MONTHS_A_YEAR
    return dividend_parts_fallen_due - before


@award
@household(source="arithmetic parts of a year, the remainder in its last month")
def dividend_award_fen(
    dividend_fen_yearly: int, dividend_parts: int, dividend_parts_fallen_due: int
) -> int:
    """The part of the year's dividend that is paid now."""
    return part_of(dividend_fen_yearly, dividend_parts, dividend_parts_fallen_due)


@explanation
@household(source="practice a setting of the place")
def dividend_income_fen_monthly(dividend_counts_as_income: int, dividend_fen_yearly: int) -> int:
    """How much of the dividend is income a month, where the place counts it."""
    return dividend_fen_yearly // MONTHS_A_YEAR if dividend_counts_as_income == 1 else 0
